"""The Spark session: what rows mean must not hang on where a job runs."""

from __future__ import annotations

import os
import time

from pyspark import SparkConf
from pyspark.sql import SparkSession

# Static settings, for a submit that brings none of its own; a cluster's own are left alone.
_IF_ABSENT = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}

_ALWAYS = {
    "spark.sql.session.timeZone": "UTC",
    # Null and not an error where SQL cannot compute: a check over bad data rejects the row, not the run.
    "spark.sql.ansi.enabled": "false",
    # The proleptic Gregorian calendar everywhere; the default fails a whole job on one date before 1582.
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # A file that cannot be read is set aside by name, never skipped in silence.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}

_DELTA_LOG_PARTITIONS = "spark.databricks.delta.snapshotPartitions"
_DELTA_LOG_TASKS = 50
_LISTING_TASKS = "spark.sql.sources.parallelPartitionDiscovery.parallelism"
_TASKS_A_CORE = 32


def open_session() -> SparkSession:
    """The session of this process, made on first use, with UTC in Spark and in Python alike."""
    # PySpark turns timestamps into local datetimes by the process's own zone.
    os.environ["TZ"] = "UTC"
    time.tzset()
    builder = SparkSession.builder
    submitted = SparkConf()
    for key, value in _IF_ABSENT.items():
        if not submitted.contains(key):
            builder = builder.config(key, value)
    for key, value in _ALWAYS.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    # Delta replays a table's log in 50 tasks, whatever the table: on two cores most of them are empty rounds.
    if not submitted.contains(_DELTA_LOG_PARTITIONS):
        tasks = min(_DELTA_LOG_TASKS, spark.sparkContext.defaultParallelism)
        spark.conf.set(_DELTA_LOG_PARTITIONS, str(tasks))
    # A vacuum lists a table in 10,000 tasks, were it three files: minutes on two cores.
    if not submitted.contains(_LISTING_TASKS):
        spark.conf.set(_LISTING_TASKS, str(_TASKS_A_CORE * spark.sparkContext.defaultParallelism))
    return spark
