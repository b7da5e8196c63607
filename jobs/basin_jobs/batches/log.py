"""The manifest protocol: which files make which batch, decided once and never again.

`<dataset>__batches/<epoch>/000001.json` names the files of batch 1 and is only ever created; `000001.result.json`
beside it says that the batch is done. Between the two lies one Delta commit that carries the epoch and the number, so a
run that died anywhere is run again with the same files and takes effect once. An epoch is one life of one table.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Collection, Optional, Sequence

from basin_jobs.batches.counts import Counts
from basin_jobs.batches.hours import HourRange
from basin_jobs.errors import InputError
from basin_jobs.storage import Storage, StoredFile


@dataclass(frozen=True)
class Manifest:
    """One batch: its files, every arrival hour read by now, and the hour of which it left files to the next batch.

    Of hours before `first`, where there is one, this epoch reads nothing: a replay from a time on left them out.
    """

    number: int
    files: tuple[StoredFile, ...]
    covered: tuple[HourRange, ...]
    unfinished: Optional[str] = None
    rerun: bool = False
    first: Optional[str] = None


class BatchLog:
    """The manifests and results of one epoch of one dataset."""

    def __init__(self, storage: Storage, folder: str, dataset: str, epoch: str) -> None:
        """Lists the folder once; a second writer shows when a manifest is created."""
        self.epoch = epoch
        self._storage = storage
        self._folder = f"{folder}/{epoch}"
        self._identity = {"version": 1, "dataset": dataset, "epoch": epoch}
        # A record that was being written anew when its run died is beside it, on a disk.
        names = [name for name in storage.names(self._folder) if not name.endswith(".partial")]
        self._finished = {_number(name) for name in names if name.endswith(".result.json")}
        self._numbers = sorted(_number(name) for name in names if not name.endswith(".result.json"))

    def pending(self) -> list[Manifest]:
        """Batches that were begun and not finished, oldest first."""
        unfinished = [number for number in self._numbers if number not in self._finished]
        return [replace(self.manifest(number), rerun=True) for number in unfinished]

    def newest_first(self) -> list[int]:
        """Numbers of all batches."""
        return self._numbers[::-1]

    def manifest(self, number: int) -> Manifest:
        """The batch of that number.

        Raises:
            InputError: the file is not this table's manifest.
        """
        path = self._path(number)
        record = self._read(path)
        files = tuple(StoredFile(file["path"], file["bytes"], file["modified"]) for file in record["files"])
        covered = tuple((first, last) for first, last in record["covered"])
        return Manifest(number, files, covered, record.get("unfinished"), first=record.get("first"))

    def has_begun_on(self, moment: datetime) -> bool:
        """Whether some batch was begun on that day, in UTC."""
        if not self._numbers:
            return False
        day = moment.astimezone(timezone.utc).strftime("%Y-%m-%d")
        return str(self._read(self._path(self._numbers[-1])).get("createdAt", "")).startswith(day)

    def last(self) -> Manifest:
        """The newest batch; one without files or hours where there is none yet."""
        return self.manifest(self._numbers[-1]) if self._numbers else Manifest(0, (), ())

    def begin(
        self,
        files: Sequence[StoredFile],
        covered: Sequence[HourRange],
        unfinished: Optional[str] = None,
        first: Optional[str] = None,
    ) -> Manifest:
        """Decides the next batch; `first` is the batch's before it, unless this is where reading begins.

        Raises:
            InputError: another run has just begun a batch of the same number.
        """
        number = self._numbers[-1] + 1 if self._numbers else 1
        run = uuid.uuid4().hex
        record = {
            **self._identity,
            "number": number,
            "run": run,
            "createdAt": _now(),
            "covered": [list(hours) for hours in covered],
            "unfinished": unfinished,
            **({"first": first} if first else {}),
            "files": [vars(file) for file in files],
        }
        path = self._path(number)
        created = self._storage.create(path, json.dumps(record, indent=1))
        # Read back: an S3 connector without conditional writes lets two writers through, and one of them wins.
        if not created or self._read(path).get("run") != run:
            raise InputError(f"another run has begun batch {number} just now ({path}); let it finish, then run again")
        self._numbers.append(number)
        return Manifest(number, tuple(files), tuple(covered), unfinished, first=first)

    def begin_without_files(self) -> Manifest:
        """Decides a batch that reads nothing: it accounts for what is done to rows that are there."""
        last = self.last()
        return self.begin((), last.covered, last.unfinished, last.first)

    def finish(self, manifest: Manifest, counts: Counts, table_version: int) -> None:
        """Records that a batch is in the table. A record that is already there says the same, and stays."""
        total = self.total() + counts
        record = {
            **self._identity,
            "number": manifest.number,
            "finishedAt": _now(),
            "tableVersion": table_version,
            "counts": counts.to_json(),
            "total": total.to_json(),
        }
        self._storage.create(self._path(manifest.number, ".result"), json.dumps(record, indent=1))
        self._finished.add(manifest.number)

    def follow_files(self, paths: Collection[str]) -> None:
        """Brings the records of batches to the sizes and times of files that an erasure has written anew."""
        for number in self._numbers if paths else ():
            record = self._read(self._path(number))
            changed = [file for file in record["files"] if file["path"] in paths]
            for file in changed:
                status = self._storage.status(file["path"])
                file.update(bytes=status.bytes, modified=status.modified)
            if changed:
                self._storage.write_over(self._path(number), [json.dumps(record, indent=1).encode()])

    def total(self) -> Counts:
        """What all finished batches of the epoch counted together."""
        if not self._finished:
            return Counts()
        return Counts.from_json(self._read(self._path(max(self._finished), ".result"))["total"])

    def path(self, manifest: Manifest) -> str:
        """Where a manifest lies."""
        return self._path(manifest.number)

    def _path(self, number: int, kind: str = "") -> str:
        return f"{self._folder}/{number:06d}{kind}.json"

    def _read(self, path: str) -> dict[str, Any]:
        try:
            record: dict[str, Any] = json.loads(self._storage.read_text(path))
            found: dict[str, Any] = {key: record.get(key) for key in self._identity}
        except (ValueError, AttributeError):
            raise InputError(f"{path} is not a batch record: it is no JSON object") from None
        if found != self._identity:
            raise InputError(f"{path} belongs to another table: found {found}, expected {self._identity}")
        return record


def new_epoch(now: Optional[datetime] = None) -> str:
    """A name for one life of a table, such as `20261124T093000Z-1f2e3d4c`: sorts by time, never used twice."""
    moment = now or datetime.now(timezone.utc)
    return f"{moment.strftime('%Y%m%dT%H%M%SZ')}-{uuid.uuid4().hex[:8]}"


def _number(name: str) -> int:
    digits = name.split(".", 1)[0]
    if not digits.isdigit():
        raise InputError(f"{name} has no place among batch records")
    return int(digits)


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
