"""A computed result held against its declaration."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.rows.native_values import declared_values, widens
from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW, UNDECLARED


def derived_records(result: DataFrame, dataset: Dataset, schema: T.StructType, file: str) -> DataFrame:
    """The result as a reader's frame, with its rows as JSON for raw and the dataset's name for a file.

    Raises:
        InputError: naming every column that is missing, not declared, or of a type that may not fit the declared one.
    """
    _require_columns(result, dataset, schema, file)
    types = {field.name: field.dataType for field in result.schema}
    return result.withColumn(RAW, F.to_json(F.struct("*"), {"ignoreNullFields": "false"})).select(
        RAW,
        F.lit(f"{dataset.zone}.{dataset.name}").alias(FILE),
        F.lit(None).cast("string").alias(ARRIVAL),
        F.lit(None).cast("string").alias(FAULT),
        F.lit(False).alias(UNDECLARED),
        *declared_values(types, dataset, schema),
    )


def require_one_row_a_key(rows: DataFrame, dataset: Dataset) -> None:
    """Raises CheckFailed, with an example, where two rows have the same key."""
    if not dataset.key:
        return
    twice = rows.groupBy(*dataset.key).count().where("count > 1")
    examples = twice.limit(1).collect()
    if examples:
        found = ", ".join(f"{name} = {examples[0][name]}" for name in dataset.key)
        raise CheckFailed(
            f"{dataset.name}: the result has {examples[0]['count']} rows with the key {found}; the table is as it was"
        )


def _require_columns(result: DataFrame, dataset: Dataset, schema: T.StructType, file: str) -> None:
    names = [column.source_name for column in dataset.columns]
    faults = [f"{name} is missing" for name in names if name not in result.columns]
    faults += [f"{name} is not declared" for name in result.columns if name not in names]
    faults += [f"{name} stands twice" for name in names if result.columns.count(name) > 1]
    for column in dataset.columns:
        if result.columns.count(column.source_name) != 1:
            continue
        found, declared = result.schema[column.source_name].dataType, schema[column.name].dataType
        if not widens(found, declared):
            faults.append(
                f"{column.source_name} is {found.simpleString()}, declared {declared.simpleString()}: cast it"
            )
    if faults:
        raise InputError(f"{file} does not give the declared columns of {dataset.name}: {'; '.join(faults)}")
