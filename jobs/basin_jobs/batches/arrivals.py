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
from basin_jobs.batches.log import BatchLog, Manifest
from basin_jobs.storage import Storage, StoredFile

# A delivery stream retries S3 for up to 24 hours and names the hour of an object's oldest record; twice that is safe.
LOOK_BACK = timedelta(hours=48)

# How long a stream keeps what could not be delivered, and an upload may go on before it is aborted; and a day more.
SWEEP = timedelta(days=8)

# Bounds one batch, hence one cluster's temporary disk and one manifest; the rest follows in further batches.
MAX_BATCH_BYTES = 512 * 1024**3
MAX_BATCH_FILES = 10_000


def next_batches(storage: Storage, folder: str, log: BatchLog, now: datetime) -> Iterator[Manifest]:
    """Begins batch after batch until nothing new is left; none where nothing has arrived.

    Args:
        storage: where `folder` lies.
        folder: the dataset's raw folder, which holds `arrived=YYYY-MM-DDTHH/`.
        log: the batches so far; a batch is begun in it only once the one before it is finished.
        now: the time by which hours are late.
    """
    last = log.last()
    since = hour_of(now - (LOOK_BACK if log.has_begun_on(now) else SWEEP))
    hours_there = (hour for hour in map(hour_of_folder, storage.folders(folder)) if hour is not None)
    present = [hour for hour in hours_there if last.first is None or hour >= last.first]
    wanted = [hour for hour in present if hour >= since or not holds(last.covered, hour)]
    # What an earlier run left half read comes first, so that there is never a second such hour.
    hours = sorted(wanted, key=lambda hour: (hour != last.unfinished, hour))
    covered: Sequence[HourRange] = last.covered
    for part in _parts(storage, folder, hours, _files_since(log, since, last.unfinished)):
        covered = with_hours(covered, part.hours)
        yield log.begin(part.files, covered, part.unfinished, last.first)


def _files_since(log: BatchLog, since: str, unfinished: Optional[str]) -> set[str]:
    """Paths in earlier batches, as far back as one may have read an hour from `since` on, or the unfinished hour."""
    known: set[str] = set()
    for number in log.newest_first():
        manifest = log.manifest(number)
        # What is covered only grows: where its last hour is too old, so is every hour of every batch before.
        latest = [last for _, last in manifest.covered[-1:]] + [manifest.unfinished or ""]
        recent = max(latest) >= since
        half_read = unfinished is not None and manifest.unfinished == unfinished
        if not recent and not half_read:
            break
        known.update(file.path for file in manifest.files)
    return known


@dataclass
class _Part:
    files: list[StoredFile] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    unfinished: Optional[str] = None
    bytes: int = 0

    def has_room_for(self, file: StoredFile) -> bool:
        return self.bytes + file.bytes <= MAX_BATCH_BYTES and len(self.files) < MAX_BATCH_FILES


def _parts(storage: Storage, folder: str, hours: Iterable[str], known: set[str]) -> Iterator[_Part]:
    """Splits what is new at the bounds of a batch."""
    part = _Part()
    for hour in hours:
        for file in sorted(storage.files(f"{folder}/arrived={hour}"), key=lambda each: (each.modified, each.path)):
            if file.path in known or file.bytes == 0:
                continue
            if part.files and not part.has_room_for(file):
                part.unfinished = hour
                yield part
                part = _Part()
            part.files.append(file)
            part.bytes += file.bytes
        part.hours.append(hour)
    if part.files:
        yield part
