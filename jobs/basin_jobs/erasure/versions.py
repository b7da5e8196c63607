"""A table's old versions made unreadable: its files, and the log that tells what was in them."""

from __future__ import annotations

import re
from typing import Any

from delta.tables import DeltaTable
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import Column, SparkSession

from basin_jobs.storage import Storage
from basin_jobs.tables.commits import find_commit, noted
from basin_jobs.tables.snapshot import snapshot

_WITHIN = {
    "spark.databricks.delta.retentionDurationCheck.enabled": "false",
    # The vacuum's own commit becomes the newest one, so that the deletion's, which names the subject, can go.
    "spark.databricks.delta.vacuum.logging.enabled": "true",
}
_LOG_FILE = re.compile(r"(\d{20})\.")


def purge_table(spark: SparkSession, location: str) -> None:
    """Leaves a table's newest version alone: no file of an older one, and no log of what was in it.

    The log goes too, because it holds the least and greatest values of every file's columns. What a derived table's
    last run noted is said again, so that the next one need not compute it anew.
    """
    last = find_commit(spark, location, {"operation": "gold"}, everywhere=True)
    for key, value in _WITHIN.items():
        spark.conf.set(key, value)
    try:
        with noted(spark, {} if last is None else last.note):
            DeltaTable.forPath(spark, location).vacuum(0)
    finally:
        for key in _WITHIN:
            spark.conf.unset(key)
    _forget_log(spark, location)


def _forget_log(spark: SparkSession, location: str) -> None:
    jvm: Any = spark._jvm
    newest = snapshot(spark, location)
    newest.deltaLog().checkpoint(newest, jvm.scala.Option.empty())
    storage = Storage(spark)
    for file in storage.files(f"{location}_delta_log"):
        match = _LOG_FILE.match(file.path.rsplit("/", 1)[1])
        if match is not None and int(match[1]) < newest.version():
            storage.remove(file.path)
    jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()


def versions_with(spark: SparkSession, location: str, rows: Column) -> list[int]:
    """Of all versions that can still be read, those that hold such rows."""
    history = DeltaTable.forPath(spark, location).history().select("version").collect()
    return sorted(row[0] for row in history if _holds(spark, location, row[0], rows))


def _holds(spark: SparkSession, location: str, version: int, rows: Column) -> bool:
    frame = spark.read.format("delta").option("versionAsOf", version)
    try:
        return bool(frame.load(location).where(rows).limit(1).count())
    except (PySparkException, Py4JJavaError):  # its files or its log are gone: nobody can read it
        return False
