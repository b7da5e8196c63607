"""Which part of a table a batch can touch at all, said in a way that lets Delta leave the other files unread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Optional

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.rows.records import quoted

_RANGES = 32
_FEWEST_FILES = 4  # fewer are read at less cost than it takes to know which
_ORDERED = (T.NumericType, T.StringType, T.DateType, T.TimestampType)


@dataclass(frozen=True)
class KeyRanges:
    """Ranges of one column of the key in which all keys of a batch lie, both ends of each with it."""

    column: str
    bounds: tuple[tuple[Any, Any], ...]

    def hold(self, column: Column) -> Column:
        """A condition that Delta compares with each file's least and greatest value."""
        return reduce(lambda left, right: left | right, (column.between(low, high) for low, high in self.bounds))


def key_ranges(rows: DataFrame, dataset: Dataset, files: int) -> Optional[KeyRanges]:
    """Where the keys of a batch lie, by the column of the key by which files differ most; None where it gains nothing.

    Where keys are random the ranges reach over everything, and cost one look at the batch.

    Args:
        rows: the batch, or all records that it is made of, which should be in memory.
        dataset: of whose key columns one is looked at.
        files: how many the table has.
    """
    column = _leading(rows, dataset)
    if column is None or files < _FEWEST_FILES:
        return None
    spread = rows.select(column).repartitionByRange(_RANGES, column)
    ranges = spread.groupBy(F.spark_partition_id()).agg(F.min(column).alias("low"), F.max(column).alias("high"))
    found = tuple((row["low"], row["high"]) for row in ranges.collect() if row["low"] is not None)
    return KeyRanges(column, found) if found else None


def same_key(dataset: Dataset, ranges: Optional[KeyRanges]) -> Column:
    """The condition of a merge between `old` and `new`, with what a batch cannot touch left out."""
    columns = (F.col(f"old.{quoted(name)}") == F.col(f"new.{quoted(name)}") for name in dataset.key)
    same = reduce(lambda left, right: left & right, columns)
    return same if ranges is None else same & ranges.hold(F.col(f"old.{quoted(ranges.column)}"))


def _leading(rows: DataFrame, dataset: Dataset) -> Optional[str]:
    """The first column of the clustering that is of the key, else the key's first that has an order."""
    clustered = [name for name in dataset.cluster_by if name in dataset.key]
    for name in (*clustered, *dataset.key):
        if isinstance(rows.schema[name].dataType, _ORDERED):
            return name
    return None
