"""The manifest protocol: which files make which batch, decided once and never again.

`<dataset>__batches/<epoch>/000001.json` names the files of batch 1 and is only ever created; `000001.result.json`
beside it says that the batch is done. Between the two lies one Delta commit that carries the epoch and the number, so a
run that died anywhere is run again with the same files and takes effect once. An epoch is one life of one table.

A stream that is read directly has a batch for each of its own batches, and others for what the archive has besides.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, Collection, Iterator, Optional, Sequence

from basin_jobs.batches.counts import Counts
from basin_jobs.batches.hours import HourRange
from basin_jobs.batches.manifest import Manifest, Position
from basin_jobs.errors import InputError
from basin_jobs.storage import Storage, StoredFile


class BatchLog:
    """The manifests and results of one epoch of one dataset."""

    def __init__(self, storage: Storage, folder: str, dataset: str, epoch: str) -> None:
        """Lists the folder once; a second writer shows when a manifest is created."""
        self.epoch = epoch
        self._storage = storage
        self._root = folder
        self._folder = f"{folder}/{epoch}"
        self._identity: dict[str, Any] = {"version": 1, "dataset": dataset, "epoch": epoch}
        # A record that was being written anew when its run died is beside it, on a disk.
        names = [name for name in storage.names(self._folder) if not name.endswith(".partial")]
        self._finished = {_number(name) for name in names if name.endswith(".result.json")}
        self._numbers = sorted(_number(name) for name in names if not name.endswith(".result.json"))
        self._last: Optional[Manifest] = None
        self._of_raw: set[int] = set()  # which need not be read again to know that they stay

    def pending(self) -> list[Manifest]:
        """Batches that were begun and not finished, oldest first."""
        unfinished = [number for number in self._numbers if number not in self._finished]
        return [replace(self.manifest(number), rerun=True) for number in unfinished]

    def newest_first(self) -> Iterator[Manifest]:
        """All batches, and then those of the epoch that this one goes on from."""
        for number in self._numbers[::-1]:
            yield self.manifest(number)
        earlier = self._earlier()
        if earlier is not None:
            yield from earlier.newest_first()

    def newest_of_raw(self) -> Iterator[Manifest]:
        """Likewise, but only batches that read raw: however many of a stream's lie in between, they are jumped over."""
        number = self.last().raw
        while number in self._numbers:
            manifest = self.manifest(number)
            yield manifest
            number = manifest.raw_before
        earlier = self._earlier()
        if earlier is not None:
            yield from earlier.newest_of_raw()

    def manifest(self, number: int) -> Manifest:
        """The batch of that number.

        Raises:
            InputError: the file is not this table's manifest.
        """
        return Manifest.from_json(self._read(self._path(number)))

    def has_read_on(self, moment: datetime) -> bool:
        """Whether some batch that reads raw was begun on that day, in UTC."""
        number = self.last().raw
        if number not in self._numbers:
            return False
        day = moment.astimezone(timezone.utc).strftime("%Y-%m-%d")
        return str(self._read(self._path(number)).get("createdAt", "")).startswith(day)

    def last(self) -> Manifest:
        """The newest batch; one without files or hours where there is none yet."""
        if self._last is None and self._numbers:
            self._last = self.manifest(self._numbers[-1])
        return self._last or Manifest(0, (), ())

    def begin(
        self,
        files: Sequence[StoredFile],
        covered: Sequence[HourRange],
        unfinished: Optional[str] = None,
        first: Optional[str] = None,
        received: Sequence[str] = (),
    ) -> Manifest:
        """Decides the next batch, of files in raw; `first` is the batch's before it, unless reading begins here.

        Raises:
            InputError: another run has just begun a batch of the same number.
        """
        batch, before = self._next(files), self.last().raw
        batch = replace(batch, covered=tuple(covered), unfinished=unfinished, first=first, received=tuple(received))
        return self._begin(replace(batch, raw=batch.number, raw_before=before))

    def begin_received(self, files: Sequence[StoredFile], arrived: tuple[int, int], position: Position) -> Manifest:
        """Decides the next batch, of files that were received from a stream.

        Raises:
            InputError: another run has just begun a batch of the same number.
        """
        return self._begin(replace(self._next(files), arrived=arrived, position=position))

    def begin_without_files(self) -> Manifest:
        """Decides a batch that reads nothing: it accounts for what is done to rows that are there."""
        return self._begin(self._next(()))

    def following(self, epoch: str) -> BatchLog:
        """The log of a new epoch that goes on where this one ends, its first batch begun: one without files."""
        log = BatchLog(self._storage, self._root, self._identity["dataset"], epoch)
        log._begin(replace(self._next(()), continues=self.epoch))
        return log

    def _next(self, files: Sequence[StoredFile]) -> Manifest:
        last = self.last()
        return replace(last, number=last.number + 1, files=tuple(files), rerun=False, arrived=None, received=())

    def _begin(self, batch: Manifest) -> Manifest:
        run = uuid.uuid4().hex
        record = {**self._identity, "run": run, "createdAt": _now(), **batch.to_json()}
        path = self._path(batch.number)
        created = self._storage.create(path, json.dumps(record, indent=1))
        # Read back: an S3 connector without conditional writes lets two writers through, and one of them wins.
        if not created or self._read(path).get("run") != run:
            raise InputError(
                f"another run has begun batch {batch.number} just now ({path}); let it finish, then run again"
            )
        self._numbers.append(batch.number)
        self._last = batch
        return batch

    def _earlier(self) -> Optional[BatchLog]:
        """The log of the epoch that this one goes on from."""
        epoch = self.last().continues
        if epoch is None:
            return None
        log = BatchLog(self._storage, self._root, self._identity["dataset"], epoch)
        # A run that had not noticed may have begun another one: its files are in no table.
        log._numbers = [number for number in log._numbers if number < self._numbers[0]]
        return log

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

    def received_before(self, moment: int) -> list[Manifest]:
        """Finished batches of a stream all of whose records arrived before a time in milliseconds since 1970."""
        older: list[Manifest] = []
        for number in self._numbers[:-1]:
            if number in self._of_raw or number not in self._finished:
                continue
            batch = self.manifest(number)
            if batch.arrived is None:
                self._of_raw.add(number)
            elif batch.arrived[1] >= moment:
                break
            else:
                older.append(batch)
        return older

    def forget(self, batch: Manifest) -> None:
        """Removes the record of a finished batch of a stream: they come by the thousand, and their files are gone."""
        # In this order: a batch without its result would be taken for one that is not finished.
        for kind in ("", ".result"):
            self._storage.remove(self._path(batch.number, kind))
        self._numbers.remove(batch.number)

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
