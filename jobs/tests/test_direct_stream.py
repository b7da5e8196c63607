"""A stream read directly, on a Structured Streaming source of the tests' own with the columns of Kinesis's."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from conftest import NOW, Platform
from pyspark.sql import DataFrame
from stream_worker import KINESIS, records_in

import basin_jobs.stream.writer as subject
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.replay import run_replay
from basin_jobs.report import Report
from basin_jobs.silver import SilverJob
from basin_jobs.stream.run import Source, Terms, Watching, run_stream

BODY = """
source: { kind: stream, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: at, type: int, required: true }
  - { name: value, type: string }
key: [id]
sequence: at
maxRejected: 0.4
"""
WAIT = timedelta(minutes=30)
NINE = datetime(2026, 11, 24, 9, tzinfo=timezone.utc)


def event(key: int, at: int, value: str = "a", **more: Any) -> bytes:
    return json.dumps({"id": key, "at": at, "value": value, **more}, separators=(",", ":")).encode()


class Stream:
    """Records as a connector would give them: each `put` is one batch."""

    def __init__(self, platform: Platform, name: str = "events") -> None:
        self.folder = platform.root / f"stream-{name}"
        self.folder.mkdir()
        self.name = name
        self._platform = platform
        self._sequence = 0

    def put(self, *records: bytes, arrived: datetime = NINE) -> None:
        rows = []
        for record in records:
            self._sequence += 1
            rows.append((record, self.name, "k", f"{self._sequence:056}", arrived))
        frame = self._platform.spark.createDataFrame(rows, KINESIS)
        staged = self._platform.root / "staged"
        frame.coalesce(1).write.mode("overwrite").parquet(str(staged))
        (part,) = staged.glob("part-*.parquet")
        part.rename(self.folder / f"{self._sequence:06}.parquet")

    def frame(self) -> DataFrame:
        return records_in(self._platform.spark, str(self.folder))


def read(platform: Platform, dataset: Dataset, stream: Stream, now: datetime = NOW) -> Report:
    """Everything that is there, and then the hours that have closed."""
    terms = Terms(archive_wait=WAIT, trigger={"availableNow": True})
    source = Source(stream.name, stream.frame)
    return run_stream(platform.spark, dataset, platform.raw, platform.lake, source, terms, Watching(now=lambda: now))


def rows(platform: Platform) -> list[tuple[Any, ...]]:
    return platform.rows("silver.events", "id", "at", "value")


def test_records_go_the_way_of_the_archive_s(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1), event(2, 1), event(1, 2, "b"), b"no event \xff", event(3, 1, more=True))
    stream.put(event(1, 1, "late"), event(2, 2, "c"))
    report = read(platform, dataset, stream)
    assert rows(platform) == [(1, 2, "b"), (2, 2, "c"), (3, 1, "a")]
    assert platform.rows("silver.events__extra", "id", "fields") == [(3, '{"more": true}')]
    (rejected,) = platform.table("silver.events__rejected").selectExpr("cast(raw as binary) as raw").collect()
    assert bytes(rejected[0]) == b"no event \xff"
    total = report.values["total"]
    assert (report.values["run"]["batches"], total["rowsIn"], total["rowsRejected"]) == (2, 7, 1)
    assert total["rowsAccepted"] - total["rowsSuperseded"] == report.values["rowsTable"] == 3


def test_an_hour_that_has_closed_is_reconciled_once_with_its_archive(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    seen = [event(1, 1), event(2, 1), b"no event"]
    stream.put(*seen)
    skipped = event(3, 1, "skipped")
    archive = b"".join(record + b"\n" for record in (*seen, skipped))
    platform.arrive("events", "a", archive, hour="2026-11-24T09")
    read(platform, dataset, stream, now=NINE + timedelta(hours=1, minutes=29))
    assert rows(platform) == [(1, 1, "a"), (2, 1, "a")]
    for _ in range(2):
        report = read(platform, dataset, stream, now=NINE + timedelta(hours=1, minutes=31))
        assert rows(platform) == [(1, 1, "a"), (2, 1, "a"), (3, 1, "skipped")]
        assert report.values["total"]["rowsIn"] == 4
        assert platform.rows("silver.events__rejected", "raw") == [("no event",)]


def test_what_comes_late_into_a_reconciled_hour_is_merged_too(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1))
    platform.arrive("events", "a", event(1, 1) + b"\n", hour="2026-11-24T09")
    read(platform, dataset, stream)
    platform.arrive("events", "late", event(2, 1) + b"\n", hour="2026-11-24T09")
    read(platform, dataset, stream, now=NOW + timedelta(hours=1))
    assert rows(platform) == [(1, 1, "a"), (2, 1, "a")]


def received(platform: Platform) -> list[str]:
    return [path.name for path in (platform.root / "lake" / "silver" / "events__stream").glob("received/*/*")]


def test_what_is_received_is_kept_until_its_hour_is_reconciled(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1))
    stream.put(event(2, 1), arrived=NINE + timedelta(hours=1))
    stream.put(event(3, 1), arrived=NINE + timedelta(hours=2))
    read(platform, dataset, stream, now=NINE + timedelta(hours=1))
    assert len(received(platform)) == 3
    read(platform, dataset, stream, now=NINE + timedelta(hours=2, minutes=31))
    assert received(platform) == ["batch=000000002"]
    assert read(platform, dataset, stream).values["total"]["rowsIn"] == 3


def test_a_dataset_may_change_its_way_and_reads_nothing_again(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    platform.arrive("events", "a", event(1, 1) + b"\n", hour="2026-11-24T08")
    assert platform.silver(dataset).values["total"]["rowsIn"] == 1
    stream.put(event(2, 1))
    platform.arrive("events", "b", event(2, 1) + b"\n" + event(3, 1) + b"\n", hour="2026-11-24T09")
    assert read(platform, dataset, stream).values["total"]["rowsIn"] == 3
    platform.arrive("events", "c", event(4, 1) + b"\n", hour="2026-11-24T11")
    assert platform.silver(dataset).values["total"]["rowsIn"] == 4
    assert len(rows(platform)) == 4


class Killed(BaseException):
    """No error that a job could catch."""


@pytest.mark.parametrize(("step", "before"), [("write_down", False), ("process", True), ("process", False)])
def test_a_batch_whose_run_died_takes_effect_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1), event(2, 1))
    owner = subject if step == "write_down" else SilverJob
    do = getattr(owner, step)

    def dies(*arguments: Any) -> None:
        if not before:
            do(*arguments)
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(owner, step, dies)
        with pytest.raises(Killed):
            read(platform, dataset, stream)
    stream.put(event(3, 1))
    report = read(platform, dataset, stream)
    assert [row[0] for row in rows(platform)] == [1, 2, 3]
    assert report.values["total"]["rowsIn"] == 3


def test_a_new_checkpoint_reads_the_stream_again_and_changes_nothing(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1), event(2, 1))
    read(platform, dataset, stream)
    checkpoint = platform.root / "lake" / "silver" / "events__stream" / "checkpoint"
    checkpoint.rename(checkpoint.with_name("old"))
    stream.put(event(3, 1))
    report = read(platform, dataset, stream)
    assert [row[0] for row in rows(platform)] == [1, 2, 3]
    assert report.values["total"]["rowsIn"] == 5


def test_a_replay_keeps_what_the_archive_does_not_have_yet(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1))
    stream.put(event(2, 1), arrived=NINE + timedelta(hours=2, minutes=50))
    platform.arrive("events", "a", event(1, 1) + b"\n", hour="2026-11-24T09")
    read(platform, dataset, stream)
    run_replay(platform.spark, dataset, platform.raw, platform.lake, now=NOW)
    assert [row[0] for row in rows(platform)] == [1, 2]
    stream.put(event(3, 1), arrived=NOW)
    platform.arrive("events", "b", event(2, 1) + b"\n", hour="2026-11-24T11")
    read(platform, dataset, stream, now=NOW + timedelta(hours=1))
    assert [row[0] for row in rows(platform)] == [1, 2, 3]


def test_a_checkpoint_of_another_stream_or_table_is_refused(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1))
    read(platform, dataset, stream)
    with pytest.raises(InputError, match=r"checkpoint is another's: found .*'stream': 'events'.*expected .*'other'"):
        read(platform, dataset, Stream(platform, "other"))
    table = platform.root / "lake" / "silver" / "events"
    table.rename(table.with_name("dropped"))
    with pytest.raises(InputError, match=r"checkpoint is another's: found .*'table': "):
        read(platform, dataset, stream)


def test_only_a_stream_with_a_key_is_read_directly(platform: Platform) -> None:
    stream = Stream(platform)
    keyless = platform.declare("events", BODY.replace("key: [id]\nsequence: at\n", ""))
    with pytest.raises(InputError, match="events has no key, and is read through its archive only"):
        read(platform, keyless, stream)
    files = platform.declare("events", BODY.replace("kind: stream", "kind: files"))
    with pytest.raises(InputError, match="events is files: only a stream is read directly"):
        read(platform, files, stream)


def test_too_many_rejects_end_the_stream_before_its_batch(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1))
    stream.put(b"no", b"event", event(2, 1))
    with pytest.raises(CheckFailed, match="2 of the 3 records of batch 2 are rejected"):
        read(platform, dataset, stream)
    assert rows(platform) == [(1, 1, "a")]


def test_one_broken_record_that_only_the_archive_has_ends_nothing(platform: Platform) -> None:
    dataset, stream = platform.declare("events", BODY), Stream(platform)
    stream.put(event(1, 1), event(2, 1))
    platform.arrive("events", "a", event(1, 1) + b"\n" + event(2, 1) + b"\nno event\n", hour="2026-11-24T09")
    read(platform, dataset, stream)
    assert platform.rows("silver.events__rejected", "raw") == [("no event",)]
