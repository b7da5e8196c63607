"""A declared Delta table: made at its location before anything is written, and kept to its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Mapping

from delta.tables import DeltaTable
from pyspark.sql import SparkSession
from pyspark.sql import types as T

from basin_jobs.batches.log import new_epoch
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.rows.records import quoted, text_literal
from basin_jobs.tables.constraints import add_constraints, constraints
from basin_jobs.tables.evolution import column_definition, follow_declaration, property_list
from basin_jobs.tables.existence import clear_unborn, is_table
from basin_jobs.tables.snapshot import snapshot, table_property
from basin_jobs.upkeep.horizon import pinned_seconds

EPOCH = "basin.epoch"
DATASET = "basin.dataset"
KEY = "basin.key"
_DEFAULT_INDEXED_COLUMNS = 32


@dataclass(frozen=True)
class Table:
    """Where a table lies, its identity (`id` is Delta's), the life of it that batches belong to, and its size."""

    location: str
    id: str
    epoch: str
    files: int
    bytes: int


def open_table(spark: SparkSession, dataset: Dataset, schema: T.StructType, location: str) -> Table:
    """The dataset's table, made as version 0 where there is none, its columns brought to the declaration.

    Raises:
        InputError: the table is another dataset's, or differs in a way that rows already written do not allow.
    """
    if not is_table(spark, location):
        _create(spark, dataset, schema, location)
        return describe(spark, location)
    detail = _detail(spark, location)
    properties = detail["properties"]
    if properties.get(DATASET) != dataset.name or EPOCH not in properties:
        raise InputError(f"{location} is not a table that Basin made for {dataset.name}")
    if properties.get(KEY, "") != ",".join(dataset.key) and detail["numFiles"] > 0:
        known = properties.get(KEY) or "none"
        wanted_key = ", ".join(dataset.key) or "none"
        raise InputError(f"{dataset.name}: the key of a table with rows cannot change from {known} to {wanted_key}")
    pinned = pinned_seconds(spark, dataset, location, datetime.now(timezone.utc).date())
    wanted = {**_properties(dataset, schema, pinned), KEY: ",".join(dataset.key)}
    follow_declaration(spark, dataset, schema, detail, wanted)
    add_constraints(spark, dataset, location, properties)
    return describe(spark, location)


def require_table(spark: SparkSession, dataset: Dataset, location: str) -> Table:
    """The dataset's table, which must be there.

    Raises:
        InputError: there is none, or it is another's.
    """
    if not is_table(spark, location):
        raise InputError(f"{dataset.name} has no table yet ({location}): run its step first")
    if table_property(snapshot(spark, location), DATASET) != dataset.name:
        raise InputError(f"{location} is not a table that Basin made for {dataset.name}")
    return describe(spark, location)


def describe(spark: SparkSession, location: str) -> Table:
    """The table as it is now."""
    found = snapshot(spark, location)
    epoch = table_property(found, EPOCH) or ""
    return Table(location, str(found.metadata().id()), epoch, int(found.numOfFiles()), int(found.sizeInBytes()))


def _create(spark: SparkSession, dataset: Dataset, schema: T.StructType, location: str) -> None:
    """By path: a table that the catalogue declares, but that has no log yet, cannot be made by name."""
    columns = ", ".join(column_definition(each.description, field) for each, field in zip(dataset.columns, schema))
    clustering = f" CLUSTER BY ({', '.join(map(quoted, dataset.cluster_by))})" if dataset.cluster_by else ""
    clear_unborn(spark, location)
    identity = {EPOCH: new_epoch(), DATASET: dataset.name, KEY: ",".join(dataset.key)}
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS delta.{quoted(location)} ({columns}) USING delta{clustering}"
        f" COMMENT {text_literal(dataset.description)}"
        f" TBLPROPERTIES ({property_list({**identity, **_properties(dataset, schema), **constraints(dataset)})})"
    )


def _properties(dataset: Dataset, schema: T.StructType, pinned_seconds: int = 0) -> dict[str, str]:
    # As properties they hold for whoever vacuums the table, not for Basin alone.
    history = f"interval {max(dataset.history_seconds, pinned_seconds)} seconds"
    return {
        "delta.logRetentionDuration": history,
        "delta.deletedFileRetentionDuration": history,
        **({"delta.enableChangeDataFeed": "true"} if dataset.followed else {}),
        # MERGE can fail on tables that have them (delta-io/delta#2943).
        "delta.enableDeletionVectors": "false",
        "delta.dataSkippingNumIndexedCols": str(_indexed_columns(dataset, schema)),
    }


def _indexed_columns(dataset: Dataset, schema: T.StructType) -> int:
    """Delta's default, or as many as reach the last column of clustering or key: readers and merges filter by these."""
    last = max((dataset.column_names.index(name) for name in (*dataset.cluster_by, *dataset.key)), default=-1)
    return max(_DEFAULT_INDEXED_COLUMNS, sum(_leaves(field.dataType) for field in schema.fields[: last + 1]))


def _leaves(type_: T.DataType) -> int:
    return sum(_leaves(field.dataType) for field in type_) if isinstance(type_, T.StructType) else 1


def _detail(spark: SparkSession, location: str) -> Mapping[str, Any]:
    return DeltaTable.forPath(spark, location).detail().collect()[0].asDict()
