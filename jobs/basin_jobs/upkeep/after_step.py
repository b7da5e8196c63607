"""Upkeep at the end of a dataset's step: the session is there, the lock is held, and nobody has to think of it."""

from __future__ import annotations

import sys

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from basin_jobs.declarations.folder import Declarations
from basin_jobs.storage import message_of
from basin_jobs.telemetry.run import RunTelemetry
from basin_jobs.upkeep.maintain import maintain


def keep_up(spark: SparkSession, declarations: Declarations, name: str, lake: str, telemetry: RunTelemetry) -> bool:
    """Does to a dataset's tables what their figures say is worth it, and publishes these.

    The step's own work is in its table by now, so what goes wrong here is told and no more: the next step tries again.

    Returns:
        Whether a table was changed.
    """
    try:
        done = maintain(spark, declarations, name, lake)
    except (Py4JJavaError, PySparkException) as error:
        print(f"basin: {name}: upkeep failed and is tried again by the next run: {message_of(error)}", file=sys.stderr)
        return False
    telemetry.kept_up(done[0].after.to_json())
    changed = [upkeep for upkeep in done if upkeep.compacted or upkeep.vacuumed]
    for upkeep in changed:
        print(upkeep.line(name), flush=True)
    return bool(changed)
