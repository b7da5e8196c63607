"""What is known of each key beside its row: the place of its last change, and whether that deleted it.

`<dataset>__marks` outlives the rows: without the mark of a deleted key an older change that comes late would bring its
row back.
"""

from __future__ import annotations

from typing import Optional, Union

from delta.tables import DeltaTable
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.changes.events import DELETED, PLACE
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.rows.records import quoted
from basin_jobs.tables.existence import is_table
from basin_jobs.tables.pruning import KeyRanges, key_ranges, same_key
from basin_jobs.tables.snapshot import file_count


def read_marks(spark: SparkSession, location: str) -> Optional[DataFrame]:
    """The marks so far; None before the first batch."""
    return spark.read.format("delta").load(location) if is_table(spark, location) else None


def write_marks(
    spark: SparkSession, decided: DataFrame, dataset: Dataset, location: str, ranges: Optional[KeyRanges]
) -> None:
    """Brings marks up to the events that were decided on, all in `ranges`; doing it again changes nothing."""
    marks = decided.select(*dataset.key, PLACE, DELETED)
    if not is_table(spark, location):
        marks.write.format("delta").mode("append").save(location)
        return
    newer = f"new.{quoted(PLACE)} > old.{quoted(PLACE)}"
    target = DeltaTable.forPath(spark, location).alias("old")
    merge = target.merge(marks.alias("new"), same_key(dataset, ranges))
    merge.whenMatchedUpdateAll(newer).whenNotMatchedInsertAll().execute()


def mark_deleted(spark: SparkSession, rows: DataFrame, dataset: Dataset, location: str) -> None:
    """Says of the keys of these rows, one a key, that their last change deleted them."""
    marks = DeltaTable.forPath(spark, location).alias("old")
    keys = rows.select(*dataset.key)
    ranges = key_ranges(keys, dataset, file_count(spark, location))
    deleted: dict[str, Union[str, Column]] = {quoted(DELETED): F.lit(True)}
    marks.merge(keys.alias("new"), same_key(dataset, ranges)).whenMatchedUpdate(set=deleted).execute()
