"""Erases one subject: its rows, what was derived from them, the records they came from, and every version of these."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Iterator, Mapping, Optional

from delta.tables import DeltaTable
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from basin_jobs.batches.counts import Counts
from basin_jobs.batches.log import BatchLog
from basin_jobs.changes.marks import mark_deleted
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.erasure.files import FoundFiles, SubjectFiles
from basin_jobs.erasure.objects import purge_objects
from basin_jobs.erasure.places import Places, raw_folders
from basin_jobs.erasure.record import Record, expiry, finding, new_record
from basin_jobs.erasure.scope import Scope, is_of, require_no_pins, scope_of, tells_of
from basin_jobs.erasure.versions import purge_table, versions_with
from basin_jobs.errors import CheckFailed
from basin_jobs.exports import run_exports
from basin_jobs.gold import run_gold
from basin_jobs.layout import Layout, export_location, layout_of
from basin_jobs.restore import batch_without_files, settle_pending
from basin_jobs.storage import Storage
from basin_jobs.tables.commits import noted
from basin_jobs.tables.existence import is_table
from basin_jobs.tables.swap import remove_leftovers, replay_folder, settle_epoch
from basin_jobs.tables.table import describe


class Erasure:
    """One subject of one lake."""

    def __init__(self, spark: SparkSession, declarations: Declarations, subject: str, places: Places) -> None:
        """Looks at declarations only.

        Raises:
            InputError: no dataset declares a subject, or a derived one does whose inputs do not.
        """
        self.scope: Scope = scope_of(declarations)
        self._spark = spark
        self._declarations = declarations
        self._subject = subject
        self._places = places
        self._storage = Storage(spark)

    def run(self, dry_run: bool = False, through_pins: bool = False, now: Optional[datetime] = None) -> Record:
        """Finds, erases, and reads again what is left; a run that died is finished by another.

        Raises:
            InputError: a batch is unfinished; nothing was erased.
            CheckFailed: a pin stands against it and nothing was erased; or the subject is still found somewhere.
        """
        moment = now or datetime.now(timezone.utc)
        pins = require_no_pins(self.scope.all, moment.date(), through_pins or dry_run)
        record = new_record(self._subject, moment, dry_run, pins)
        spark, subject, places = self._spark, self._subject, self._places
        files = {each.name: SubjectFiles(spark, each, subject, places) for each in self.scope.declared}
        for each in () if dry_run else files.values():
            each.bring_in(moment)
        found = {name: each.find() for name, each in files.items()}
        self._tell(record, found, moment)
        if dry_run:
            return record
        logs = {dataset.name: self._settled_log(dataset) for dataset in self.scope.declared if self._has_table(dataset)}
        for name, each in files.items():
            # Raw first: what is gone from the table and not from raw could come back.
            each.rewrite(found[name], logs.get(name), f"{self._places.lake.rstrip('/')}/erasures/tmp-{name}")
        for dataset in self.scope.declared:
            if dataset.name in logs:
                self._delete(dataset, logs[dataset.name])
        for dataset in self.scope.all:
            # Inputs first, each purged before anything is derived from it: then what is derived rests afterwards.
            if dataset.zone == "gold" and self._has_table(dataset):
                run_gold(self._spark, self._declarations, dataset.name, self._places.lake)
            record.versions_removed += self._purge(dataset)
        self._verify(record, files)
        record.keep(self._storage, self._places.lake)
        return record

    def _tell(self, record: Record, files: Mapping[str, FoundFiles], now: datetime) -> None:
        for dataset in self.scope.all:
            for location, of_subject in self._tables(dataset):
                rows = self._spark.read.format("delta").load(location)
                record.tables.append(finding(location, rows.where(of_subject)))
        for found in files.values():
            record.raw += [*found.raw, *found.undelivered]
            record.landing += found.landing
            record.unread += found.unread
        streams = (each for each in self.scope.declared if each.source.kind == "stream")
        record.expires += [expiry(each.name, now, self._places.stream_retention) for each in streams]
        record.derived = [each.name for each in self.scope.derived]

    def _settled_log(self, dataset: Dataset) -> BatchLog:
        layout = self._layout(dataset)
        table = settle_epoch(self._spark, dataset, layout, describe(self._spark, layout.table))
        remove_leftovers(self._spark, layout)
        log = BatchLog(self._storage, layout.batches, dataset.name, table.epoch)
        settle_pending(self._spark, dataset, log, layout.table)
        return log

    def _delete(self, dataset: Dataset, log: BatchLog) -> None:
        self._mark(dataset)
        for location, of_subject in self._tables(dataset):
            rows = self._spark.read.format("delta").load(location).where(of_subject).count()
            if rows and location == self._layout(dataset).table:
                self._delete_rows(location, of_subject, rows, log)
            elif rows:
                DeltaTable.forPath(self._spark, location).delete(of_subject)

    def _mark(self, dataset: Dataset) -> None:
        """A key that tells nothing of the subject stays as deleted: a change that comes late must not bring it back."""
        layout = self._layout(dataset)
        if str(dataset.subject) not in dataset.key and is_table(self._spark, layout.marks):
            rows = self._spark.read.format("delta").load(layout.table).where(is_of(dataset, self._subject))
            mark_deleted(self._spark, rows, dataset, layout.marks)

    def _delete_rows(self, location: str, of_subject: Column, rows: int, log: BatchLog) -> None:
        """As a batch without files, so that the account of rows stays whole."""
        counts = Counts(rows_deleted=rows)
        with batch_without_files(self._spark, log, counts, location) as note, noted(self._spark, note):
            DeltaTable.forPath(self._spark, location).delete(of_subject)

    def _purge(self, dataset: Dataset) -> int:
        layout, removed = self._layout(dataset), 0
        for location in (layout.table, layout.rejected, layout.extra, layout.marks):
            if is_table(self._spark, location):
                purge_table(self._spark, location)
                removed += self._purge_objects(location)
        if dataset.exports and self._has_table(dataset):
            database = self._places.databases.get(dataset.zone)
            run_exports(self._spark, dataset, self._places.lake, database, kept_seconds=0)
        for form in dataset.exports:
            removed += self._purge_objects(export_location(dataset, self._places.lake, form))
        if dataset.zone == "silver":
            beside = (f"{replay_folder(layout)}/", layout.received)
            folders = (*raw_folders(self._places.raw, dataset.name), *beside)
            removed += sum(map(self._purge_objects, folders))
        return removed

    def _purge_objects(self, location: str) -> int:
        return purge_objects(self._spark, location, self._places.replica_of(location))

    def _verify(self, record: Record, files: Mapping[str, SubjectFiles]) -> None:
        left = []
        for dataset in self.scope.all:
            for location, of_subject in self._tables(dataset):
                versions = versions_with(self._spark, location, of_subject)
                left += [f"{location} (version {version})" for version in versions]
                record.verified.append(location)
        for each in files.values():
            left += [found.place for found in each.find().all]
            record.verified += each.folders
        if left:
            raise CheckFailed(f"the subject is still in {', '.join(left)}: run the erasure again")

    def _tables(self, dataset: Dataset) -> Iterator[tuple[str, Column]]:
        """Tables that declare whose their rows are, and what stands beside them; and which rows are the subject's."""
        if dataset.subject is None:
            return
        layout = self._layout(dataset)
        extra = tells_of(F.col("fields"), self._subject)
        if dataset.subject in (*dataset.key, dataset.sequence):
            extra = extra | is_of(dataset, self._subject)
        for location, of_subject in (
            (layout.table, is_of(dataset, self._subject)),
            (layout.rejected, tells_of(F.col("raw"), self._subject)),
            (layout.extra, extra),
            *([(layout.marks, is_of(dataset, self._subject))] if dataset.subject in dataset.key else []),
        ):
            if is_table(self._spark, location):
                yield location, of_subject

    def _has_table(self, dataset: Dataset) -> bool:
        return is_table(self._spark, self._layout(dataset).table)

    def _layout(self, dataset: Dataset) -> Layout:
        return layout_of(dataset, self._places.lake)
