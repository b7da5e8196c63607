"""A change that a table's log cannot make alone: every row is written anew, in one commit."""

from __future__ import annotations

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.schema import same_type
from basin_jobs.errors import InputError
from basin_jobs.rows.records import quoted
from basin_jobs.tables.commits import noted


def rewrite(spark: SparkSession, dataset: Dataset, location: str, declared: T.StructType) -> None:
    """Takes the columns that are not declared out of a table, and casts those that are declared otherwise.

    Readers see it as it was or as it is. Versions before the change stay for as long as the table's history. Clustering
    does not survive an overwritten schema: whoever calls declares it again.

    Raises:
        InputError: with the number of rows whose value a new type would lose; nothing was written.
    """
    rows = spark.read.format("delta").load(location)
    kept = [field for field in rows.schema if field.name in declared.names]
    retyped = {field.name for field in kept if not same_type(field.dataType, declared[field.name].dataType)}
    _require_values_kept(dataset, rows, [field for field in kept if field.name in retyped], declared)
    columns = [
        _cast(field, declared[field.name].dataType) if field.name in retyped else F.col(quoted(field.name))
        for field in kept
    ]
    broken = sorted({name for name in rows.columns if name not in declared.names} | retyped)
    with noted(spark, {"operation": "breaking", "columns": broken}):
        result = rows.select(*columns).write.format("delta")
        result.mode("overwrite").option("overwriteSchema", "true").save(location)


def _require_values_kept(
    dataset: Dataset, rows: DataFrame, retyped: list[T.StructField], declared: T.StructType
) -> None:
    if not retyped:
        return
    lost = [F.count(F.when(_loses(field, declared[field.name].dataType), 1)).alias(field.name) for field in retyped]
    try:
        counts = rows.agg(*lost).collect()[0].asDict()
    except AnalysisException as error:
        what = str(error).strip().splitlines()[0]
        raise InputError(f"{dataset.name}: the table cannot follow its declaration: {what}") from None
    faults = [
        f"{count} rows have a {name} that {declared[name].dataType.simpleString()} cannot hold"
        for name, count in counts.items()
        if count > 0
    ]
    if faults:
        raise InputError(f"{dataset.name}: the table cannot follow its declaration: " + "; ".join(faults))


def _cast(field: T.StructField, to: T.DataType) -> Column:
    return F.col(quoted(field.name)).cast(to).alias(field.name, metadata=field.metadata)


def _loses(field: T.StructField, to: T.DataType) -> Column:
    """A value that does not come back from the new type; text may be spelled otherwise (`01`, `1`) and be the same."""
    value = F.col(quoted(field.name))
    there = value.cast(to)
    if isinstance(field.dataType, T.StringType):
        return value.isNotNull() & there.isNull()
    return ~there.cast(field.dataType).eqNullSafe(value)
