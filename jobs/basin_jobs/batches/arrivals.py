"""What has arrived in raw and is in no batch yet.

At petabytes nobody lists a whole prefix. The arrival hours are one short listing; of these are read the hours that no
batch has read, however old they are, and again the latest ones, where objects may still come late; once a day also all
in which one may come very late.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Iterable, Iterator, Optional, Sequence

from basin_jobs.batches.hours import HourRange, holds, hour_of, hour_of_folder, with_hours
from basin_jobs.batches.log import BatchLog
from basin_jobs.batches.manifest import Manifest
from basin_jobs.storage import Storage, StoredFile

# A delivery stream retries S3 for up to 24 hours and names the hour of an object's oldest record; twice that is safe.
LOOK_BACK = timedelta(hours=48)

# The longer of a stream's retention and of the time after which an upload is aborted, and a day more: by default.
SWEEP = timedelta(days=8)

# Bounds one batch, hence one cluster's temporary disk and one manifest; the rest follows in further batches.
MAX_BATCH_BYTES = 512 * 1024**3
MAX_BATCH_FILES = 10_000


@dataclass
class Part:
    """Files that make one batch, the hours that are read with it, and the hour of which it leaves files out."""

    files: list[StoredFile] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    unfinished: Optional[str] = None
    covered: Sequence[HourRange] = ()
    bytes: int = 0

    def has_room_for(self, file: StoredFile) -> bool:
        """Whether the file fits into the bounds of a batch."""
        return self.bytes + file.bytes <= MAX_BATCH_BYTES and len(self.files) < MAX_BATCH_FILES


def next_batches(
    storage: Storage, folder: str, log: BatchLog, now: datetime, sweep: timedelta = SWEEP
) -> Iterator[Manifest]:
    """Begins batch after batch until nothing new is left; none where nothing has arrived.

    Args:
        storage: where `folder` lies.
        folder: the dataset's raw folder, which holds `arrived=YYYY-MM-DDTHH/`.
        log: the batches so far; a batch is begun in it only once the one before it is finished.
        now: the time by which hours are late.
        sweep: how old an hour is in which nothing can come any more.
    """
    for part in new_parts(storage, folder, log, now, sweep):
        yield log.begin(part.files, part.covered, part.unfinished, log.last().first)


def new_parts(
    storage: Storage,
    folder: str,
    log: BatchLog,
    now: datetime,
    sweep: timedelta = SWEEP,
    closed: Optional[datetime] = None,
) -> Iterator[Part]:
    """What new batches would be made of; only of hours that had ended at `closed`, where that is given."""
    last = log.last()
    since = hour_of(now - (LOOK_BACK if log.has_read_on(now) else max(sweep, LOOK_BACK)))
    until = None if closed is None else hour_of(closed)
    hours_there = (hour for hour in map(hour_of_folder, storage.folders(folder)) if hour is not None)
    present = [
        hour for hour in hours_there if (last.first is None or hour >= last.first) and (until is None or hour < until)
    ]
    wanted = [hour for hour in present if hour >= since or not holds(last.covered, hour)]
    # What an earlier run left half read comes first, so that there is never a second such hour.
    hours = sorted(wanted, key=lambda hour: (hour != last.unfinished, hour))
    covered: Sequence[HourRange] = last.covered
    for part in _parts(storage, folder, hours, _files_since(log, since, last.unfinished)):
        covered = with_hours(covered, part.hours)
        part.covered = covered
        yield part


def _files_since(log: BatchLog, since: str, unfinished: Optional[str]) -> set[str]:
    """Paths in earlier batches, as far back as one may have read an hour from `since` on, or the unfinished hour."""
    known: set[str] = set()
    for manifest in log.newest_of_raw():
        # What is covered only grows: where its last hour is too old, so is every hour of every batch before.
        latest = [last for _, last in manifest.covered[-1:]] + [manifest.unfinished or ""]
        recent = max(latest) >= since
        half_read = unfinished is not None and manifest.unfinished == unfinished
        if not recent and not half_read:
            break
        known.update(file.path for file in manifest.files)
    return known


def _parts(storage: Storage, folder: str, hours: Iterable[str], known: set[str]) -> Iterator[Part]:
    """Splits what is new at the bounds of a batch."""
    part = Part()
    for hour in hours:
        for file in sorted(storage.files(f"{folder}/arrived={hour}"), key=lambda each: (each.modified, each.path)):
            if file.path in known or file.bytes == 0:
                continue
            if part.files and not part.has_room_for(file):
                part.unfinished = hour
                yield part
                part = Part()
            part.files.append(file)
            part.bytes += file.bytes
        part.hours.append(hour)
    if part.files:
        yield part
