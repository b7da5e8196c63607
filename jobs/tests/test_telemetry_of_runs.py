"""What runs publish, as the log service gets it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Iterator

import pytest
from conftest import Platform
from log_service import GROUP, LogService, log_service
from pyspark.sql import SparkSession

from basin_jobs.aws import ENDPOINT
from basin_jobs.gold import run_gold
from basin_jobs.main import main
from basin_jobs.telemetry.metrics import declared

ITEMS = """
source: { kind: files, format: csv }
columns:
  - { name: id, type: int, required: true }
"""
DOUBLED = """
source: { kind: derived, from: [items] }
columns:
  - { name: id, type: int }
"""
HOUR = 3_600


@pytest.fixture
def logs(spark: SparkSession) -> Iterator[LogService]:
    with log_service(spark) as service:
        yield service


def run(platform: Platform, operation: str, dataset: str) -> int:
    raw = ["--raw", platform.raw] if operation == "silver" else []
    folders = ["--lake", platform.lake, "--datasets", str(platform.root / "datasets")]
    return main([operation, "--dataset", dataset, *raw, *folders])


def grow_old(file: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(file.removeprefix("file:"), (then, then))


def test_runs_and_upkeep_publish_every_declared_metric_and_no_other(platform: Platform, logs: LogService) -> None:
    platform.declare("items", ITEMS)
    platform.declare("doubled", DOUBLED, "select id * 2 as id from items")
    grow_old(platform.arrive("items", "a.csv", "id\nx\n" + "2\n" * 39), HOUR)
    for operation, dataset in (("silver", "items"), ("gold", "doubled")):
        assert run(platform, operation, dataset) == 0
    [silver, upkeep], [gold, _] = logs.metrics("items"), logs.metrics("doubled")
    assert set(silver) == set(gold)
    of_runs = {name for name in declared()["metrics"] if not name.startswith("Stream")}
    assert {*silver, *upkeep} == of_runs
    assert (silver["RowsIn"], silver["RowsAccepted"], silver["RowsRejected"]) == (40, 39, 1)
    assert (silver["TableRows"], silver["TableFiles"], silver["TableVersion"]) == (39, 1, 1)
    assert (upkeep["TableFiles"], upkeep["SmallFiles"], upkeep["UnneededBytes"]) == (1, 1, 0)
    assert upkeep["TableBytes"] == silver["TableBytes"] > 0
    assert silver["CommitAge"] >= HOUR > gold["CommitAge"] >= 0
    assert silver["VersionMissing"] == 0
    documents = [line for line in logs.lines("items") if "_aws" in line]
    assert {(line["Stack"], line["Dataset"]) for line in documents} == {("basin-dev", "items")}


def test_a_run_tells_its_lineage_and_a_line_that_people_read(
    platform: Platform, logs: LogService, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.declare("items", ITEMS)
    platform.arrive("items", "a.csv", "id\n1\n")
    assert run(platform, "silver", "items") == 0
    assert logs.lineage("items") == ["START", "COMPLETE"]
    [done] = [line for line in logs.lines("items") if line.get("message") == "run succeeded"]
    assert (done["dataset"], done["version"], done["rowsAccepted"]) == ("items", 1, 1)
    assert f"items {done['run'][:8]} run succeeded version=1" in capsys.readouterr().err


def test_too_many_rejects_are_published_although_nothing_was_written(platform: Platform, logs: LogService) -> None:
    platform.declare("items", ITEMS)
    platform.arrive("items", "a.csv", "id\nx\n1\n")
    assert run(platform, "silver", "items") == 1
    [failed] = logs.metrics("items")
    assert (failed["RowsIn"], failed["RowsRejected"]) == (2, 1)
    assert "CommitAge" not in failed
    assert logs.lineage("items") == ["START", "FAIL"]


def test_a_log_service_that_does_not_answer_fails_no_run(
    platform: Platform, logs: LogService, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.spark.conf.set(ENDPOINT, "http://127.0.0.1:1")
    platform.declare("items", ITEMS)
    platform.arrive("items", "a.csv", "id\n1\n")
    assert run(platform, "silver", "items") == 0
    assert capsys.readouterr().err.count(f"nothing more goes to {GROUP}") == 1


def test_a_derived_table_waits_since_the_oldest_change_that_it_has_not_seen(platform: Platform) -> None:
    items = platform.declare("items", ITEMS)
    platform.declare("doubled", DOUBLED, "select id * 2 as id from items")

    def age() -> float:
        report = run_gold(platform.spark, platform.declarations, "doubled", platform.lake)
        return float(report.values["run"]["commitAgeSeconds"])

    def arrive(number: int) -> None:
        platform.arrive("items", f"{number}.csv", f"id\n{number}\n")
        platform.silver(items)

    arrive(1)
    commits = Path(platform.lake) / "silver" / "items" / "_delta_log"
    grow_old(str(commits / f"{0:020}.json"), 4 * HOUR)
    grow_old(str(commits / f"{1:020}.json"), 3 * HOUR)
    assert age() >= 3 * HOUR
    assert age() == 0
    arrive(2)
    grow_old(str(commits / f"{2:020}.json"), 2 * HOUR)
    arrive(3)
    assert 3 * HOUR > age() >= 2 * HOUR
