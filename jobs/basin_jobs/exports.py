"""Copies of a table for readers without Delta: `exports/<dataset>/<format>/version=N/`, each whole or not there.

A copy is written first; Spark marks it as whole at the end; only then does the catalogue get its partition. A run that
died before that leaves files that no table shows and that the next run writes anew. Copies of older versions go a day
after they were followed, so that a query that has begun on one ends on it.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any, Optional

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from basin_jobs.aws import aws_client, is_error
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.layout import export_location, layout_of
from basin_jobs.storage import Storage
from basin_jobs.tables.commits import changed_version
from basin_jobs.tables.table import describe
from basin_jobs.upkeep.figures import target_bytes

WHOLE = "_SUCCESS"
KEPT_SECONDS = 86_400.0
_FOLDER = re.compile(r"version=(\d+)")


@dataclass(frozen=True)
class Shelf:
    """The declared table of one format in the catalogue, whose partitions are the copies that readers see."""

    glue: Any
    jvm: Any
    database: str
    table: str

    def show(self, version: int, location: str) -> None:
        """Adds a copy's partition, unless it is there."""
        model = self.jvm.com.amazonaws.services.glue.model
        found = self.glue.getTable(model.GetTableRequest().withDatabaseName(self.database).withName(self.table))
        storage = found.getTable().getStorageDescriptor().withLocation(location)
        partition = model.PartitionInput().withStorageDescriptor(storage)
        partition.setValues(self._values(version))
        request = model.CreatePartitionRequest().withDatabaseName(self.database).withTableName(self.table)
        try:
            self.glue.createPartition(request.withPartitionInput(partition))
        except Py4JJavaError as error:
            if not is_error(error, "AlreadyExistsException"):
                raise

    def hide(self, version: int) -> None:
        """Takes a copy's partition away, if it is there."""
        model = self.jvm.com.amazonaws.services.glue.model
        request = model.DeletePartitionRequest().withDatabaseName(self.database).withTableName(self.table)
        request.setPartitionValues(self._values(version))
        try:
            self.glue.deletePartition(request)
        except Py4JJavaError as error:
            if not is_error(error, "EntityNotFoundException"):
                raise

    def _values(self, version: int) -> Any:
        values = self.jvm.java.util.ArrayList()
        values.add(str(version))
        return values


def shelf_of(spark: SparkSession, dataset: Dataset, form: str, database: str) -> Shelf:
    """The catalogue's table of a dataset's copies in a format."""
    return Shelf(aws_client(spark, "glue.AWSGlue"), spark._jvm, database, f"{dataset.name}__{form}")


def run_exports(
    spark: SparkSession, dataset: Dataset, lake: str, database: Optional[str], kept_seconds: float = KEPT_SECONDS
) -> list[str]:
    """Brings the copies of a dataset to its table's newest version.

    Args:
        spark: the session.
        dataset: whose `exports` name the formats.
        lake: root of the lake.
        database: the catalogue's, of the declared tables; None where there is no catalogue.
        kept_seconds: how long a copy stays that a newer one has followed.

    Returns:
        Locations of the copies that were written.
    """
    table, storage = layout_of(dataset, lake).table, Storage(spark)
    version = changed_version(spark, table) if dataset.exports else 0
    written = []
    for form in dataset.exports:
        folder = export_location(dataset, lake, form)
        location = f"{folder}version={version}/"
        if not storage.exists(location + WHOLE):
            _copy(spark, table, version, form, location)
            written.append(location)
        shelf = shelf_of(spark, dataset, form, database) if database else None
        if shelf is not None:
            shelf.show(version, location)
        followed = time.time() - storage.status(location + WHOLE).modified / 1000
        if followed >= kept_seconds:
            _remove_older(storage, folder, version, shelf)
    return written


def _copy(spark: SparkSession, table: str, version: int, form: str, location: str) -> None:
    # As many files as the table's bytes fill: a copy is no smaller than its source, so none is much too large.
    files = max(1, round(describe(spark, table).bytes / target_bytes(spark)))
    rows = spark.read.format("delta").option("versionAsOf", version).load(table)
    rows.repartition(files).write.format(form).mode("overwrite").save(location)


def _remove_older(storage: Storage, folder: str, version: int, shelf: Optional[Shelf]) -> None:
    for name in storage.folders(folder):
        match = _FOLDER.fullmatch(name)
        if match is None or int(match[1]) == version:
            continue
        if shelf is not None:
            shelf.hide(int(match[1]))
        storage.remove(f"{folder}{name}")
