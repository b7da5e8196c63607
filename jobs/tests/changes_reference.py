"""What a source's changes come to, in plain Python: the result that the job's is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Optional


@dataclass(frozen=True)
class Change:
    """One row that DMS writes. A full load's rows have no sequence, and the time at which their load began."""

    op: str
    key: int
    value: Optional[str]
    time: int
    sequence: Optional[int] = None
    before: Optional[int] = None

    @property
    def load(self) -> bool:
        return self.sequence is None

    @property
    def place(self) -> tuple[int, int]:
        return (self.time, -1 if self.sequence is None else self.sequence)


def outcome(changes: Iterable[Change]) -> dict[int, Optional[str]]:
    """Rows by key once all of the changes have come, in whatever order and however often."""
    seen = set(changes)
    last_change = max((change.place for change in seen if not change.load), default=None)
    loads = {change.place for change in seen if change.load}
    whole = max((load for load in loads if last_change is not None and load <= last_change), default=None)
    best: dict[int, tuple[tuple[int, int], bool, Optional[str]]] = {}

    def happened(key: int, place: tuple[int, int], deleted: bool, value: Optional[str]) -> None:
        if (whole is None or place >= whole) and (key not in best or place > best[key][0]):
            best[key] = (place, deleted, value)

    for change in seen:
        happened(change.key, change.place, change.op == "D", change.value)
        if change.op == "U" and change.before is not None and change.before != change.key:
            happened(change.before, change.place, True, None)
    return {key: value for key, (_, deleted, value) in best.items() if not deleted}
