"""How many rows went which way: rowsIn = rowsAccepted + rowsRejected + rowsSetAside, whatever happens."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Mapping


@dataclass(frozen=True)
class SetAside:
    """A file that was left out whole: `rows` is 0 where nobody could count them."""

    file: str
    reason: str
    rows: int = 0


@dataclass(frozen=True)
class Counts:
    """Rows of a run or of all runs; `superseded` are accepted rows that are not, or no longer, their key's row."""

    rows_in: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_superseded: int = 0
    rows_deleted: int = 0
    rows_set_aside: int = 0
    files_set_aside: tuple[SetAside, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def to_json(self) -> dict[str, Any]:
        """With the names of the report."""
        values = asdict(self)
        values["files_set_aside"] = [asdict(file) for file in self.files_set_aside]
        return {_camel(name): value for name, value in values.items()}

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Counts:
        """The inverse of `to_json`."""
        numbers = {each.name: values.get(_camel(each.name), 0) for each in fields(Counts)}
        numbers["files_set_aside"] = tuple(SetAside(**file) for file in values.get("filesSetAside", ()))
        return Counts(**numbers)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
