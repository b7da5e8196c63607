"""Erases one subject: its rows, what was derived from them, the records they came from, and every version of these."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Iterator, Optional

from delta.tables import DeltaTable
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from basin_jobs.batches.counts import Counts
from basin_jobs.batches.log import BatchLog
from basin_jobs.batches.uploads import follow_rewritten
from basin_jobs.changes.copied import landing_of
from basin_jobs.changes.landing import Landing
from basin_jobs.changes.marks import mark_deleted
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.declarations.schema import declared_schema
from basin_jobs.erasure.intent import Intent
from basin_jobs.erasure.objects import purge_objects
from basin_jobs.erasure.places import Places, raw_folders, undelivered_folder
from basin_jobs.erasure.raw_files import RawFiles
from basin_jobs.erasure.record import Finding, Record, expiry, finding, new_record
from basin_jobs.erasure.scope import Scope, is_of, require_no_pins, scope_of, tells_of
from basin_jobs.erasure.undelivered import findings_undelivered, rewrite_undelivered
from basin_jobs.erasure.versions import purge_table, versions_with
from basin_jobs.errors import CheckFailed
from basin_jobs.exports import run_exports
from basin_jobs.gold import run_gold
from basin_jobs.layout import Layout, export_location, layout_of, raw_folder
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
        if not dry_run:
            self._bring_in(moment)
        self._find(record, moment)
        if dry_run:
            return record
        logs = {dataset.name: self._settled_log(dataset) for dataset in self.scope.declared if self._has_table(dataset)}
        for dataset in self.scope.declared:
            self._delete(dataset, logs.get(dataset.name))
        for dataset in self.scope.all:
            # Inputs first, each purged before anything is derived from it: then what is derived rests afterwards.
            if dataset.zone == "gold" and self._has_table(dataset):
                run_gold(self._spark, self._declarations, dataset.name, self._places.lake)
            record.versions_removed += self._purge(dataset)
        self._verify(record)
        record.keep(self._storage, self._places.lake)
        return record

    def _bring_in(self, now: datetime) -> None:
        """Copies what lies in landing into raw: then it can be taken out of there, and its files may go."""
        for dataset in self.scope.declared:
            landing = self._landing(dataset)
            if landing is not None:
                landing.bring_in(now)

    def _find(self, record: Record, now: datetime) -> None:
        for dataset in self.scope.all:
            for location, of_subject in self._tables(dataset):
                rows = self._spark.read.format("delta").load(location)
                record.tables.append(finding(location, rows.where(of_subject)))
        for dataset in self.scope.declared:
            files = self._raw_files(dataset)
            record.raw += [*files.findings(), *self._undelivered(dataset)]
            record.landing += self._landed(dataset)
            record.unread += files.unread()
            if dataset.source.kind == "stream":
                record.expires.append(expiry(dataset.name, now, self._places.stream_retention))
        record.derived = [each.name for each in self.scope.derived]

    def _settled_log(self, dataset: Dataset) -> BatchLog:
        layout = self._layout(dataset)
        table = settle_epoch(self._spark, dataset, layout, describe(self._spark, layout.table))
        remove_leftovers(self._spark, layout)
        log = BatchLog(self._storage, layout.batches, dataset.name, table.epoch)
        settle_pending(self._spark, dataset, log, layout.table)
        return log

    def _delete(self, dataset: Dataset, log: Optional[BatchLog]) -> None:
        """Raw first: what is gone from the table and not from raw could come back."""
        # Copies of what the stream's archive has too, kept until the two have been compared.
        self._storage.remove(self._layout(dataset).received)
        temporary = f"{self._places.lake.rstrip('/')}/erasures/tmp-{dataset.name}"
        files = self._raw_files(dataset)
        found_in = [each.place for each in files.findings()]
        intent = Intent(self._storage, f"{temporary}.json")
        rewritten = intent.add(found_in)
        for path in found_in:
            files.rewrite(path, temporary)
        for path in rewritten:
            follow_rewritten(self._storage, path)
        for found in self._undelivered(dataset):
            rewrite_undelivered(self._spark, found.place, self._subject, temporary)
        if log is not None:
            log.follow_files(rewritten)
        intent.fulfil()
        landing, landed = self._landing(dataset), [each.place for each in self._landed(dataset)]
        if landing is not None:
            landing.remove(landed)
        if log is None:
            return
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

    def _verify(self, record: Record) -> None:
        found = []
        for dataset in self.scope.all:
            for location, of_subject in self._tables(dataset):
                versions = versions_with(self._spark, location, of_subject)
                found += [f"{location} (version {version})" for version in versions]
                record.verified.append(location)
        for dataset in self.scope.declared:
            files = (*self._raw_files(dataset).findings(), *self._undelivered(dataset), *self._landed(dataset))
            found += [each.place for each in files]
            landing = self._landing(dataset)
            read = raw_folders(self._places.raw, dataset.name)
            record.verified += read if landing is None else (*read, f"{landing.folder}/")
        if found:
            raise CheckFailed(f"the subject is still in {', '.join(found)}: run the erasure again")

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

    def _raw_files(self, dataset: Dataset) -> RawFiles:
        return self._files(dataset, raw_folder(dataset, self._places.raw))

    def _files(self, dataset: Dataset, folder: str) -> RawFiles:
        return RawFiles(self._spark, dataset, declared_schema(self._spark, dataset), folder, self._subject)

    def _landing(self, dataset: Dataset) -> Optional[Landing]:
        if self._places.landing is None or dataset.source.kind != "database":
            return None
        return landing_of(self._spark, dataset, self._layout(dataset), self._places.landing, self._places.raw)

    def _landed(self, dataset: Dataset) -> list[Finding]:
        landing = self._landing(dataset)
        return [] if landing is None else self._files(dataset, landing.folder).findings()

    def _undelivered(self, dataset: Dataset) -> list[Finding]:
        if dataset.source.kind != "stream":
            return []
        return findings_undelivered(self._spark, undelivered_folder(self._places.raw, dataset.name), self._subject)

    def _has_table(self, dataset: Dataset) -> bool:
        return is_table(self._spark, self._layout(dataset).table)

    def _layout(self, dataset: Dataset) -> Layout:
        return layout_of(dataset, self._places.lake)
