"""How a stream is read, how far behind it is, and how it is asked to stop: decided without Spark."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from disk import Disk

from basin_jobs.layout import Layout
from basin_jobs.main import main
from basin_jobs.stream.received import Received
from basin_jobs.stream.source import StreamSource, kinesis_options
from basin_jobs.stream.stopping import StopRequest

SOURCE = StreamSource("basin-prod-flights", "https://kinesis.us-east-1.amazonaws.com", "us-east-1")
LAYOUT = Layout(*("",) * 7, stream="lake/silver/flights__stream")


def test_the_stream_is_read_from_its_oldest_record_and_lost_records_are_an_error() -> None:
    assert kinesis_options(SOURCE, 4) == {
        "kinesis.streamName": "basin-prod-flights",
        "kinesis.endpointUrl": "https://kinesis.us-east-1.amazonaws.com",
        "kinesis.region": "us-east-1",
        "kinesis.kinesisRegion": "us-east-1",
        "kinesis.consumerType": "GetRecords",
        "kinesis.startingPosition": "TRIM_HORIZON",
        "kinesis.failOnDataLoss": "true",
    }


@pytest.mark.parametrize(
    ("records", "shards", "each"), [(1_000, 4, "250"), (1_001, 4, "250"), (3, 4, "1"), (5, 0, "5")]
)
def test_the_limit_of_a_batch_is_shared_out_among_the_open_shards(records: int, shards: int, each: str) -> None:
    options = kinesis_options(replace(SOURCE, max_records_per_batch=records), shards)
    assert options["kinesis.maxFetchRecordsPerShard"] == each


def test_fan_out_is_read_by_its_consumer() -> None:
    options = kinesis_options(replace(SOURCE, consumer="basin-prod-flights"), 1)
    assert (options["kinesis.consumerType"], options["kinesis.consumerName"]) == (
        "SubscribeToShard",
        "basin-prod-flights",
    )


def test_lag_is_the_newest_record_s_age_and_what_arrives_in_it() -> None:
    received = Received(records=600, oldest=0, newest=60_000)
    assert (received.behind(90_000), received.records_behind(90_000)) == (30_000, 300)
    # A clock that is behind the stream's is no lag, and one record tells no rate.
    assert received.behind(50_000) == 0
    assert Received(records=1, oldest=5, newest=5).records_behind(2_005) == 2


def test_an_object_or_a_signal_asks_a_stream_to_stop() -> None:
    disk = Disk()
    request = StopRequest(disk, LAYOUT)
    assert not request()
    disk.write("lake/silver/flights__stream/stop", "")
    assert StopRequest(disk, LAYOUT)()
    assert not disk.exists("lake/silver/flights__stream/stop")

    request = StopRequest(disk, LAYOUT)
    before = signal.getsignal(signal.SIGTERM)
    with request.by_signal():
        assert not request()
        os.kill(os.getpid(), signal.SIGTERM)
        assert request()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_limit_of_no_records_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = "stream --dataset d --raw r --lake l --stream-name n --endpoint-url u --region r --archive-wait 60"
    with pytest.raises(SystemExit) as ended:
        main([*arguments.split(), "--max-records-per-batch", "0"])
    assert ended.value.code == 2
    assert "'0' is no number of at least 1" in capsys.readouterr().err
