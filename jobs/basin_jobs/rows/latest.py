"""One row a key: which of several versions stands."""

from __future__ import annotations

from typing import Optional

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.rows.records import ARRIVAL, FILE

_RANK = "record:rank"


def latest_rows(rows: DataFrame, dataset: Dataset) -> DataFrame:
    """Declared columns of the row that stands for each key; all rows where there is no key.

    By sequence the highest stands; of equal ones the first to arrive, as in a table that lets only newer rows in, so
    that the result does not hang on where batches are cut. Without a sequence the last to arrive stands.
    """
    if not dataset.key:
        return rows.select(*dataset.column_names)
    order = _order(dataset.sequence)
    ranked = rows.withColumn(_RANK, F.row_number().over(Window.partitionBy(*dataset.key).orderBy(*order)))
    return ranked.where(F.col(_RANK) == 1).select(*dataset.column_names)


def _order(sequence: Optional[str]) -> list[Column]:
    place = F.col(ARRIVAL)
    arrival = [place["modified"], F.col(FILE), place["block"], place["number"]]
    if sequence is None:
        return [column.desc() for column in arrival]
    return [F.col(sequence).desc_nulls_last(), *(column.asc() for column in arrival)]
