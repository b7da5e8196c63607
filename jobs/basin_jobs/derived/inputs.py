"""The tables that a derived dataset reads, each at one fixed version for the whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence

from pyspark.sql import DataFrame, SparkSession

from basin_jobs.declarations.folder import Declarations
from basin_jobs.errors import InputError
from basin_jobs.layout import layout_of
from basin_jobs.tables.commits import Commit, changed_version, first_change
from basin_jobs.tables.existence import is_table
from basin_jobs.tables.snapshot import newest_version
from basin_jobs.tables.table import describe


@dataclass(frozen=True)
class Input:
    """A table by its bare name and at its newest version; `state` changes with its content, or when it is another."""

    name: str
    location: str
    version: int
    changed: int
    table: str

    @property
    def state(self) -> str:
        """Of which table, and its newest version that may differ from the one before."""
        return f"{self.table}@{self.changed}"

    def frame(self, spark: SparkSession) -> DataFrame:
        """The table at its version."""
        return spark.read.format("delta").option("versionAsOf", self.version).load(self.location)


def open_inputs(spark: SparkSession, declarations: Declarations, names: Sequence[str], lake: str) -> list[Input]:
    """The inputs of those names.

    Raises:
        InputError: naming every input that has no table yet.
    """
    locations = {name: layout_of(declarations.dataset(name), lake).table for name in names}
    missing = [name for name, location in locations.items() if not is_table(spark, location)]
    if missing:
        where = ", ".join(locations[name] for name in missing)
        raise InputError(f"no table yet for {', '.join(missing)} ({where}): run the steps of these datasets first")
    return [_input(spark, name, location) for name, location in locations.items()]


def _input(spark: SparkSession, name: str, location: str) -> Input:
    version, changed = newest_version(spark, location), changed_version(spark, location)
    return Input(name, location, version, changed, describe(spark, location).id)


def waiting_since(spark: SparkSession, inputs: Sequence[Input], last: Optional[Commit]) -> Optional[float]:
    """When the oldest change came that the last run has not seen, in seconds since 1970; None where there is none.

    A first run waits for its newest input only: that the others are old is no delay.
    """
    if last is None:
        newest = (first_change(spark, each.location, each.changed - 1) for each in inputs)
        return max((time for time in newest if time), default=None)
    changed = [each for each in inputs if last.note["inputs"].get(each.name) != each.state]
    times = (first_change(spark, each.location, _seen(each, last)) for each in changed)
    return min((time for time in times if time), default=None)


def _seen(read: Input, last: Commit) -> int:
    """The version that the last run read; of another table, the one before its newest."""
    same = last.note["inputs"].get(read.name, "").split("@")[0] == read.table
    return int(last.note.get("read", {}).get(read.name, read.changed - 1)) if same else read.changed - 1
