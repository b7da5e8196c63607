"""A job's run with somebody watching: told when it begins, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional, Sequence

from pyspark.sql import SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import CheckFailed
from basin_jobs.report import Report
from basin_jobs.storage import message_of
from basin_jobs.tables.existence import is_table
from basin_jobs.tables.snapshot import newest_version
from basin_jobs.telemetry.run import RunTelemetry


@dataclass(frozen=True)
class Watch:
    """Addresses of what a run reads and of the table that it writes."""

    inputs: Sequence[str]
    table: str


def watched(
    spark: SparkSession,
    dataset: Dataset,
    watch: Watch,
    run: Callable[[], Report],
    telemetry: Optional[RunTelemetry] = None,
) -> Report:
    """Runs it, told by its own telemetry or by the given one; what it raises is told and raised again."""
    telemetry = telemetry or RunTelemetry(spark, dataset)
    telemetry.started(watch.inputs, watch.table)
    try:
        before = newest_version(spark, watch.table) if is_table(spark, watch.table) else None
        report = run()
    except BaseException as error:
        telemetry.failed(message_of(error), error.counts if isinstance(error, CheckFailed) else None)
        raise
    telemetry.succeeded(report.values, watch.inputs, before)
    return report
