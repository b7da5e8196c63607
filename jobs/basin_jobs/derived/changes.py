"""What has changed in a source between two versions, a row a key, and how that reaches the derived table."""

from __future__ import annotations

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.rows.records import REASONS, quoted

_CHANGE, _VERSION, _LAST = "_change_type", "_commit_version", "record:last"
GONE = "record:gone"


def changed_rows(spark: SparkSession, source: Dataset, location: str, since: int, until: int) -> DataFrame:
    """The last state of every key that changed in versions after `since`, up to `until`, and whether it is deleted."""
    feed = (
        spark.read.format("delta")
        .option("readChangeFeed", "true")
        .option("startingVersion", since + 1)
        .option("endingVersion", until)
        .load(location)
        .where(F.col(_CHANGE) != "update_preimage")
    )
    # Within one commit a key is deleted before it is inserted again: MERGE and overwrites have one row a key.
    latest = Window.partitionBy(*source.key).orderBy(F.col(_VERSION).desc(), F.col(_CHANGE) == "delete")
    last = feed.withColumn(_LAST, F.row_number().over(latest)).where(F.col(_LAST) == 1)
    return last.select(*source.column_names, (F.col(_CHANGE) == "delete").alias(GONE))


def merge_changes(spark: SparkSession, changed: DataFrame, judged: DataFrame, dataset: Dataset, location: str) -> None:
    """Brings the accepted results in; takes out keys that are deleted, filtered out or rejected now."""
    accepted = judged.where(F.col(REASONS).isNull()).select(*dataset.column_names)
    keys = changed.select(*(F.col(name).alias(f"changed:{name}") for name in dataset.key))
    same = [F.col(name) == F.col(f"changed:{name}") for name in dataset.key]
    rows = keys.join(accepted, same, "left")
    condition = " and ".join(f"old.{quoted(name)} = new.{quoted(f'changed:{name}')}" for name in dataset.key)
    values = {name: F.col(f"new.{quoted(name)}") for name in dataset.column_names}
    there = f"new.{quoted(dataset.key[0])} is not null"
    (
        DeltaTable.forPath(spark, location)
        .alias("old")
        .merge(rows.alias("new"), condition)
        .whenMatchedDelete(f"not ({there})")
        .whenMatchedUpdate(set=dict(values))
        .whenNotMatchedInsert(there, values=dict(values))
        .execute()
    )
