"""The tables that a derived dataset reads, each at one fixed version for the whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession

from basin_jobs.declarations.folder import Declarations
from basin_jobs.errors import InputError
from basin_jobs.layout import layout_of
from basin_jobs.tables.commits import changed_version, newest_version
from basin_jobs.tables.table import describe


@dataclass(frozen=True)
class Input:
    """A table by its bare name; `state` changes when its content may have, or when it is another table."""

    name: str
    location: str
    version: int
    state: str

    def frame(self, spark: SparkSession) -> DataFrame:
        """The table at its version."""
        return spark.read.format("delta").option("versionAsOf", self.version).load(self.location)


def open_inputs(spark: SparkSession, declarations: Declarations, names: Sequence[str], lake: str) -> list[Input]:
    """The inputs of those names.

    Raises:
        InputError: naming every input that has no table yet.
    """
    locations = {name: layout_of(declarations.dataset(name), lake).table for name in names}
    missing = [name for name, location in locations.items() if not DeltaTable.isDeltaTable(spark, location)]
    if missing:
        where = ", ".join(locations[name] for name in missing)
        raise InputError(f"no table yet for {', '.join(missing)} ({where}): run the steps of these datasets first")
    return [_input(spark, name, location) for name, location in locations.items()]


def _input(spark: SparkSession, name: str, location: str) -> Input:
    version = newest_version(spark, location)
    return Input(name, location, version, f"{describe(spark, location).id}@{changed_version(spark, location)}")
