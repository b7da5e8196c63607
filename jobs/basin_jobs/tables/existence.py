"""Whether a Delta table is there."""

from __future__ import annotations

from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from basin_jobs.storage import Storage
from basin_jobs.tables.snapshot import newest_version


def is_table(spark: SparkSession, location: str) -> bool:
    """Whether a table with at least one version lies there.

    What Delta's own question calls a table may be a log in which only a temporary file lies: a writer was killed before
    it had made version 0. Every later run would then look for a table that is not there.
    """
    return DeltaTable.isDeltaTable(spark, location) and newest_version(spark, location) >= 0


def clear_unborn(spark: SparkSession, location: str) -> None:
    """Takes away what killed writers left in the log of a table that has no version: Delta would make none beside it.

    Only temporary files, whose names begin with a dot or whose folder's does: another writer's first version stays.
    """
    storage = Storage(spark)
    log = f"{location.rstrip('/')}/_delta_log/"
    for file in storage.files(log):
        if file.path.rsplit("/_delta_log/", 1)[1].startswith("."):
            storage.remove(file.path)
    # On a disk the folder stays, which is enough for Spark to make no table.
    if storage.exists(log) and not storage.files(log):
        storage.remove(log)
