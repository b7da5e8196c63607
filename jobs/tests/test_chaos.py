"""Processes killed at random points of what they do to a lake, while others read it: before or after, never between."""

from __future__ import annotations

import os
import random
import shutil
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator

import pytest
from chaos_victims import Victims
from chaos_worker import NAME, OPERATIONS, SUBJECT
from conftest import REPOSITORY, Platform, forget_tables
from pyspark.sql import SparkSession

from basin_jobs.exports import WHOLE
from basin_jobs.upkeep.figures import TARGET_BYTES

LONG = bool(os.environ.get("BASIN_LONG"))
ROUNDS = 50 if LONG else 5
SEED = int(os.environ.get("BASIN_SEED", "7"))
RESULTS = REPOSITORY / "bench" / "results" / "chaos.md"
LONGEST_SECONDS = 8.0
BODY = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
subject: id
exports: [parquet]
"""
FILES = 6
AFTER = {"load": 700, "compaction": 600, "export": 600, "restore": 100, "erase": 599}
COPIED = {"export": 600, "erase": 599}


@dataclass
class Rounds:
    """One lake, put back to its beginning for every round, its next victim, and what became of those so far."""

    platform: Platform
    victims: Victims
    began: Path
    done: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)

    def begin(self) -> Platform:
        shutil.rmtree(self.platform.root)
        shutil.copytree(self.began, self.platform.root)
        forget_tables(self.platform.spark)
        return self.platform


@pytest.fixture(scope="module")
def rounds(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    folder = tmp_path_factory.mktemp("chaos")
    platform = Platform(spark, folder / "lake")
    platform.root.mkdir()
    spark.conf.set(TARGET_BYTES, "100000")
    with Victims(platform.root) as victims:
        wear(platform)
        shutil.copytree(platform.root, folder / "began")
        rounds = Rounds(platform, victims, folder / "began")
        yield rounds
    spark.conf.unset(TARGET_BYTES)
    if LONG and sum(rounds.done.values()) == ROUNDS:
        RESULTS.write_text(written(rounds))


def wear(platform: Platform) -> None:
    """A table of six small files, and one file of a hundred rows that has arrived and is not loaded."""
    dataset = platform.declare(NAME, BODY)
    platform.arrive(NAME, "0.json", "".join(f'{{"id":{number}}}\n' for number in range(100)))
    platform.silver(dataset)
    for number in range(1, FILES):
        rows = platform.spark.range(number * 100, number * 100 + 100).selectExpr("cast(id as int) as id")
        rows.coalesce(1).write.format("delta").mode("append").save(f"{platform.lake}/silver/{NAME}")
    platform.arrive(NAME, "new.json", "".join(f'{{"id":{number}}}\n' for number in range(600, 700)))


class Reader:
    """Counts the table's rows again and again; what it ever found, and what ever went wrong."""

    def __init__(self, platform: Platform) -> None:
        self.found: Counter[int] = Counter()
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
                self.found[len(self._platform.table(f"silver.{NAME}").collect())] += 1
            except Exception as error:
                self.faults.append(error)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_operation_that_is_killed_leaves_the_table_before_or_after(rounds: Rounds, number: int) -> None:
    chance = random.Random(SEED * 1_000 + number)
    operation = sorted(OPERATIONS)[number % len(OPERATIONS)]
    allowed = {600, AFTER[operation]}
    worn = rounds.begin()
    with Reader(worn) as reader:
        lived = rounds.victims.kill_within(operation, chance.uniform(0, LONGEST_SECONDS))
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
    assert set(reader.found) <= allowed
    then = 0 if operation == "load" else 100
    assert worn.silver(worn.declarations.dataset(NAME)).values["rowsTable"] == AFTER[operation] + then
    rounds.done[operation] += 1
    rounds.killed[operation] += not lived
    rounds.reads["answered"] += sum(reader.found.values())
    rounds.reads["told that their version is gone"] += len(reader.faults)


def says_that_it_is_gone(fault: Exception) -> bool:
    """A reader that has begun on a version that is then erased is told so by name."""
    return any(name in str(fault) for name in ("FileNotFound", "FILE_NOT_EXIST", "DELTA_", "does not exist"))


def whole_copies(platform: Platform) -> set[int]:
    """Rows of every exported copy that says it is whole."""
    folders = (platform.root / "lake" / "exports" / NAME / "parquet").glob(f"version=*/{WHOLE}")
    return {platform.spark.read.parquet(str(marker.parent)).count() for marker in folders}


def written(rounds: Rounds) -> str:
    date = datetime.now(timezone.utc).date()
    heads = ("operation", "rounds", "killed before its end")
    lines = [heads, *((each, str(rounds.done[each]), str(rounds.killed[each])) for each in sorted(rounds.done))]
    widths = [max(map(len, column)) for column in zip(*lines)]
    head, *body = ("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    reads = ", ".join(f"{count:,} {what}" for what, count in rounds.reads.items())
    return f"""# Chaos

{ROUNDS} processes killed {date} by `npm run test:long`, seed {SEED}, each at a random point of up to
{LONGEST_SECONDS:g} seconds of one operation on a table that others read. After every kill the table was as before or as
after, and the operation, run again, ended as if nothing had happened. Reads meanwhile: {reads}.

""" + "\n".join([head, rule, *body, ""])
