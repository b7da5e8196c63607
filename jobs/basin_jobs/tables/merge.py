"""Brings a batch's rows into their table, once."""

from __future__ import annotations

from typing import Optional

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.rows.records import quoted
from basin_jobs.tables.commits import Commit
from basin_jobs.tables.pruning import KeyRanges, same_key
from basin_jobs.tables.table import Table


def write_rows(
    spark: SparkSession, rows: DataFrame, dataset: Dataset, table: Table, ranges: Optional[KeyRanges] = None
) -> None:
    """Commits rows that are already one a key: a newer one replaces the table's, an older one changes nothing.

    Where the rows' keys are known to lie in `ranges`, files without any of these are not read.

    A table without a key takes all of them, and so does one without rows, where a MERGE would only cost time.
    """
    if not dataset.key or table.files == 0:
        rows.write.format("delta").mode("append").save(table.location)
        return
    target = DeltaTable.forPath(spark, table.location).alias("old")
    merge = target.merge(rows.alias("new"), same_key(dataset, ranges))
    merge.whenMatchedUpdateAll(_is_newer(dataset)).whenNotMatchedInsertAll().execute()


def deleted_rows(commit: Commit) -> int:
    """Rows that a batch's commit took out of the table."""
    return int(commit.metrics.get("numTargetRowsDeleted", "0"))


def inserted_rows(commit: Commit) -> int:
    """Rows that a batch's commit added under keys that were not there before."""
    added = commit.metrics.get("numTargetRowsInserted", commit.metrics.get("numOutputRows", "0"))
    return int(added)


def _is_newer(dataset: Dataset) -> Optional[str]:
    if dataset.sequence is None:
        return None
    old, new = f"old.{quoted(dataset.sequence)}", f"new.{quoted(dataset.sequence)}"
    return f"{new} > {old} or ({old} is null and {new} is not null)"
