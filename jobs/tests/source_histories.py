"""Random histories of a source table, with what DMS would write of them."""

from __future__ import annotations

import random
from typing import Optional

from changes_reference import Change

LOADS = (0, 1_000, 2_000)
"""Seconds at which full loads begin."""

_KEYS = 5
_STEPS = 10


class Source:
    """A table of a source database: its rows, and the changes that DMS reads from its log."""

    def __init__(self) -> None:
        self.rows: dict[int, Optional[str]] = {}
        self.changes: list[Change] = []
        self._time = 0
        self._sequence = 0

    def put(self, key: int, value: str) -> None:
        self._log("U" if key in self.rows else "I", key, value, key if key in self.rows else None)
        self.rows[key] = value

    def move(self, old: int, new: int, value: str) -> None:
        """An update of the key itself, to one that is free."""
        del self.rows[old]
        self.rows[new] = value
        self._log("U", new, value, old)

    def delete(self, key: int) -> None:
        del self.rows[key]
        self._log("D", key, None, None)

    def unseen(self, key: int, value: Optional[str]) -> None:
        """What happens while no task reads the log: only a reload tells of it."""
        if value is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = value

    def load(self, began: int) -> None:
        """A full load of all rows."""
        self._time = began
        self.changes += [Change("I", key, value, self._time) for key, value in self.rows.items()]

    def pass_time(self) -> None:
        """The next change is of a later commit; those in between share one commit time."""
        self._time += 1

    def _log(self, op: str, key: int, value: Optional[str], before: Optional[int]) -> None:
        self._sequence += 1
        self.changes.append(Change(op, key, value, self._time, self._sequence, before))


def history(chance: random.Random) -> tuple[list[Change], dict[int, Optional[str]]]:
    """What DMS writes of a random history, and the rows that the source has at its end.

    Full loads begin at the same times in all histories, so that several can be key spaces of one table.
    """
    source = Source()
    for began in LOADS:
        # Between a task's end and the load that makes good for it, nobody reads the log.
        for _ in range(chance.randrange(_KEYS)):
            source.unseen(chance.randrange(_KEYS), chance.choice([None, f"unseen{began}"]))
        # A load of no rows writes no file: nobody can see it.
        source.unseen(_KEYS, "always")
        source.load(began)
        for step in range(chance.randrange(_STEPS)):
            _step(source, chance, f"v{began + step}")
    # A load is whole once a change follows it, and a source that lives always has one to tell of.
    source.pass_time()
    source.put(_KEYS, "last")
    return source.changes, source.rows


def _step(source: Source, chance: random.Random, value: str) -> None:
    if chance.random() < 0.5:
        source.pass_time()
    key = chance.randrange(_KEYS)
    free = [each for each in range(_KEYS) if each not in source.rows]
    kind = chance.random()
    if kind < 0.2 and key in source.rows and free:
        source.move(key, chance.choice(free), value)
    elif kind < 0.45 and key in source.rows:
        source.delete(key)
    else:
        source.put(key, value)
