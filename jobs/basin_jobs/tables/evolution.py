"""How a table follows its declaration: by additions and descriptions; the rest is refused before a byte is written."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any, Mapping, Optional

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.schema import same_type
from basin_jobs.errors import InputError
from basin_jobs.rows.records import quoted, text_literal
from basin_jobs.tables.constraints import drop_constraints
from basin_jobs.tables.rewrite import rewrite


def follow_declaration(
    spark: SparkSession,
    dataset: Dataset,
    schema: T.StructType,
    detail: Mapping[str, Any],
    properties: Mapping[str, str],
    today: Optional[date] = None,
) -> None:
    """Brings columns, their order and descriptions, clustering and properties of a table to the declaration.

    Args:
        spark: the session.
        dataset: the declaration.
        schema: its columns.
        detail: the table's row of DESCRIBE DETAIL.
        properties: those that the table should have.
        today: the day on which `breaking` is looked at; the clock's, in UTC, when left out.

    Raises:
        InputError: naming every column that is gone or of another type, though `breaking` does not accept it, or that
            is required where rows may lack it.
    """
    table = f"delta.{quoted(detail['location'])}"
    current = spark.table(table).schema
    _refuse(dataset, current, schema, detail["numFiles"] > 0, today or datetime.now(timezone.utc).date())
    drop_constraints(spark, dataset, detail["location"], detail["properties"])
    clustering = list(detail["clusteringColumns"])
    if _broken(current, schema):
        rewrite(spark, dataset, detail["location"], schema)
        current, clustering = spark.table(table).schema, []
    statements = [
        *_column_changes(dataset, current, schema),
        *_clustering(dataset, clustering),
        *_property_changes(detail, properties),
    ]
    if detail.get("description") != dataset.description:
        spark.sql(f"COMMENT ON TABLE {table} IS {text_literal(dataset.description)}")
    for statement in statements:
        try:
            spark.sql(f"ALTER TABLE {table} {statement}")
        except AnalysisException as error:
            what = str(error).strip().splitlines()[0]
            raise InputError(f"{dataset.name}: the table cannot follow its declaration ({statement}): {what}") from None


def _broken(current: T.StructType, declared: T.StructType) -> dict[str, str]:
    """What readers would miss, by column."""
    broken = {}
    for field in current:
        if field.name not in declared.names:
            broken[field.name] = f"{field.name} is in the table and not declared any more"
        elif not same_type(field.dataType, declared[field.name].dataType):
            was, now = field.dataType.simpleString(), declared[field.name].dataType.simpleString()
            broken[field.name] = f"{field.name} is {was} in the table and declared {now}"
    return broken


def _refuse(dataset: Dataset, current: T.StructType, declared: T.StructType, has_rows: bool, today: date) -> None:
    broken = _broken(current, declared)
    agreed = dataset.breaking
    accepted = set(agreed.accept) if agreed else set()
    faults = [fault for name, fault in broken.items() if name not in accepted]
    if agreed and today < agreed.since:
        faults += [f"{broken[name]}, which is accepted from {agreed.since} on" for name in broken if name in accepted]
    if has_rows:
        new = [field.name for field in declared if field.name not in current.names and not field.nullable]
        faults += [f"{name} is new and required, and rows already there lack it: leave `required` out" for name in new]
    if faults:
        raise InputError(f"{dataset.name}: the table cannot follow its declaration: " + "; ".join(faults))


def _column_changes(dataset: Dataset, current: T.StructType, declared: T.StructType) -> list[str]:
    statements = []
    order = list(current.names)
    previous = None
    for position, column in enumerate(dataset.columns):
        name, place = quoted(column.name), f"AFTER {quoted(previous)}" if previous else "FIRST"
        field = declared[column.name]
        if column.name not in order:
            statements.append(f"ADD COLUMNS ({column_definition(column.description, field)} {place})")
            order.insert(position, column.name)
        else:
            statements += _column_followed(column.description, current[column.name], field)
            if order[position] != column.name:
                statements.append(f"ALTER COLUMN {name} {place}")
                order.remove(column.name)
                order.insert(position, column.name)
        previous = column.name
    return statements


def _column_followed(description: Optional[str], current: T.StructField, declared: T.StructField) -> list[str]:
    name = quoted(declared.name)
    statements = []
    if (current.metadata.get("comment") or None) != description:
        statements.append(f"ALTER COLUMN {name} COMMENT {text_literal(description or '')}")
    if declared.nullable and not current.nullable:
        statements.append(f"ALTER COLUMN {name} DROP NOT NULL")
    return statements


def _clustering(dataset: Dataset, current: list[str]) -> list[str]:
    if current == list(dataset.cluster_by):
        return []
    columns = ", ".join(map(quoted, dataset.cluster_by))
    return [f"CLUSTER BY ({columns})" if columns else "CLUSTER BY NONE"]


def _property_changes(detail: Mapping[str, Any], properties: Mapping[str, str]) -> list[str]:
    changed = {key: value for key, value in properties.items() if detail["properties"].get(key) != value}
    return [f"SET TBLPROPERTIES ({property_list(changed)})"] if changed else []


def column_definition(description: Optional[str], field: T.StructField) -> str:
    """A column as SQL declares it: name, type, NOT NULL, comment."""
    required = "" if field.nullable else " NOT NULL"
    comment = f" COMMENT {text_literal(description)}" if description else ""
    return f"{quoted(field.name)} {field.dataType.simpleString()}{required}{comment}"


def property_list(properties: Mapping[str, str]) -> str:
    """Table properties as SQL lists them."""
    return ", ".join(f"{text_literal(key)} = {text_literal(value)}" for key, value in properties.items())
