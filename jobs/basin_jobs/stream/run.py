"""The stream's job: it reads until it is asked to stop."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Mapping

from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from basin_jobs.batches.arrivals import SWEEP
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.layout import raw_folder
from basin_jobs.report import Outcome, Report, table_report
from basin_jobs.silver import open_job
from basin_jobs.storage import Storage
from basin_jobs.stream.checkpoint import checkpoint_folder, claim_checkpoint
from basin_jobs.stream.source import require_no_speculation
from basin_jobs.stream.writer import StreamWriter, Taken
from basin_jobs.tables.table import describe

_LOOK_SECONDS = 1
_LAST_RECORD_SECONDS = 30


@dataclass(frozen=True)
class Source:
    """A stream: its name, to which a checkpoint belongs, and its frame, with the columns of `read_kinesis`."""

    name: str
    frame: Callable[[], DataFrame]


@dataclass(frozen=True)
class Terms:
    """How a stream is read: when batches begin, how long the archive may take, how late it is searched.

    `trigger` is what `DataStreamWriter.trigger` takes.
    """

    archive_wait: timedelta
    trigger: Mapping[str, Any]
    sweep: timedelta = SWEEP


@dataclass(frozen=True)
class Watching:
    """Who is told, and asked: of each batch, of each look in between (whether an hour has closed), when to stop."""

    taken: Taken = lambda *_: None
    looked: Callable[[bool], None] = lambda _: None
    stop: Callable[[], bool] = lambda: False
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)


def run_stream(
    spark: SparkSession,
    dataset: Dataset,
    raw: str,
    lake: str,
    source: Source,
    terms: Terms,
    watching: Watching = Watching(),
) -> Report:
    """Takes a stream in until it is asked to stop, or its source ends.

    Args:
        spark: the session.
        dataset: a stream with a key.
        raw: root of the raw zone, where the stream's archive is.
        lake: root of the lake.
        source: the stream.
        terms: how it is read.
        watching: who is told and asked.

    Raises:
        InputError: the declaration, the table or the checkpoint does not fit, or the stream cannot be read on.
        CheckFailed: more records of a batch were rejected than `maxRejected` allows; the batch is not in the table.
    """
    _require_readable(dataset)
    require_no_speculation(spark)
    job = open_job(spark, dataset, raw, lake)
    storage, layout = Storage(spark), job.layout
    claim_checkpoint(storage, layout, dataset, describe(spark, layout.table), source.name)
    writer = StreamWriter(spark, job, watching.taken)
    writer.settle()
    query = (
        source.frame()
        .writeStream.foreachBatch(writer.take)
        .option("checkpointLocation", checkpoint_folder(layout))
        .trigger(**terms.trigger)
        .start()
    )

    def look() -> None:
        idle = _is_idle(query)
        # Before the first batch nobody knows how far behind the stream is.
        if idle or query.lastProgress is not None:
            folder, now = raw_folder(dataset, raw), watching.now()
            watching.looked(writer.reconcile(folder, now, terms.archive_wait, terms.sweep, caught_up=idle))

    try:
        while query.isActive and not watching.stop():
            look()
            _wait(query)
        failure = query.exception()
        if failure is not None:
            raise writer.fault or InputError(f"{dataset.name}: the stream cannot be read on: {_cause(failure)}")
        if not query.isActive:
            look()
    finally:
        writer.stop()
        _let_record(query)
        query.stop()
    outcome = Outcome(writer.batches, writer.counts, job.log.total(), sorted(job.undeclared), job.commit_age)
    return table_report(spark, dataset, layout.table, outcome)


def _require_readable(dataset: Dataset) -> None:
    if dataset.source.kind != "stream":
        raise InputError(f"{dataset.name} is {dataset.source.kind}: only a stream is read directly")
    if not dataset.key:
        raise InputError(
            f"{dataset.name} has no key, and is read through its archive only: what a stream read directly has missed"
            " is told by comparing it with the archive, and without a key a record that comes twice would be two rows"
        )


def _is_idle(query: StreamingQuery) -> bool:
    """Whether all that there is has been read: the last look found nothing, or the source has ended."""
    status = query.status
    waiting = status["message"].startswith("Waiting") and not status["isTriggerActive"]
    return not query.isActive or (waiting and not status["isDataAvailable"])


def _wait(query: StreamingQuery) -> None:
    with suppress(StreamingQueryException):  # which the query has too
        query.awaitTermination(_LOOK_SECONDS)


def _let_record(query: StreamingQuery) -> None:
    """Lets Structured Streaming note the end of the last batch; what it does not note is not taken in twice."""
    until = time.monotonic() + _LAST_RECORD_SECONDS
    while query.isActive and query.status["isTriggerActive"] and time.monotonic() < until:
        time.sleep(0.1)


def _cause(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
