"""What follows a commit with which a table begins a new life, by a replay or a restore, also after a run that died."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.batches.log import new_epoch
from basin_jobs.changes.reconciliation import carry_loads
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.layout import Layout
from basin_jobs.rows.records import quoted, text_literal
from basin_jobs.storage import Storage
from basin_jobs.tables.beside import replace_all
from basin_jobs.tables.commits import Commit, recent_commits
from basin_jobs.tables.existence import is_table
from basin_jobs.tables.table import EPOCH, Table, describe

REPLAY = "replay"
RESTORE = "restore"


def beside(layout: Layout, now: datetime) -> Layout:
    """Places for a rebuilding: all beside the live ones but the manifests, which outlive it as those of its epoch."""
    return _at(layout, f"{replay_folder(layout)}/{new_epoch(now.astimezone(timezone.utc))}/table/")


def remove_leftovers(spark: SparkSession, layout: Layout) -> None:
    """Takes away what a rebuilding left that died before its content was anybody's."""
    Storage(spark).remove(replay_folder(layout))


def replay_folder(layout: Layout) -> str:
    """What a rebuilding writes lies here until its content is the live table's."""
    return f"{layout.table.rstrip('/')}__replay"


def _at(layout: Layout, table: str) -> Layout:
    root = table.rstrip("/").rsplit("/", 1)[0]
    names = ("rejected", "extra", "marks", "reconciliation")
    return replace(layout, table=table, **{name: f"{root}/{name}/" for name in names})


def older_rows(spark: SparkSession, dataset: Dataset, layout: Layout, places: Layout) -> DataFrame:
    """Live rows of keys of which the rebuilding has read nothing."""
    live = spark.read.format("delta").load(layout.table).select(*dataset.column_names)
    # What a database has deleted is known by its mark alone.
    known = places.marks if is_table(spark, places.marks) else places.table
    keys = spark.read.format("delta").load(known).select(*(F.col(name).alias(f"new:{name}") for name in dataset.key))
    same = reduce(lambda left, right: left & right, (F.col(n).eqNullSafe(F.col(f"new:{n}")) for n in dataset.key))
    return live.join(keys, same, "left_anti")


def settle_epoch(spark: SparkSession, dataset: Dataset, layout: Layout, table: Table) -> Table:
    """Finishes what a replay or a restore began whose commit is in the table: what stands beside it, then its epoch.

    Each part may be done again. Nothing where the newest of them is finished, or there was none.
    """
    commit = next((each for each in recent_commits(spark, layout.table) if "newEpoch" in each.note), None)
    if commit is None or commit.note["newEpoch"] == table.epoch:
        return table
    epoch = commit.note["newEpoch"]
    if commit.note["operation"] == RESTORE:
        if dataset.source.kind == "database":
            carry_loads(spark, layout.reconciliation, commit.note["continues"], epoch, commit.note["batch"])
    elif not _settle_swap(spark, dataset, layout, commit):
        return table
    spark.sql(
        f"ALTER TABLE delta.{quoted(layout.table)} SET TBLPROPERTIES ({text_literal(EPOCH)} = {text_literal(epoch)})"
    )
    if commit.note["operation"] == REPLAY:
        Storage(spark).remove(commit.note["beside"].rstrip("/").rsplit("/", 1)[0])
    return describe(spark, layout.table)


def _settle_swap(spark: SparkSession, dataset: Dataset, layout: Layout, commit: Commit) -> bool:
    """Whether there was a swap that is not settled: what was rebuilt beside the table is taken away at the end."""
    if not is_table(spark, commit.note["beside"]):
        return False
    places = _at(layout, commit.note["beside"])
    for made, kept in ((places.rejected, layout.rejected), (places.extra, layout.extra)):
        _replace(spark, made, kept)
    if is_table(spark, places.marks):
        _replace_marks(spark, dataset, places.marks, layout.marks)
        new = spark.read.format("delta").load(places.reconciliation)
        where = f"epoch = {text_literal(commit.note['newEpoch'])}"
        new.write.format("delta").mode("overwrite").option("replaceWhere", where).save(layout.reconciliation)
    return True


def _replace(spark: SparkSession, made: str, kept: str) -> None:
    """Records of the old epoch's batches would be taken for those of the new one's numbers."""
    if is_table(spark, made):
        replace_all(spark.read.format("delta").load(made), kept)
    elif is_table(spark, kept):
        replace_all(spark.read.format("delta").load(kept).limit(0), kept)


def _replace_marks(spark: SparkSession, dataset: Dataset, made: str, kept: str) -> None:
    new = spark.read.format("delta").load(made)
    if is_table(spark, kept):
        # Keys of which nothing was read keep their mark with their row.
        old = spark.read.format("delta").load(kept)
        new = new.unionByName(old.join(new.select(*dataset.key), list(dataset.key), "left_anti").select(*new.columns))
    replace_all(new, kept)
