"""Streams of the tests' own: files with Kinesis's columns, or, given the connector's jar, a stream of the local AWS.

The jar's path is in BASIN_KINESIS_CONNECTOR_JAR; see `conftest.submit_environment` for what else the connector needs.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any, Iterator, Optional, Protocol

import pytest
from conftest import CONNECTOR_JAR, Platform
from local_aws import emulator_of
from pyspark.sql import DataFrame
from stream_worker import KINESIS, records_in

from basin_jobs.aws import ENDPOINT, aws_client
from basin_jobs.batches.hours import hour_of
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.report import Report
from basin_jobs.stream.run import Source, Terms, Watching, run_stream
from basin_jobs.stream.source import StreamSource, read_kinesis

WAIT = timedelta(minutes=30)
# A connector reads without end: it has read all there is when so many looks, a second apart, have found nothing.
QUIET_LOOKS = 10
by_files = pytest.mark.skipif(bool(CONNECTOR_JAR), reason="Kinesis says itself when a record arrived")
by_connector = pytest.mark.skipif(not CONNECTOR_JAR, reason="BASIN_KINESIS_CONNECTOR_JAR is not set")


class Stream(Protocol):
    """`began` is the hour in which records arrive unless told otherwise."""

    name: str
    began: datetime

    def put(self, *records: bytes, arrived: Optional[datetime] = None) -> None:
        """Sends records."""

    def frame(self) -> DataFrame:
        """The stream as Structured Streaming reads it."""


class FileStream:
    """Each `put` is one batch."""

    began = datetime(2026, 11, 24, 9, tzinfo=timezone.utc)

    def __init__(self, platform: Platform, name: str) -> None:
        self.folder = platform.root / f"stream-{name}"
        self.folder.mkdir()
        self.name = name
        self._platform = platform
        self._sequence = 0

    def put(self, *records: bytes, arrived: Optional[datetime] = None) -> None:
        rows = []
        for record in records:
            self._sequence += 1
            rows.append((record, self.name, "k", f"{self._sequence:056}", arrived or self.began))
        frame = self._platform.spark.createDataFrame(rows, KINESIS)
        staged = self._platform.root / "staged"
        frame.coalesce(1).write.mode("overwrite").parquet(str(staged))
        (part,) = staged.glob("part-*.parquet")
        part.rename(self.folder / f"{self._sequence:06}.parquet")

    def frame(self) -> DataFrame:
        return records_in(self._platform.spark, str(self.folder))


class KinesisStream:
    """A stream of one shard, until it is split, read by the connector."""

    def __init__(self, platform: Platform, name: str, settings: dict[str, str]) -> None:
        self.name = name
        self.began = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        self._spark = platform.spark
        self._source = StreamSource(name, settings[ENDPOINT], settings["spark.hadoop.fs.s3a.endpoint.region"])
        self._client = aws_client(self._spark, "kinesis.AmazonKinesis")
        self._model: Any = platform.spark._jvm.com.amazonaws.services.kinesis.model  # type: ignore[union-attr]
        self._client.createStream(self._model.CreateStreamRequest().withStreamName(name).withShardCount(1))

    def put(self, *records: bytes, arrived: Optional[datetime] = None) -> None:
        assert arrived is None
        for record in records:
            data = self._spark._jvm.java.nio.ByteBuffer.wrap(bytearray(record))  # type: ignore[union-attr]
            self._client.putRecord(self.name, data, "k")

    def split(self) -> None:
        """Closes the shard, with whatever nobody has read of it, and opens two."""
        (shard,) = self._client.describeStream(self.name).getStreamDescription().getShards()
        self._client.splitShard(self.name, shard.getShardId(), str(2**127))

    def frame(self) -> DataFrame:
        return read_kinesis(self._spark, self._source)


@contextmanager
def stream_of(platform: Platform, name: str) -> Iterator[Stream]:
    """An empty stream of the kind that these tests run on."""
    if not CONNECTOR_JAR:
        yield FileStream(platform, name)
        return
    folder = platform.root / "aws"
    folder.mkdir()
    # The emulator's answers are JSON: this SDK would ask for CBOR.
    platform.spark._jvm.java.lang.System.setProperty("com.amazonaws.sdk.disableCbor", "true")  # type: ignore[union-attr]
    with emulator_of(platform.spark, folder, "kinesis") as settings:
        yield KinesisStream(platform, name, settings)


class Quiet:
    """Asks a stream that has no end to stop once nothing comes any more."""

    def __init__(self) -> None:
        self._looks = 0

    def taken(self, *_: Any) -> None:
        self._looks = 0

    def looked(self, _: bool) -> None:
        self._looks += 1

    def stop(self) -> bool:
        return self._looks > QUIET_LOOKS


def read(platform: Platform, dataset: Dataset, stream: Stream, later: timedelta = timedelta(hours=3)) -> Report:
    """Everything that is there, and the hours that have closed so long after the stream began."""
    source, quiet = Source(stream.name, stream.frame), Quiet()
    now = stream.began + later
    endless = isinstance(stream, KinesisStream)
    watching = Watching(
        taken=quiet.taken, looked=quiet.looked, stop=quiet.stop if endless else lambda: False, now=lambda: now
    )
    trigger = {"processingTime": "1 second"} if endless else {"availableNow": True}
    return run_stream(platform.spark, dataset, platform.raw, platform.lake, source, Terms(WAIT, trigger), watching)


def hour(stream: Stream, later: int = 0) -> str:
    """The arrival hour in which the stream began, or one so many hours later."""
    return hour_of(stream.began + timedelta(hours=later))
