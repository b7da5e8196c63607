"""A stream read directly, on a Structured Streaming source of the tests' own with the columns of Kinesis's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Iterator

import pytest
from conftest import NOW, Platform
from streams import FileStream, KinesisStream, Stream, by_connector, by_files, hour, read, stream_of

import basin_jobs.stream.writer as subject
from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.replay import run_replay
from basin_jobs.silver import SilverJob

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


@pytest.fixture
def stream(platform: Platform) -> Iterator[Stream]:
    with stream_of(platform, "events") as stream:
        yield stream


def event(key: int, at: int, value: str = "a", **more: Any) -> bytes:
    return json.dumps({"id": key, "at": at, "value": value, **more}, separators=(",", ":")).encode()


def rows(platform: Platform) -> list[tuple[Any, ...]]:
    return platform.rows("silver.events", "id", "at", "value")


def test_records_go_the_way_of_the_archive_s(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1), event(2, 1), event(1, 2, "b"), b"no event \xff", event(3, 1, more=True))
    stream.put(event(1, 1, "late"), event(2, 2, "c"))
    report = read(platform, dataset, stream)
    assert rows(platform) == [(1, 2, "b"), (2, 2, "c"), (3, 1, "a")]
    assert platform.rows("silver.events__extra", "id", "fields") == [(3, '{"more": true}')]
    (rejected,) = platform.table("silver.events__rejected").selectExpr("cast(raw as binary) as raw").collect()
    assert bytes(rejected[0]) == b"no event \xff"
    total = report.values["total"]
    assert (total["rowsIn"], total["rowsRejected"]) == (7, 1)
    assert total["rowsAccepted"] - total["rowsSuperseded"] == report.values["rowsTable"] == 3


def test_what_a_connector_skips_where_a_shard_is_split_comes_once_from_the_archive_of_its_closed_hour(
    platform: Platform, stream: Stream
) -> None:
    dataset = platform.declare("events", BODY)
    seen = [event(1, 1), event(2, 1), b"no event"]
    stream.put(*seen)
    # Unread in the parent when it was closed: a connector goes on with the children.
    skipped = event(3, 1, "skipped")
    archive = b"".join(record + b"\n" for record in (*seen, skipped))
    platform.arrive("events", "a", archive, hour=hour(stream))
    read(platform, dataset, stream, timedelta(hours=1, minutes=29))
    assert rows(platform) == [(1, 1, "a"), (2, 1, "a")]
    for _ in range(2):
        report = read(platform, dataset, stream, timedelta(hours=1, minutes=31))
        assert rows(platform) == [(1, 1, "a"), (2, 1, "a"), (3, 1, "skipped")]
        assert report.values["total"]["rowsIn"] == 4
        assert platform.rows("silver.events__rejected", "raw") == [("no event",)]


def test_what_comes_late_into_a_reconciled_hour_is_merged_too(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1))
    platform.arrive("events", "a", event(1, 1) + b"\n", hour=hour(stream))
    read(platform, dataset, stream)
    platform.arrive("events", "late", event(2, 1) + b"\n", hour=hour(stream))
    read(platform, dataset, stream, timedelta(hours=4))
    assert rows(platform) == [(1, 1, "a"), (2, 1, "a")]


def received(platform: Platform) -> list[str]:
    return [path.name for path in (platform.root / "lake" / "silver" / "events__stream").glob("received/*/*")]


@by_files
def test_what_is_received_is_kept_until_its_hour_is_reconciled(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1))
    stream.put(event(2, 1), arrived=stream.began + timedelta(hours=1))
    stream.put(event(3, 1), arrived=stream.began + timedelta(hours=2))
    read(platform, dataset, stream, timedelta(hours=1))
    assert len(received(platform)) == 3
    read(platform, dataset, stream, timedelta(hours=2, minutes=31))
    assert received(platform) == ["batch=000000002"]
    assert read(platform, dataset, stream).values["total"]["rowsIn"] == 3


def test_a_dataset_may_change_its_way_and_reads_nothing_again(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    platform.arrive("events", "a", event(1, 1) + b"\n", hour=hour(stream, -1))
    assert platform.silver(dataset).values["total"]["rowsIn"] == 1
    stream.put(event(2, 1))
    platform.arrive("events", "b", event(2, 1) + b"\n" + event(3, 1) + b"\n", hour=hour(stream))
    assert read(platform, dataset, stream).values["total"]["rowsIn"] == 3
    platform.arrive("events", "c", event(4, 1) + b"\n", hour=hour(stream, 2))
    assert platform.silver(dataset).values["total"]["rowsIn"] == 4
    assert len(rows(platform)) == 4


class Killed(BaseException):
    """No error that a job could catch."""


@pytest.mark.parametrize(("step", "before"), [("write_down", False), ("process", True), ("process", False)])
def test_a_batch_whose_run_died_takes_effect_once(
    platform: Platform, stream: Stream, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
) -> None:
    dataset = platform.declare("events", BODY)
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


def test_a_new_checkpoint_reads_the_stream_again_and_changes_nothing(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1), event(2, 1))
    read(platform, dataset, stream)
    checkpoint = platform.root / "lake" / "silver" / "events__stream" / "checkpoint"
    checkpoint.rename(checkpoint.with_name("old"))
    stream.put(event(3, 1))
    report = read(platform, dataset, stream)
    assert [row[0] for row in rows(platform)] == [1, 2, 3]
    assert report.values["total"]["rowsIn"] == 5


@by_files
def test_a_replay_keeps_what_the_archive_does_not_have_yet(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1))
    stream.put(event(2, 1), arrived=stream.began + timedelta(hours=2, minutes=50))
    platform.arrive("events", "a", event(1, 1) + b"\n", hour=hour(stream))
    read(platform, dataset, stream)
    run_replay(platform.spark, dataset, platform.raw, platform.lake, now=NOW)
    assert [row[0] for row in rows(platform)] == [1, 2]
    stream.put(event(3, 1), arrived=stream.began + timedelta(hours=3))
    platform.arrive("events", "b", event(2, 1) + b"\n", hour=hour(stream, 2))
    read(platform, dataset, stream, timedelta(hours=4))
    assert [row[0] for row in rows(platform)] == [1, 2, 3]


def test_a_checkpoint_of_another_stream_or_table_is_refused(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1))
    read(platform, dataset, stream)
    with pytest.raises(InputError, match=r"checkpoint is another's: found .*'stream': 'events'.*expected .*'other'"):
        read(platform, dataset, FileStream(platform, "other"))
    table = platform.root / "lake" / "silver" / "events"
    table.rename(table.with_name("dropped"))
    with pytest.raises(InputError, match=r"checkpoint is another's: found .*'table': "):
        read(platform, dataset, stream)


def test_only_a_stream_with_a_key_is_read_directly(platform: Platform, stream: Stream) -> None:
    keyless = platform.declare("events", BODY.replace("key: [id]\nsequence: at\n", ""))
    with pytest.raises(InputError, match="events has no key, and is read through its archive only"):
        read(platform, keyless, stream)
    files = platform.declare("events", BODY.replace("kind: stream", "kind: files"))
    with pytest.raises(InputError, match="events is files: only a stream is read directly"):
        read(platform, files, stream)


def test_too_many_rejects_end_the_stream_before_its_batch(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1))
    read(platform, dataset, stream)
    stream.put(b"no", b"event", event(2, 1))
    with pytest.raises(CheckFailed, match="2 of the 3 records of batch 2 are rejected"):
        read(platform, dataset, stream)
    assert rows(platform) == [(1, 1, "a")]


def test_one_broken_record_that_only_the_archive_has_ends_nothing(platform: Platform, stream: Stream) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1), event(2, 1))
    platform.arrive("events", "a", event(1, 1) + b"\n" + event(2, 1) + b"\nno event\n", hour=hour(stream))
    read(platform, dataset, stream)
    assert platform.rows("silver.events__rejected", "raw") == [("no event",)]


@by_connector
def test_records_that_nobody_had_read_of_a_split_shard_are_made_good_by_the_archive(
    platform: Platform, stream: KinesisStream
) -> None:
    dataset = platform.declare("events", BODY)
    stream.put(event(1, 1))
    read(platform, dataset, stream, timedelta(hours=1))
    parent, child = event(2, 1, "parent"), event(3, 1, "child")
    stream.put(parent)
    stream.split()
    stream.put(child)
    platform.arrive("events", "a", b"".join(each + b"\n" for each in (event(1, 1), parent, child)), hour=hour(stream))
    read(platform, dataset, stream)
    assert rows(platform) == [(1, 1, "a"), (2, 1, "parent"), (3, 1, "child")]
