"""The operation `stream`: what it is told, and what it tells."""

from __future__ import annotations

import argparse
import time
from datetime import timedelta

from pyspark.sql import SparkSession

from basin_jobs.batches.counts import Counts
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.exports import run_exports
from basin_jobs.layout import layout_of
from basin_jobs.locks.dataset import dataset_locked
from basin_jobs.session import open_session
from basin_jobs.storage import Storage
from basin_jobs.stream.received import Received
from basin_jobs.stream.run import Source, Terms, Watching, run_stream
from basin_jobs.stream.source import StreamSource, read_kinesis
from basin_jobs.stream.stopping import StopRequest
from basin_jobs.telemetry.run import RunTelemetry
from basin_jobs.telemetry.watch import Watch, watched
from basin_jobs.upkeep.after_step import keep_up

# Nothing new is told as often as this: an alarm that hears nothing takes the stream for dead.
_QUIET_SECONDS = 60


def run_stream_operation(parsed: argparse.Namespace) -> None:
    """Reads a stream until it is asked to stop, and tells of each batch."""
    declarations = Declarations(parsed.datasets)
    dataset = declarations.dataset(parsed.dataset)
    spark = open_session()
    layout = layout_of(dataset, parsed.lake)
    source = StreamSource(
        parsed.stream_name, parsed.endpoint_url, parsed.region, parsed.max_records_per_batch, parsed.consumer_name
    )
    stream = Source(source.name, lambda: read_kinesis(spark, source))
    terms = Terms(
        archive_wait=timedelta(seconds=parsed.archive_wait),
        trigger={"processingTime": f"{parsed.trigger_seconds} seconds"},
        sweep=timedelta(seconds=parsed.sweep),
    )
    stop = StopRequest(Storage(spark), layout)
    telling = Telling(spark, declarations, dataset, parsed.lake, parsed.export_database)
    watching = Watching(taken=telling.taken, looked=telling.looked, stop=stop)
    with dataset_locked(spark, dataset, parsed, several=False, when_lost=stop.ask), stop.by_signal():
        report = watched(
            spark,
            dataset,
            Watch([f"kinesis://{source.name}"], layout.table),
            lambda: run_stream(spark, dataset, parsed.raw, parsed.lake, stream, terms, watching),
        )
        run_exports(spark, dataset, parsed.lake, parsed.export_database)
    report.tell()


class Telling:
    """What those who watch a stream are told: each batch, and that it lives where nothing comes."""

    def __init__(
        self, spark: SparkSession, declarations: Declarations, dataset: Dataset, lake: str, database: str
    ) -> None:
        self._spark = spark
        self._declarations = declarations
        self._dataset = dataset
        self._lake = lake
        self._database = database
        self._telemetry = RunTelemetry(spark, dataset)
        self._told = time.monotonic()

    def taken(self, received: Received, counts: Counts, seconds: float) -> None:
        """A batch is in the table."""
        now = time.time() * 1_000
        lag = {
            "StreamLag": received.behind(round(now)),
            "StreamRecordsBehind": received.records_behind(round(now)),
            "CommitAge": round(max(0.0, now - received.oldest) / 1_000, 3),
        }
        self._telemetry.batch_taken(counts.to_json(), lag, seconds)
        self._told = time.monotonic()

    def looked(self, hour_closed: bool) -> None:
        """Between batches; copies of the table follow it hour by hour, and its old files go where that is worth it."""
        if hour_closed:
            run_exports(self._spark, self._dataset, self._lake, self._database)
            keep_up(self._spark, self._declarations, self._dataset.name, self._lake, self._telemetry)
        if time.monotonic() - self._told >= _QUIET_SECONDS:
            self._telemetry.quiet({"StreamLag": 0, "StreamRecordsBehind": 0, "CommitAge": 0})
            self._told = time.monotonic()
