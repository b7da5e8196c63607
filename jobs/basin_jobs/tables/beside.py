"""What stands beside a table: its rejected records, and the undeclared fields of its events.

Of a batch that runs again both are replaced by its number: it leaves one answer, even under a changed declaration.
"""

from __future__ import annotations

import json
from typing import AbstractSet

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.readers.lines import path_of
from basin_jobs.rows.records import FILE, RAW, REASONS


def rejected_records(enforced: DataFrame, batch: int) -> DataFrame:
    """raw, source, reasons, batch and rejected_at of every record with a reason."""
    return enforced.where(F.col(REASONS).isNotNull()).select(
        F.col(RAW).alias("raw"),
        path_of(F.col(FILE)).alias("source"),
        F.col(REASONS).alias("reasons"),
        F.lit(batch).cast("bigint").alias("batch"),
        F.current_timestamp().alias("rejected_at"),
    )


def undeclared_fields(rows: DataFrame, dataset: Dataset, batch: int) -> DataFrame:
    """Key and sequence of rows that have undeclared fields, these as one JSON object, source, batch and added_at."""
    declared = frozenset(column.source_name for column in dataset.columns)
    remainder = F.udf(lambda record: without_fields(record, declared), "string")
    own = ("fields", "source", "batch", "added_at")
    identity = [*dataset.key, *([dataset.sequence] if dataset.sequence and dataset.sequence not in dataset.key else [])]
    return rows.select(
        *(F.col(name).alias(f"row_{name}" if name in own else name) for name in identity),
        remainder(F.col(RAW)).alias("fields"),
        path_of(F.col(FILE)).alias("source"),
        F.lit(batch).cast("bigint").alias("batch"),
        F.current_timestamp().alias("added_at"),
    )


def without_fields(record: str, names: AbstractSet[str]) -> str:
    """A JSON object without some of its fields. In Python: Spark's SQL cannot take a field out without its type."""
    return json.dumps({name: value for name, value in json.loads(record).items() if name not in names})


def write_batch(frame: DataFrame, location: str, batch: int, again: bool) -> None:
    """Makes the frame all that the table at the location holds of the batch; makes the table where there is none."""
    write_part(frame, location, f"batch = {batch}", again)


def write_part(frame: DataFrame, location: str, where: str, again: bool) -> None:
    """Makes the frame all that the table holds of what a condition says; makes the table where there is none.

    Only of a batch that runs again can there be anything yet, which takes far longer to replace than to add to.
    """
    writer = frame.write.format("delta")
    if again:
        writer.mode("overwrite").option("replaceWhere", where).save(location)
    else:
        writer.mode("append").save(location)


def replace_all(frame: DataFrame, location: str) -> None:
    """Makes the frame all that the table at the location holds; makes the table where there is none."""
    frame.write.format("delta").mode("overwrite").save(location)
