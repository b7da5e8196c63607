"""The Kinesis stream as Structured Streaming reads it: nothing is lost in silence, and a batch has a bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from pyspark.sql import DataFrame, SparkSession

from basin_jobs.aws import aws_client
from basin_jobs.errors import InputError

FORMAT = "aws-kinesis"
_SPECULATION = "spark.speculation"


@dataclass(frozen=True)
class StreamSource:
    """A stream by its name, endpoint and region; records a batch may take in; a fan-out consumer where there is one."""

    name: str
    endpoint: str
    region: str
    max_records_per_batch: Optional[int] = None
    consumer: Optional[str] = None


def kinesis_options(source: StreamSource, open_shards: int) -> dict[str, str]:
    """Options of the connector; of its defaults two lose records, which is why they are set.

    Source: README of awslabs/spark-sql-kinesis-connector 1.4.2. Its limit is a shard's: of `open_shards` each gets the
    same part of what a batch may take in, and at least one record.
    """
    consumer = "GetRecords" if source.consumer is None else "SubscribeToShard"
    options = {
        "kinesis.streamName": source.name,
        "kinesis.endpointUrl": source.endpoint,
        "kinesis.region": source.region,
        "kinesis.kinesisRegion": source.region,
        "kinesis.consumerType": consumer,
        # The default begins at the newest record: what came before the first run would never be read.
        "kinesis.startingPosition": "TRIM_HORIZON",
        # The default goes on as if nothing had been there where records expired unread.
        "kinesis.failOnDataLoss": "true",
    }
    if source.consumer is not None:
        options["kinesis.consumerName"] = source.consumer
    if source.max_records_per_batch is not None:
        options["kinesis.maxFetchRecordsPerShard"] = str(max(1, source.max_records_per_batch // max(1, open_shards)))
    return options


def read_kinesis(spark: SparkSession, source: StreamSource) -> DataFrame:
    """The stream's frame: data (binary), streamName, partitionKey, sequenceNumber, approximateArrivalTimestamp."""
    shards = 1 if source.max_records_per_batch is None else _open_shards(spark, source.name)
    return spark.readStream.format(FORMAT).options(**kinesis_options(source, shards)).load()


def require_no_speculation(spark: SparkSession) -> None:
    """A second attempt beside a running one would record another end of the same shard.

    Raises:
        InputError: speculation is on.
    """
    if spark.sparkContext.getConf().get(_SPECULATION, "false") == "true":
        raise InputError(f"{_SPECULATION} is true: a stream is read with false only, or a shard is read past its end")


def _open_shards(spark: SparkSession, name: str) -> int:
    client = aws_client(spark, "kinesis.AmazonKinesis")
    jvm: Any = spark._jvm
    request = jvm.com.amazonaws.services.kinesis.model.DescribeStreamSummaryRequest().withStreamName(name)
    return int(client.describeStreamSummary(request).getStreamDescriptionSummary().getOpenShardCount())
