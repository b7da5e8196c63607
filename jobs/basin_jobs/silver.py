"""raw → silver: the files that arrived since the last run become typed, checked rows, one a key."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Iterator, Optional

from pyspark.sql import SparkSession
from pyspark.sql import types as T

from basin_jobs.batches.arrivals import SWEEP, next_batches
from basin_jobs.batches.counts import Counts
from basin_jobs.batches.log import BatchLog
from basin_jobs.batches.manifest import Manifest
from basin_jobs.batches.rows import BatchRows, load_batch
from basin_jobs.changes.copied import landing_of
from basin_jobs.changes.writer import ChangeWriter
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.schema import declared_schema
from basin_jobs.errors import InputError
from basin_jobs.layout import Layout, layout_of, raw_folder
from basin_jobs.report import Outcome, Report, table_report
from basin_jobs.restore import settle_restore
from basin_jobs.rows.enforcement import validate_checks
from basin_jobs.rows.latest import latest_rows
from basin_jobs.storage import Storage
from basin_jobs.tables import merge
from basin_jobs.tables.beside import rejected_records, undeclared_fields, write_batch
from basin_jobs.tables.commits import Commit, find_commit, noted
from basin_jobs.tables.pruning import key_ranges
from basin_jobs.tables.swap import settle_epoch
from basin_jobs.tables.table import describe, open_table
from basin_jobs.upkeep.maintain import keep_compact


def run_silver(
    spark: SparkSession,
    dataset: Dataset,
    raw: str,
    lake: str,
    now: Optional[datetime] = None,
    landing: Optional[str] = None,
    sweep: timedelta = SWEEP,
) -> Report:
    """Finishes what an earlier run began, then takes in all that is new; nothing new is no error.

    Args:
        spark: the session.
        dataset: a stream, files or a database's table.
        raw: root of the raw zone, such as `s3://bucket`.
        lake: root of the lake.
        now: the time by which arrival hours are late; the clock's when left out.
        landing: root of what DMS writes; files of a database's table are copied from there into raw first.
        sweep: the age up to which arrival hours that were read are searched, once a day, for what came late.

    Raises:
        InputError: the declaration, the table or the batch records do not fit; nothing was written.
        CheckFailed: more records were rejected than `maxRejected` allows; the table is as before that batch.
    """
    now, folder = now or datetime.now(timezone.utc), raw_folder(dataset, raw)
    job = open_job(spark, dataset, raw, lake)
    if landing is not None and dataset.source.kind == "database":
        landing_of(spark, dataset, job.layout, landing, raw).bring_in(now)
    return table_report(spark, dataset, job.layout.table, ingest(job, folder, now, sweep))


def open_job(spark: SparkSession, dataset: Dataset, raw: str, lake: str) -> SilverJob:
    """Makes or opens a dataset's table, with what its newest life has taken in so far.

    Raises:
        InputError: the declaration or the table does not fit; nothing was written.
    """
    if dataset.zone != "silver":
        raise InputError(f"{dataset.name} is {dataset.source.kind}: silver takes streams, files and databases")
    schema = declared_schema(spark, dataset)
    validate_checks(spark, dataset, schema)
    layout, storage = layout_of(dataset, lake), Storage(spark)
    storage.folders(raw_folder(dataset, raw))  # an unknown bucket or a missing right shows before the table is made
    table = settle_epoch(spark, dataset, layout, open_table(spark, dataset, schema, layout.table))
    return SilverJob(spark, dataset, schema, layout, BatchLog(storage, layout.batches, dataset.name, table.epoch))


def ingest(job: SilverJob, folder: str, now: datetime, sweep: timedelta = SWEEP) -> Outcome:
    """Finishes what a log has begun, then begins and finishes what is new in a dataset's raw folder."""
    counts, batches = Counts(), 0
    for manifest in job.manifests(folder, now, sweep):
        counts += job.process(manifest)
        batches += 1
    if batches:
        job.keep_compact()
    return Outcome(batches, counts, job.log.total(), sorted(job.undeclared), job.commit_age)


class SilverJob:
    """One run over one dataset's batches, whichever way their records came."""

    def __init__(
        self, spark: SparkSession, dataset: Dataset, schema: T.StructType, layout: Layout, log: BatchLog
    ) -> None:
        self.log = log
        self.layout = layout
        self.undeclared: set[str] = set()
        self.commit_age = 0.0
        self._spark = spark
        self._dataset = dataset
        self._schema = schema
        self._epoch = log.epoch
        self._changes = ChangeWriter(spark, dataset, layout, log.epoch) if dataset.source.kind == "database" else None

    def manifests(self, folder: str, now: datetime, sweep: timedelta) -> Iterator[Manifest]:
        """What was begun before, then what is new, one at a time: each is finished before the next one begins."""
        yield from self.log.pending()
        yield from next_batches(Storage(self._spark), folder, self.log, now, sweep)

    def keep_compact(self) -> None:
        """A stream brings small files for ever: its table is kept up between batches, not only when upkeep comes."""
        if self._dataset.source.kind == "stream":
            keep_compact(self._spark, self._dataset, self.layout.table)

    def process(self, manifest: Manifest, batch: Optional[BatchRows] = None) -> Counts:
        """Puts one batch into the table, unless an earlier run has, and records it; `batch` if it is read already."""
        if manifest.rerun and not manifest.files:
            return settle_restore(self._spark, self.log, manifest, self.layout.table)
        note = {"epoch": self._epoch, "batch": manifest.number}
        commit = find_commit(self._spark, self.layout.table, note, everywhere=True) if manifest.rerun else None
        if commit is None:
            with nullcontext(batch) if batch else self.loaded(manifest) as rows:
                commit = self._commit(manifest, note, rows)
        elif self._changes:
            with self.loaded(manifest) as rows, self._changes.decided(rows, manifest) as decided:
                self._changes.settle(decided, manifest, commit.note["changes"])
        accepted = Counts.from_json(commit.note["counts"])
        superseded = accepted.rows_accepted - merge.inserted_rows(commit)
        counts = replace(accepted, rows_superseded=superseded, rows_deleted=merge.deleted_rows(commit))
        self.log.finish(manifest, counts, commit.version)
        written = (file.modified for file in manifest.files)
        arrived = (manifest.arrived[0] if manifest.arrived else min(written, default=commit.time * 1000)) / 1000
        self.commit_age = max(self.commit_age, commit.time - arrived)
        return counts

    def loaded(self, manifest: Manifest) -> AbstractContextManager[BatchRows]:
        """A batch's records, judged and in memory until the block ends."""
        return load_batch(self._spark, manifest, self._dataset, self._schema, self.log.path(manifest))

    def _commit(self, manifest: Manifest, note: dict[str, object], batch: BatchRows) -> Commit:
        """Rejects first, the table last: its commit is the proof that the whole batch is in."""
        table = describe(self._spark, self.layout.table)
        if table.epoch != self._epoch:
            raise InputError(
                f"{self._dataset.name} was restored or replayed while batch {manifest.number} was under way:"
                " run its step again"
            )
        self.undeclared.update(batch.undeclared)
        self._write_beside(batch, manifest)
        once = (f"basin/{self._dataset.name}/{self._epoch}", manifest.number)
        said = {**note, "counts": batch.counts.to_json()}
        if self._changes:
            with self._changes.decided(batch, manifest) as decided:
                with noted(self._spark, {**said, "changes": decided.figures}, once):
                    self._changes.write_rows(decided, table)
                self._changes.settle(decided, manifest, decided.figures)
        else:
            rows = latest_rows(batch.accepted(), self._dataset)
            ranges = key_ranges(batch.accepted(), self._dataset, table.files)
            with noted(self._spark, said, once):
                merge.write_rows(self._spark, rows, self._dataset, table, ranges)
        commit = find_commit(self._spark, self.layout.table, note)
        if commit is None:
            raise RuntimeError(f"batch {manifest.number} of {self._dataset.name} left no commit in {table.location}")
        return commit

    def _write_beside(self, batch: BatchRows, manifest: Manifest) -> None:
        number, again, dataset = manifest.number, manifest.rerun, self._dataset
        # A batch that runs again may have left records of its first attempt.
        if batch.counts.rows_rejected or again:
            write_batch(rejected_records(batch.enforced, number), self.layout.rejected, number, again)
        if batch.has_undeclared_fields or again:
            write_batch(undeclared_fields(batch.with_undeclared(), dataset, number), self.layout.extra, number, again)
