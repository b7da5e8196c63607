"""Processes killed at random points of what they do to a lake, while others read it: before or after, never between."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Iterator

import pytest
from chaos_worker import NAME, OPERATIONS, SUBJECT
from conftest import Platform, submit_environment

from basin_jobs.exports import WHOLE
from basin_jobs.upkeep.figures import TARGET_BYTES

ROUNDS = 50 if os.environ.get("BASIN_LONG") else 5
SEED = int(os.environ.get("BASIN_SEED", "7"))
LONGEST_SECONDS = 8.0
BODY = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
subject: id
exports: [parquet]
"""
FILES = 6


@pytest.fixture
def worn(platform: Platform) -> Iterator[Platform]:
    """A table of six small files, and one file of a hundred rows that has arrived and is not loaded."""
    dataset = platform.declare(NAME, BODY)
    platform.spark.conf.set(TARGET_BYTES, "100000")
    platform.arrive(NAME, "0.json", "".join(f'{{"id":{number}}}\n' for number in range(100)))
    platform.silver(dataset)
    for number in range(1, FILES):
        rows = platform.spark.range(number * 100, number * 100 + 100).selectExpr("cast(id as int) as id")
        rows.coalesce(1).write.format("delta").mode("append").save(f"{platform.lake}/silver/{NAME}")
    platform.arrive(NAME, "new.json", "".join(f'{{"id":{number}}}\n' for number in range(600, 700)))
    yield platform
    platform.spark.conf.unset(TARGET_BYTES)


class Reader:
    """Counts the table's rows again and again; what it ever found, and what ever went wrong."""

    def __init__(self, platform: Platform) -> None:
        self.found: set[int] = set()
        self.faults: list[Exception] = []
        self._platform = platform
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._done.wait(0.2):
            try:
                self.found.add(len(self._platform.table(f"silver.{NAME}").collect()))
            except Exception as error:
                self.faults.append(error)


def kill_within(operation: str, root: Path, seconds: float) -> None:
    """Starts the operation in a process of its own and kills it that many seconds after it has begun."""
    worker = Path(__file__).with_name("chaos_worker.py")
    folders = os.pathsep.join([str(worker.parent), str(worker.parents[1])])
    environment = {**os.environ, **submit_environment(f"{TARGET_BYTES}=100000"), "PYTHONPATH": folders}
    process = subprocess.Popen(  # noqa: S603 (a file beside this one)
        [sys.executable, str(worker), operation, str(root)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert "BEGIN\n" in process.stdout
    time.sleep(seconds)
    os.killpg(process.pid, 9)
    process.wait()


AFTER = {"load": 700, "compaction": 600, "export": 600, "restore": 100, "erase": 599}
COPIED = {"export": 600, "erase": 599}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_operation_that_is_killed_leaves_the_table_before_or_after(worn: Platform, number: int) -> None:
    chance = random.Random(SEED * 1_000 + number)
    operation = sorted(OPERATIONS)[number % len(OPERATIONS)]
    allowed = {600, AFTER[operation]}
    with Reader(worn) as reader:
        kill_within(operation, worn.root, chance.uniform(0, LONGEST_SECONDS))
        table = worn.table(f"silver.{NAME}")
        assert table.count() in allowed
        assert whole_copies(worn) <= {COPIED.get(operation)}
        OPERATIONS[operation](worn)
    erased = {int(SUBJECT)} if operation == "erase" else set()
    last = AFTER[operation] + len(erased)
    assert worn.rows(f"silver.{NAME}") == [(each,) for each in range(last) if each not in erased]
    if operation in COPIED:
        assert whole_copies(worn) == {COPIED[operation]}
    assert [fault for fault in reader.faults if operation != "erase" or not says_that_it_is_gone(fault)] == []
    assert reader.found <= allowed
    then = 0 if operation == "load" else 100
    assert worn.silver(worn.declarations.dataset(NAME)).values["rowsTable"] == AFTER[operation] + then


def says_that_it_is_gone(fault: Exception) -> bool:
    """A reader that has begun on a version that is then erased is told so by name."""
    return any(name in str(fault) for name in ("FileNotFound", "FILE_NOT_EXIST", "DELTA_", "does not exist"))


def whole_copies(platform: Platform) -> set[int]:
    """Rows of every exported copy that says it is whole."""
    folders = (platform.root / "lake" / "exports" / NAME / "parquet").glob(f"version=*/{WHOLE}")
    return {platform.spark.read.parquet(str(marker.parent)).count() for marker in folders}
