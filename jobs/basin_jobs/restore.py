"""A table as it was at an earlier version, as a new version: nothing is lost, and readers see the one or the other."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Iterator, Optional

from delta.tables import DeltaTable
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from basin_jobs.batches.counts import Counts
from basin_jobs.batches.log import BatchLog, new_epoch
from basin_jobs.batches.manifest import Manifest
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.layout import layout_of
from basin_jobs.report import Outcome, Report, table_report
from basin_jobs.sql.statements import first_line
from basin_jobs.storage import Storage
from basin_jobs.tables.commits import find_commit, noted
from basin_jobs.tables.snapshot import newest_version
from basin_jobs.tables.swap import RESTORE, settle_epoch
from basin_jobs.tables.table import describe, require_table


def run_restore(spark: SparkSession, dataset: Dataset, lake: str, version: int) -> Report:
    """Makes an earlier version the newest one.

    What later batches brought counts as deleted and is not read again: a restore is mostly there to be rid of it. The
    table begins a new epoch, in which no batch is taken for one that was undone. A derived table stays as restored
    until its inputs or its declaration change.

    Args:
        spark: the session.
        dataset: of which there is a table.
        lake: root of the lake.
        version: the one to go back to.

    Raises:
        InputError: there is no such table or version, or some of the version's files are gone.
    """
    layout = layout_of(dataset, lake)
    table = settle_epoch(spark, dataset, layout, require_table(spark, dataset, layout.table))
    newest = newest_version(spark, layout.table)
    if not 0 <= version <= newest:
        raise InputError(f"{dataset.name} has no version {version}: the newest is {newest}")
    deleted = _rows(spark, layout.table) - _rows(spark, layout.table, version, dataset.name)
    if dataset.zone == "gold":
        note = _gold_note(spark, layout.table, version)
        counts = Counts.from_json(note["counts"]) if "counts" in note else Counts()
        _restore(spark, dataset, layout.table, version, note)
        return table_report(spark, dataset, layout.table, Outcome(1, counts, counts))
    log = BatchLog(Storage(spark), layout.batches, dataset.name, table.epoch)
    settle_pending(spark, dataset, log, layout.table)
    run = Counts(rows_deleted=deleted)  # negative where a restore is itself undone
    total = log.total() + run
    following = log.following(new_epoch())
    manifest = following.last()
    note = {
        "operation": RESTORE,
        "continues": log.epoch,
        "newEpoch": following.epoch,
        "epoch": following.epoch,
        "batch": manifest.number,
        "counts": total.to_json(),
    }
    _restore(spark, dataset, layout.table, version, note)
    settle_epoch(spark, dataset, layout, describe(spark, layout.table))
    following.finish(manifest, total, newest_version(spark, layout.table))
    run = replace(run, rows_deleted=max(0, deleted))
    return table_report(spark, dataset, layout.table, Outcome(1, run, total))


@contextmanager
def batch_without_files(spark: SparkSession, log: BatchLog, counts: Counts, location: str) -> Iterator[dict[str, Any]]:
    """Accounts for what one commit does to a table's rows, wherever this run dies; gives what the commit notes."""
    manifest = log.begin_without_files()
    yield {"epoch": log.epoch, "batch": manifest.number, "counts": counts.to_json()}
    log.finish(manifest, counts, newest_version(spark, location))


def settle_pending(spark: SparkSession, dataset: Dataset, log: BatchLog, location: str) -> None:
    """Finishes the records of batches without files.

    Raises:
        InputError: a batch with files is unfinished, which only the dataset's step can finish.
    """
    for manifest in log.pending():
        if manifest.files:
            raise InputError(f"{dataset.name} has a batch that a run left unfinished: run its step first")
        settle_restore(spark, log, manifest, location)


def settle_restore(spark: SparkSession, log: BatchLog, manifest: Manifest, location: str) -> Counts:
    """Finishes the record of a restore that died: before its commit it had done nothing, after it all but say so."""
    commit = find_commit(spark, location, {"epoch": log.epoch, "batch": manifest.number}, everywhere=True)
    counts = Counts.from_json(commit.note["counts"]) if commit else Counts()
    log.finish(manifest, counts, commit.version if commit else newest_version(spark, location))
    return counts


def _restore(spark: SparkSession, dataset: Dataset, location: str, version: int, note: dict[str, Any]) -> None:
    try:
        with noted(spark, {**note, "restored": version}):
            DeltaTable.forPath(spark, location).restoreToVersion(version)
    except (PySparkException, Py4JJavaError) as error:
        raise InputError(_gone(dataset.name, version, error)) from None


def _rows(spark: SparkSession, location: str, version: Optional[int] = None, name: str = "") -> int:
    reader = spark.read.format("delta")
    try:
        return (reader if version is None else reader.option("versionAsOf", version)).load(location).count()
    except (PySparkException, Py4JJavaError) as error:
        raise InputError(_gone(name, version or 0, error)) from None


def _gone(name: str, version: int, error: Exception) -> str:
    return f"{name}: version {version} cannot be restored: its history or files were vacuumed ({first_line(error)})"


def _gold_note(spark: SparkSession, location: str, version: int) -> dict[str, Any]:
    """What the newest computation noted, with the counts of the older one: so there is no reason to compute anew."""
    last = find_commit(spark, location, {"operation": "gold"}, everywhere=True)
    if last is None:
        return {}
    then = find_commit(spark, location, {"operation": "gold"}, everywhere=True, up_to=version)
    counts = then.note["counts"] if then else Counts().to_json()
    return {**last.note, "run": last.note["run"] + 1, "counts": counts}
