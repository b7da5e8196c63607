"""One batch as its record has it: which files make it, and what has been read before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

from basin_jobs.batches.hours import HourRange
from basin_jobs.storage import StoredFile


@dataclass(frozen=True)
class Position:
    """How far a stream that is read directly has been taken in: a batch of one checkpoint."""

    checkpoint: str
    batch: int


@dataclass(frozen=True)
class Manifest:
    """One batch: its files, every arrival hour read by now, and the hour of which it left files to the next batch.

    Of hours before `first`, where there is one, this epoch reads nothing: a replay from a time on left them out.
    `arrived` is there for files that were received from a stream and do not lie in raw: when their oldest and their
    newest record arrived, in milliseconds since 1970. Records that also lie in the folders `received` are left out.
    `raw` is the newest batch, up to this one, that reads raw, and `raw_before` the one before that; `continues` is the
    epoch that this one goes on from.
    """

    number: int
    files: tuple[StoredFile, ...]
    covered: tuple[HourRange, ...]
    unfinished: Optional[str] = None
    rerun: bool = False
    first: Optional[str] = None
    arrived: Optional[tuple[int, int]] = None
    received: tuple[str, ...] = ()
    position: Optional[Position] = None
    raw: int = 0
    raw_before: int = 0
    continues: Optional[str] = None

    @property
    def folders(self) -> set[str]:
        """Where its files lie."""
        return {file.path.rsplit("/", 1)[0] for file in self.files}

    def to_json(self) -> dict[str, Any]:
        """The record, without what tells whose it is."""
        optional = {
            "first": self.first,
            "arrived": self.arrived and list(self.arrived),
            "received": list(self.received),
            "position": self.position and vars(self.position),
            "continues": self.continues,
        }
        return {
            "number": self.number,
            "covered": [list(hours) for hours in self.covered],
            "unfinished": self.unfinished,
            **{name: value for name, value in optional.items() if value},
            "raw": self.raw,
            "rawBefore": self.raw_before,
            "files": [vars(file) for file in self.files],
        }

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> Manifest:
        """The inverse of `to_json`; also of records made before there were streams read directly."""
        arrived, position = record.get("arrived"), record.get("position")
        return Manifest(
            record["number"],
            tuple(StoredFile(file["path"], file["bytes"], file["modified"]) for file in record["files"]),
            tuple((first, last) for first, last in record["covered"]),
            record.get("unfinished"),
            first=record.get("first"),
            arrived=(arrived[0], arrived[1]) if arrived else None,
            received=tuple(record.get("received", ())),
            position=Position(**position) if position else None,
            raw=record.get("raw", record["number"]),
            raw_before=record.get("rawBefore", record["number"] - 1),
            continues=record.get("continues"),
        )
