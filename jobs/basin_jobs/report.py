"""The line in which a job says what it did: the last on its standard output."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from typing import Any, Sequence

from pyspark.sql import SparkSession

from basin_jobs.batches.counts import Counts
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.tables.snapshot import newest_version
from basin_jobs.tables.table import describe

PREFIX = "BASIN_REPORT "


@dataclass(frozen=True)
class Report:
    """The table as it is now, the counts of this run, and those of all runs that made it what it is."""

    values: dict[str, Any]
    run: Counts

    def line(self) -> str:
        """`BASIN_REPORT {json}`."""
        return PREFIX + json.dumps(self.values, ensure_ascii=False)

    def tell(self) -> None:
        """Prints the line, and before it what somebody should know of, to standard error."""
        for name in self.values["run"]["undeclaredColumns"]:
            print(f"basin: {self.values['dataset']}: column {name} is not declared and was left out", file=sys.stderr)
        print(self.line(), flush=True)


@dataclass(frozen=True)
class Outcome:
    """What a run did, and what all runs have done that made the table what it is.

    `undeclared` are columns of files that the declaration leaves out; `commit_age` is how old, in seconds, the oldest
    row of the run was when readers could first see it: 0 where nothing was waiting.
    """

    batches: int
    run: Counts
    total: Counts
    undeclared: Sequence[str] = ()
    commit_age: float = 0.0


def table_report(spark: SparkSession, dataset: Dataset, location: str, outcome: Outcome) -> Report:
    """Adds the table's version and size."""
    values = {
        "version": 1,
        "dataset": dataset.name,
        "zone": dataset.zone,
        "location": location,
        **_size(spark, location),
        # Delta answers a bare count from its log.
        "rowsTable": spark.read.format("delta").load(location).count(),
        "run": {
            "batches": outcome.batches,
            **outcome.run.to_json(),
            "commitAgeSeconds": round(max(0.0, outcome.commit_age), 3),
            "undeclaredColumns": list(outcome.undeclared),
        },
        "total": outcome.total.to_json(),
    }
    return Report(values, outcome.run)


def after_upkeep(spark: SparkSession, report: Report) -> Report:
    """The same report of a table that has got other files since."""
    return replace(report, values={**report.values, **_size(spark, report.values["location"])})


def _size(spark: SparkSession, location: str) -> dict[str, int]:
    table = describe(spark, location)
    return {"tableVersion": newest_version(spark, location), "files": table.files, "bytes": table.bytes}
