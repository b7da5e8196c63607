"""silver once more from raw: rebuilt beside the live table, which then gets the new content in one commit.

The table's location, history and readers stay. It begins a new life, an epoch of its own with the manifests of the
rebuilding, so that the next run goes on after the last file that was read for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

from pyspark.sql import DataFrame, SparkSession

from basin_jobs.batches.counts import Counts
from basin_jobs.batches.hours import HourRange, hour_of, hour_of_folder, start_of
from basin_jobs.batches.log import BatchLog
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.schema import declared_schema
from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.layout import Layout, layout_of, raw_folder
from basin_jobs.report import Report, table_report
from basin_jobs.silver import SilverJob, ingest
from basin_jobs.storage import Storage
from basin_jobs.tables.commits import noted
from basin_jobs.tables.snapshot import newest_version
from basin_jobs.tables.swap import REPLAY, beside, older_rows, remove_leftovers, settle_epoch
from basin_jobs.tables.table import open_table

_HOUR = timedelta(hours=1)


def run_replay(
    spark: SparkSession,
    dataset: Dataset,
    raw: str,
    lake: str,
    since: Optional[datetime] = None,
    now: Optional[datetime] = None,
) -> Report:
    """Rebuilds a silver table from what lies in raw, or from what arrived there since a time.

    Rows of keys of which nothing was read, because their files have expired or are older than `since`, are kept as they
    are. Without a key they cannot be told from the others: then raw must still have everything.

    Args:
        spark: the session.
        dataset: a silver one.
        raw: root of the raw zone.
        lake: root of the lake.
        since: the arrival hour from which on raw is read; all of it when left out.
        now: the time by which hours are late; the clock's when left out.

    Raises:
        InputError: it is derived, a batch is unfinished, or older rows cannot be told apart; nothing was changed.
        CheckFailed: too many records are rejected, or the rebuilt rows are not what was counted; nothing was changed.
    """
    if dataset.zone != "silver":
        raise InputError(f"{dataset.name} is derived: it is computed from other tables, not from raw")
    now, storage = now or datetime.now(timezone.utc), Storage(spark)
    schema, layout, folder = declared_schema(spark, dataset), layout_of(dataset, lake), raw_folder(dataset, raw)
    live = open_table(spark, dataset, schema, layout.table)
    live = settle_epoch(spark, dataset, layout, live)
    before = BatchLog(storage, layout.batches, dataset.name, live.epoch)
    if any(manifest.files for manifest in before.pending()):
        raise InputError(f"{dataset.name} has a batch that a run left unfinished: run its step first")
    unread = _unread(storage, folder, before.last().covered, since)
    if unread and not dataset.key:
        raise InputError(
            f"{dataset.name} has no key, and raw is to be read from {unread[-1][1]} on only: the rows that are older"
            " cannot be told from the others"
        )
    remove_leftovers(spark, layout)
    places = beside(layout, now)
    made = open_table(spark, dataset, schema, places.table)
    log = BatchLog(storage, places.batches, dataset.name, made.epoch)
    if unread:
        log.finish(log.begin((), unread, first=hour_of(since) if since else None), Counts(), 0)
    job = SilverJob(spark, dataset, schema, places, log)
    run = ingest(job, folder, now)
    run = replace(run, run=run.run + _take_received(storage, job, before))
    rebuilt = spark.read.format("delta").load(places.table)
    _require_counted(dataset, rebuilt, log.total())
    kept = _keep_older(spark, dataset, layout, places, log) if unread else 0
    _swap(spark, dataset, layout, places, made.epoch, kept)
    settle_epoch(spark, dataset, layout, live)
    total = BatchLog(storage, layout.batches, dataset.name, made.epoch).total()
    return table_report(spark, dataset, layout.table, replace(run, total=total, commit_age=0.0))


def _take_received(storage: Storage, job: SilverJob, before: BatchLog) -> Counts:
    """What a stream that is read directly has brought and its archive may not have yet, up to where it was read."""
    position = before.last().position
    batches = [batch for batch in before.newest_first() if batch.arrived] if position else []
    files = [file for batch in reversed(batches) for file in batch.files if storage.exists(file.path)]
    if position is None or not files:
        return Counts()
    arrived = [moment for batch in batches for moment in batch.arrived or ()]
    return job.process(job.log.begin_received(files, (min(arrived), max(arrived)), position))


def _unread(
    storage: Storage, folder: str, covered: tuple[HourRange, ...], since: Optional[datetime]
) -> list[HourRange]:
    """Arrival hours that once were read, or are there, and are not read now."""
    present = [hour for hour in map(hour_of_folder, storage.folders(folder)) if hour is not None]
    first = min(present) if present else None
    if since is not None:
        first = max(filter(None, (first, hour_of(since))))
    read = [*(hour for hours in covered for hour in hours), *present]
    earliest = min(read, default=None)
    if first is None or earliest is None or earliest >= first:
        return []
    return [(earliest, hour_of(start_of(first) - _HOUR))]


def _require_counted(dataset: Dataset, rebuilt: DataFrame, total: Counts) -> None:
    expected = total.rows_accepted - total.rows_superseded - total.rows_deleted
    found = rebuilt.count()
    if found != expected:
        raise CheckFailed(
            f"{dataset.name}: {found} rows were rebuilt from raw where {expected} were counted; the table is as it was"
        )


def _keep_older(spark: SparkSession, dataset: Dataset, layout: Layout, places: Layout, log: BatchLog) -> int:
    """Counts the rows that stay as they are; they are accounted for as a batch without files."""
    kept = older_rows(spark, dataset, layout, places).count()
    manifest = log.begin_without_files()
    log.finish(manifest, Counts(rows_in=kept, rows_accepted=kept), newest_version(spark, layout.table))
    return kept


def _swap(spark: SparkSession, dataset: Dataset, layout: Layout, places: Layout, epoch: str, kept: int) -> None:
    content = spark.read.format("delta").load(places.table).select(*dataset.column_names)
    if kept:
        content = content.unionByName(older_rows(spark, dataset, layout, places))
    note: dict[str, Any] = {"operation": REPLAY, "newEpoch": epoch, "beside": places.table, "rowsKept": kept}
    with noted(spark, note):
        content.write.format("delta").mode("overwrite").save(layout.table)
