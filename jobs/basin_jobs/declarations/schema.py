"""Declared columns as a Spark schema."""

from __future__ import annotations

from pyspark.errors import ParseException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.dataset import Dataset
from basin_jobs.errors import InputError


def declared_schema(spark: SparkSession, dataset: Dataset) -> T.StructType:
    """Names, types and nullability as declared, in order.

    Raises:
        InputError: a type is not Spark SQL's.
    """
    fields = []
    for column in dataset.columns:
        try:
            type_ = spark.range(0).select(F.lit(None).cast(column.type)).schema[0].dataType
        except ParseException:
            raise InputError(
                f"{dataset.name}: {column.name} has type {column.type}, which is not Spark SQL's"
            ) from None
        fields.append(T.StructField(column.name, type_, nullable=not column.required))
    return T.StructType(fields)


def same_type(left: T.DataType, right: T.DataType) -> bool:
    """Whether two types hold the same values; what is nullable inside them does not count."""
    return left.simpleString() == right.simpleString()
