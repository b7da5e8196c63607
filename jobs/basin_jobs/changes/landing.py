"""landing → raw: DMS's files as they are, under the hour in which they are copied, before anything reads them.

A record names what is copied where before the first byte is: `<dataset>__landing/000001.json`. `000001.done.json` is
beside it once all of it is copied, and marked in landing, where only marked files expire. So a run that died goes on
with the same names, and no file comes into raw twice.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Callable, Collection, Iterator, Optional, Sequence

from basin_jobs.batches.hours import hour_of
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.storage import Storage, StoredFile

_THREADS = 16
# A copy that was left unfinished for longer would come into an hour that ingestion no longer looks at.
_STALE = timedelta(hours=24)
# A full load without changes is read as a whole: it has ended once nothing more was written for so long.
_AT_REST = timedelta(minutes=10)

Mark = Callable[[str], None]
Copier = Callable[[str, str], None]


@dataclass(frozen=True)
class Copy:
    """One file of landing, known by its time of writing too, and where it goes in raw."""

    source: str
    modified: int
    target: str


@dataclass(frozen=True)
class Places:
    """Landing's root, the dataset's folder in raw, and the folder of its copies' records."""

    landing: str
    raw_folder: str
    records: str


class Landing:
    """What DMS has written of one table, and what of it is in raw."""

    def __init__(self, storage: Storage, dataset: Dataset, places: Places, copy: Copier, mark: Mark) -> None:
        """Copies by `copy`; `mark` then lets a file expire in landing."""
        schema, _, table = dataset.source.table.partition(".")
        self._storage = storage
        self._dataset = dataset
        self.folder = f"{places.landing.rstrip('/')}/{dataset.source.connection}/{schema}/{table}"
        self._raw = places.raw_folder
        self._records = places.records
        self._copy_file = copy
        self._mark = mark

    def bring_in(self, now: datetime) -> int:
        """Copies what is new; the number of files."""
        numbers, done = self._numbers()
        for number in numbers:
            if number not in done:
                self._finish(number, now)
        new = self._new_files(numbers, now)
        if not new:
            return 0
        number = numbers[-1] + 1 if numbers else 1
        hour = hour_of(now)
        copies = [Copy(file.path, file.modified, f"{self._raw}/arrived={hour}/{_name(file)}") for file in new]
        record = {
            "version": 1,
            "dataset": self._dataset.name,
            "createdAt": now.isoformat(),
            "files": [vars(copy) for copy in copies],
        }
        if not self._storage.create(self._path(number), json.dumps(record, indent=1)):
            raise InputError(f"another run copies {self._dataset.name} from landing just now: let it finish")
        self._finish(number, now)
        return len(copies)

    def remove(self, paths: Collection[str]) -> None:
        """Takes these files out of landing, as far as raw has a copy of what lies there."""
        listed = [file for file in self._storage.files(self.folder) if file.path in paths]
        if not listed:
            return
        numbers, _ = self._numbers()
        known = set(self._known(numbers, min(file.modified for file in listed)))
        for file in listed:
            if (file.path, file.modified) in known:
                self._storage.remove(file.path)

    def _numbers(self) -> tuple[list[int], set[int]]:
        """The numbers of all records, in order, and of those whose files are all copied."""
        names = self._storage.names(self._records)
        done = {int(name.split(".", 1)[0]) for name in names if name.endswith(".done.json")}
        return sorted(int(name.split(".", 1)[0]) for name in names if not name.endswith(".done.json")), done

    def _finish(self, number: int, now: datetime) -> None:
        created, copies = self._read(number)
        if now - created <= _STALE:
            with ThreadPoolExecutor(_THREADS) as pool:
                list(pool.map(self._copy, copies))
        self._storage.create(self._path(number, ".done"), "{}")

    def _copy(self, copy: Copy) -> None:
        if not self._storage.exists(copy.target):
            self._copy_file(copy.source, copy.target)
        self._mark(copy.source)

    def _new_files(self, numbers: Sequence[int], now: datetime) -> list[StoredFile]:
        listed = [file for file in self._storage.files(self.folder) if file.bytes > 0]
        if not listed or (self._dataset.source.mode == "full" and not _at_rest(listed, now)):
            return []
        known = set(self._known(numbers, min(file.modified for file in listed)))
        return sorted((file for file in listed if (file.path, file.modified) not in known), key=_written)

    def _known(self, numbers: Sequence[int], oldest: int) -> Iterator[tuple[str, int]]:
        """What was copied since the oldest listed file was written: no earlier record can name it."""
        for number in reversed(numbers):
            created, copies = self._read(number)
            if created.timestamp() * 1_000 < oldest:
                return
            yield from ((copy.source, copy.modified) for copy in copies if self._storage.exists(copy.target))

    def _read(self, number: int) -> tuple[datetime, list[Copy]]:
        path = self._path(number)
        try:
            record = json.loads(self._storage.read_text(path))
            if record["dataset"] != self._dataset.name:
                raise InputError(f"{path} is of {record['dataset']}, not of {self._dataset.name}")
            created = datetime.fromisoformat(record["createdAt"]).astimezone(timezone.utc)
            return created, [Copy(**each) for each in record["files"]]
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{path} is no record of copies from landing") from None

    def _path(self, number: int, kind: Optional[str] = "") -> str:
        return f"{self._records}/{number:06d}{kind}.json"


def _name(file: StoredFile) -> str:
    """The file's own name behind what tells it from a file of the same name."""
    told = hashlib.sha256(f"{file.path}\n{file.modified}\n{file.bytes}".encode()).hexdigest()[:12]
    return f"dms-{told}-{file.path.rsplit('/', 1)[-1]}"


def _at_rest(files: Sequence[StoredFile], now: datetime) -> bool:
    return max(file.modified for file in files) / 1_000 <= (now - _AT_REST).timestamp()


def _written(file: StoredFile) -> tuple[int, str]:
    return (file.modified, file.path)
