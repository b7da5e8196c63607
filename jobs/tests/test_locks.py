"""One step at a time on a dataset: leases in memory, then in DynamoDB between two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import Callable, Iterator, Optional

import pytest
from conftest import REPOSITORY, Platform, submit_environment
from local_aws import TABLE, dynamodb
from pyspark.sql import SparkSession

from basin_jobs.errors import InputError
from basin_jobs.locks.items import DynamoItems, Holder
from basin_jobs.locks.lock import Terms, lock_held
from basin_jobs.main import main

HELD = Holder("flights", "a", "silver of flights", "2026-11-24T09:00:00Z", "1", "0.2")
BODY = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
"""


class MemoryItems:
    """Items as DynamoDB keeps them, in this process."""

    def __init__(self) -> None:
        self.item: Optional[Holder] = None
        self.refuses = False
        self._one = threading.Lock()

    def read(self, lock: str) -> Optional[Holder]:
        return self.item if self.item is not None and self.item.lock == lock else None

    def put(self, holder: Holder, instead_of: Optional[Holder]) -> bool:
        with self._one:
            if self.refuses:
                raise ConnectionError("no route")
            if self.item != instead_of:
                return False
            self.item = holder
            return True

    def remove(self, holder: Holder) -> None:
        with self._one:
            if self.item is not None and self.item.owner == holder.owner:
                self.item = None


def nothing() -> None:
    pass


def run(
    items: MemoryItems,
    doing: str,
    terms: Terms,
    when_lost: Callable[[], None] = nothing,
    work: Callable[[], None] = nothing,
) -> None:
    with lock_held(items, "flights", doing, terms, when_lost):
        work()


def test_a_lock_is_free_again_however_its_block_ends() -> None:
    items = MemoryItems()
    with lock_held(items, "flights", "silver of flights", Terms()):
        assert items.item is not None
    with pytest.raises(ValueError, match="broken"), lock_held(items, "flights", "silver of flights", Terms()):
        raise ValueError("broken")
    assert items.item is None


def test_a_run_that_goes_on_keeps_its_lock_beyond_its_lease_and_others_are_refused_by_its_name() -> None:
    items = MemoryItems()
    refused = pytest.raises(InputError, match=r"flights is locked by silver of flights \(.*, process \d+\) since 20")
    with lock_held(items, "flights", "silver of flights", Terms(lease=0.4)), refused:
        run(items, "upkeep of flights", Terms(lease=0.4, wait=1.2))


def test_nobody_waits_for_a_stream_that_lives_but_the_one_that_takes_its_place() -> None:
    items = MemoryItems()
    refused = pytest.raises(InputError, match=r"flights is written by stream of flights .*; stop the stream first")
    with lock_held(items, "flights", "stream of flights", Terms(lease=0.4)):
        with refused:
            run(items, "restore of flights", Terms(lease=0.4))
        with pytest.raises(InputError, match="which goes on after 1 s of waiting"):
            run(items, "stream of flights", Terms(lease=0.4, wait=1))


def test_the_lock_of_a_stream_that_died_is_taken_over_like_any_other() -> None:
    items = MemoryItems()
    items.item = replace(HELD, doing="stream of flights")
    run(items, "restore of flights", Terms(lease=0.2, wait=60))
    assert items.item is None


def test_a_run_that_waits_begins_when_the_other_ends() -> None:
    items = MemoryItems()
    order: list[str] = []

    def second() -> None:
        with lock_held(items, "flights", "second", Terms(lease=1, wait=60)):
            order.append("second")

    with lock_held(items, "flights", "first", Terms(lease=1)):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_the_lock_of_a_run_that_died_is_taken_over_after_its_lease() -> None:
    items = MemoryItems()
    items.item = HELD
    with lock_held(items, "flights", "second", Terms(lease=0.2, wait=60)):
        assert items.item.owner != "a"
    assert items.item is None


def test_a_run_that_lost_its_lock_is_told_and_leaves_the_other_s_alone() -> None:
    items = MemoryItems()
    told = threading.Event()

    def work() -> None:
        items.item = HELD
        assert told.wait(60)
        raise RuntimeError("its Spark jobs were cancelled")

    with pytest.raises(InputError, match="silver of flights: another run has taken the lock over"):
        run(items, "silver of flights", Terms(lease=0.1), told.set, work)
    assert items.item == HELD


def test_an_outage_of_the_lock_table_is_no_loss() -> None:
    items = MemoryItems()
    with lock_held(items, "flights", "silver of flights", Terms(lease=0.1)):
        items.refuses = True
        time.sleep(0.3)
        items.refuses = False
    assert items.item is None


@pytest.fixture(scope="module")
def settings(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with dynamodb(spark, tmp_path_factory.mktemp("aws")) as found:
        yield found


@pytest.mark.usefixtures("settings")
def test_dynamodb_takes_a_write_only_if_the_item_is_what_the_writer_saw(spark: SparkSession) -> None:
    items = DynamoItems(spark, TABLE)
    assert items.read("flights") is None
    assert items.put(HELD, instead_of=None)
    assert not items.put(replace(HELD, owner="b"), instead_of=None)
    renewed = replace(HELD, beat="2")
    assert items.put(renewed, instead_of=HELD)
    assert not items.put(replace(HELD, beat="3"), instead_of=HELD)
    assert items.read("flights") == renewed
    items.remove(replace(HELD, owner="b"))
    assert items.read("flights") == renewed
    items.remove(HELD)
    assert items.read("flights") is None


def arguments(platform: Platform) -> list[str]:
    folders = ["--raw", platform.raw, "--lake", platform.lake, "--datasets", str(platform.root / "datasets")]
    return ["silver", "--dataset", "events", *folders, "--lock-table", TABLE]


def test_of_two_writers_the_second_waits_and_no_commit_is_lost(
    platform: Platform, settings: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    platform.declare("events", BODY)
    platform.arrive("events", "a.json", "".join(f'{{"id":{number}}}\n' for number in range(50)))
    environment = submit_environment(*(f"{key}={value}" for key, value in settings.items()))
    command = [sys.executable, str(REPOSITORY / "jobs" / "main.py"), *arguments(platform)]
    other = subprocess.Popen(  # noqa: S603 (the jobs' own program)
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    items = DynamoItems(platform.spark, TABLE)
    while items.read("events") is None and other.poll() is None:
        time.sleep(0.02)
    assert main([*arguments(platform), "--lock-wait", "0"]) == 2
    assert "events is locked by silver of events" in capfd.readouterr().err
    platform.arrive("events", "b.json", '{"id":50}\n', hour="2026-11-24T10")
    assert main(arguments(platform)) == 0
    ours = capfd.readouterr()
    out, err = other.communicate()
    assert other.returncode == 0, err
    assert "silver of events" in ours.err
    reports = [json.loads(text.rsplit("BASIN_REPORT ", 1)[1]) for text in (out, ours.out)]
    assert sum(report["run"]["rowsAccepted"] for report in reports) == 51
    assert platform.rows("silver.events") == [(number,) for number in range(51)]
    assert items.read("events") is None


def test_a_restore_under_a_running_stream_is_refused(
    platform: Platform, settings: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    platform.declare("events", BODY)
    folders = ["--lake", platform.lake, "--datasets", str(platform.root / "datasets"), "--lock-table", TABLE]
    with lock_held(DynamoItems(platform.spark, TABLE), "events", "stream of events", Terms(lease=0.4)):
        assert main(["restore", "--dataset", "events", "--version", "0", *folders]) == 2
    assert "events is written by stream of events" in capfd.readouterr().err


def test_a_dataset_of_several_writers_is_loaded_without_waiting(platform: Platform, settings: dict[str, str]) -> None:
    platform.declare("events", BODY + "writers: several\n")
    platform.arrive("events", "a.json", '{"id":1}\n')
    items = DynamoItems(platform.spark, TABLE)
    held = replace(HELD, lock="events")
    assert items.put(held, instead_of=None)
    assert main([*arguments(platform), "--lock-wait", "0"]) == 0
    items.remove(held)
