"""Files of one dataset that may hold a subject's records, wherever they lie before they are in a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Iterable, Optional

from pyspark.sql import SparkSession

from basin_jobs.batches.log import BatchLog
from basin_jobs.batches.uploads import follow_rewritten
from basin_jobs.changes.copied import landing_of
from basin_jobs.changes.landing import Landing
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.schema import declared_schema
from basin_jobs.erasure.intent import Intent
from basin_jobs.erasure.places import Places, raw_folders, undelivered_folder
from basin_jobs.erasure.raw_files import RawFiles
from basin_jobs.erasure.record import Finding
from basin_jobs.erasure.undelivered import findings_undelivered, rewrite_undelivered
from basin_jobs.layout import layout_of, raw_folder
from basin_jobs.storage import Storage


@dataclass(frozen=True)
class FoundFiles:
    """Files that hold records of the subject, by where they lie; and those that nobody can read."""

    raw: list[Finding] = field(default_factory=list)
    undelivered: list[Finding] = field(default_factory=list)
    landing: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def all(self) -> Iterable[Finding]:
        """Those that hold some."""
        return (*self.raw, *self.undelivered, *self.landing)


class SubjectFiles:
    """One dataset's files in raw, those that a delivery stream could not write, and those that DMS left in landing."""

    def __init__(self, spark: SparkSession, dataset: Dataset, subject: str, places: Places) -> None:
        self._spark = spark
        self._dataset = dataset
        self._subject = subject
        self._places = places
        self._storage = Storage(spark)
        self._landing: Optional[Landing] = None
        if places.landing is not None and dataset.source.kind == "database":
            self._landing = landing_of(spark, dataset, layout_of(dataset, places.lake), places.landing, places.raw)

    @property
    def folders(self) -> tuple[str, ...]:
        """Where they are looked for."""
        raw = raw_folders(self._places.raw, self._dataset.name)
        return raw if self._landing is None else (*raw, f"{self._landing.folder}/")

    def bring_in(self, now: datetime) -> None:
        """Copies what lies in landing into raw: then it can be taken out of there, and its files may go."""
        if self._landing is not None:
            self._landing.bring_in(now)

    def find(self) -> FoundFiles:
        """Reads all of them."""
        raw = self._in(raw_folder(self._dataset, self._places.raw))
        landing = [] if self._landing is None else self._in(self._landing.folder).findings()
        undelivered: list[Finding] = []
        if self._dataset.source.kind == "stream":
            folder = undelivered_folder(self._places.raw, self._dataset.name)
            undelivered = findings_undelivered(self._spark, folder, self._subject)
        return FoundFiles(raw.findings(), undelivered, landing, raw.unread())

    def rewrite(self, found: FoundFiles, log: Optional[BatchLog], temporary: str) -> None:
        """Writes raw's anew without the subject, brings what tells of them up to it, and takes landing's away."""
        # Copies of what the stream's archive has too, kept until the two have been compared.
        self._storage.remove(layout_of(self._dataset, self._places.lake).received)
        raw = self._in(None)
        paths = [each.place for each in found.raw]
        intent = Intent(self._storage, f"{temporary}.json")
        rewritten = intent.add(paths)
        for path in paths:
            raw.rewrite(path, temporary)
        for path in rewritten:
            follow_rewritten(self._storage, path)
        for each in found.undelivered:
            rewrite_undelivered(self._spark, each.place, self._subject, temporary)
        if log is not None:
            log.follow_files(rewritten)
        intent.fulfil()
        if self._landing is not None:
            self._landing.remove([each.place for each in found.landing])

    def _in(self, folder: Optional[str]) -> RawFiles:
        schema = declared_schema(self._spark, self._dataset)
        return RawFiles(self._spark, self._dataset, schema, folder, self._subject)
