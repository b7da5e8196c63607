"""Declared columns as a Spark schema."""

from __future__ import annotations

from pyspark.errors import ParseException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError


def declared_schema(spark: SparkSession, dataset: Dataset) -> T.StructType:
    """Names, types and nullability as declared, in order.

    Raises:
        InputError: a type is not Spark SQL's.
    """
    casts = []
    for column in dataset.columns:
        try:
            casts.append(F.lit(None).cast(column.type).alias(column.name))
        except ParseException:
            fault = f"{dataset.name}: {column.name} has type {column.type}, which is not Spark SQL's"
            raise InputError(fault) from None
    types = spark.range(0).select(*casts).schema
    fields = zip(dataset.columns, types)
    return T.StructType([T.StructField(column.name, field.dataType, not column.required) for column, field in fields])


def same_type(left: T.DataType, right: T.DataType) -> bool:
    """Whether two types hold the same values; what is nullable inside them does not count."""
    return left.simpleString() == right.simpleString()
