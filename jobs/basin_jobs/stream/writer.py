"""Takes a stream's batches into its table one by one, and between them what the archive has besides."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone
from typing import Callable, Optional

from pyspark.sql import DataFrame, SparkSession

from basin_jobs.batches.arrivals import Part, new_parts
from basin_jobs.batches.counts import Counts
from basin_jobs.batches.hours import hour_of, start_of
from basin_jobs.batches.manifest import Manifest, Position
from basin_jobs.batches.rows import BatchRows
from basin_jobs.readers.received import holds_lines
from basin_jobs.silver import SilverJob
from basin_jobs.storage import Storage
from basin_jobs.stream.checkpoint import checkpoint_id
from basin_jobs.stream.received import Received, write_down

# Enough commits for their files to be worth a look; each look reads the table's log.
_BATCHES_BETWEEN_COMPACTIONS = 20
_AN_HOUR = timedelta(hours=1)

Taken = Callable[[Received, Counts, float], None]


class Stopping(Exception):  # noqa: N818 (no error of its own: the stream was asked to stop, or has a fault)
    """The batch is left to the next run."""


class StreamWriter:
    """One run over one stream. Batches come on Structured Streaming's thread, reconciling runs on the caller's."""

    def __init__(self, spark: SparkSession, job: SilverJob, taken: Taken) -> None:
        """`taken` is told of each batch: what it held, its counts, how many seconds it took."""
        self.counts = Counts()
        self.batches = 0
        self.fault: Optional[BaseException] = None
        self._spark = spark
        self._job = job
        self._storage = Storage(spark)
        self._taken = taken
        self._turn = threading.Lock()
        self._stopping = False
        self._behind = timedelta()
        self._reconciled: Optional[str] = None

    def settle(self) -> None:
        """Finishes what an earlier run has begun."""
        for manifest in self._job.log.pending():
            self._process(manifest)

    def take(self, frame: DataFrame, number: int) -> None:
        """Takes in one batch of the stream, unless an earlier run has.

        Raises:
            Stopping: the stream was asked to stop, or the batch could not be taken in, and `fault` says why.
        """
        with self._turn:
            if self._stopping:
                raise Stopping
            try:
                self._take(frame, number)
            except BaseException as error:
                # What Structured Streaming makes of it is a stack trace, and of what is no Exception nothing at all.
                self.fault = error
                raise Stopping from error

    def stop(self) -> None:
        """Returns once no batch is under way; no other will begin."""
        with self._turn:
            self._stopping = True

    def reconcile(
        self, folder: str, now: datetime, archive_wait: timedelta, sweep: timedelta, caught_up: bool = False
    ) -> bool:
        """Merges what the archive of the hours that have closed holds and the stream has not brought; once an hour.

        A connector may skip records where a shard is split or merged; the archive has them. Where the stream itself is
        behind, hours close later: what it is yet to bring is not missing.

        Returns:
            Whether an hour has closed since the last time.
        """
        closed = now - archive_wait - (timedelta() if caught_up else self._behind)
        hour = hour_of(closed)
        if hour == self._reconciled:
            return False
        for part in new_parts(self._storage, folder, self._job.log, now, sweep, closed):
            self._merge(part)
        self._tidy(start_of(hour))
        self._reconciled = hour
        return True

    def _take(self, frame: DataFrame, number: int) -> None:
        log, began = self._job.log, time.monotonic()
        position = Position(checkpoint_id(self._storage, self._job.layout), number)
        if log.last().position == position:
            return
        folder = f"{self._job.layout.received}{position.checkpoint}/batch={number:09d}"
        received = write_down(frame, folder)
        if received.records == 0:
            self._storage.remove(folder)
            self._behind = timedelta()
            return
        files = [file for file in self._storage.files(folder) if holds_lines(file.path) and file.bytes > 0]
        manifest = log.begin_received(files, (received.oldest, received.newest), position)
        counts = self._process(manifest)
        self._behind = timedelta(milliseconds=received.behind(_now()))
        self._taken(received, counts, time.monotonic() - began)
        if self.batches % _BATCHES_BETWEEN_COMPACTIONS == 0:
            self._job.keep_compact()

    def _merge(self, part: Part) -> None:
        """Reads and compares while batches go on; only the writing waits for its turn."""
        log = self._job.log
        received = self._received_since(start_of(min(part.hours)))
        read = Manifest(log.last().number + 1, tuple(part.files), (), received=received)
        with self._job.loaded(read) as batch, self._turn:
            manifest = log.begin(part.files, part.covered, part.unfinished, log.last().first, received)
            self._process(manifest, batch)

    def _received_since(self, start: datetime) -> tuple[str, ...]:
        """Folders of what arrived since then, and of some before: shards are not read in one order."""
        earliest = round((start - _AN_HOUR).timestamp() * 1_000)
        folders: list[str] = []
        for batch in self._job.log.newest_first():
            newest = batch.arrived[1] if batch.arrived else max((file.modified for file in batch.files), default=None)
            if newest is not None and newest < earliest:
                break
            folders += sorted(batch.folders) if batch.arrived else []
        return tuple(folders)

    def _tidy(self, start: datetime) -> None:
        """What arrived before the oldest hour that is still to be reconciled is needed by nobody any more."""
        with self._turn:
            for batch in self._job.log.received_before(round(start.timestamp() * 1_000)):
                for folder in batch.folders:
                    self._storage.remove(folder)
                self._job.log.forget(batch)

    def _process(self, manifest: Manifest, batch: Optional[BatchRows] = None) -> Counts:
        counts = self._job.process(manifest, batch)
        self.counts += counts
        self.batches += 1
        return counts


def _now() -> int:
    return round(datetime.now(timezone.utc).timestamp() * 1_000)
