"""Which part of a table a batch can touch at all, said in a way that lets Delta leave the other files unread."""

from __future__ import annotations

from functools import reduce
from typing import Optional

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.rows.records import quoted

_RANGES = 32
_ORDERED = (T.NumericType, T.StringType, T.DateType, T.TimestampType)


def touched(rows: DataFrame, dataset: Dataset, alias: str) -> Optional[Column]:
    """A condition on the target, true of all rows that have a key of the batch; None where nothing can be said.

    It is ranges of the key's column by which files differ most: Delta compares them with each file's least and greatest
    value. Where keys are random they reach over everything, and cost one look at the batch.

    Args:
        rows: the batch, which should be in memory.
        dataset: of whose key columns one is looked at.
        alias: of the target in the merge.
    """
    column = _leading(rows, dataset)
    if column is None:
        return None
    spread = rows.select(column).repartitionByRange(_RANGES, column)
    ranges = spread.groupBy(F.spark_partition_id()).agg(F.min(column).alias("low"), F.max(column).alias("high"))
    found = [row for row in ranges.collect() if row["low"] is not None]
    if not found:
        return None
    old = F.col(f"{alias}.{quoted(column)}")
    return reduce(lambda left, right: left | right, (old.between(row["low"], row["high"]) for row in found))


def _leading(rows: DataFrame, dataset: Dataset) -> Optional[str]:
    """The first column of the clustering that is of the key, else the key's first that has an order."""
    clustered = [name for name in dataset.cluster_by if name in dataset.key]
    for name in (*clustered, *dataset.key):
        if isinstance(rows.schema[name].dataType, _ORDERED):
            return name
    return None
