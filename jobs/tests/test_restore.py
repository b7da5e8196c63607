"""After a restore the table has a new life: nothing of what was undone is read again, and nothing new is left out."""

from __future__ import annotations

from typing import Any

import pytest
from changes_reference import Change
from conftest import NOW, Platform
from test_changes import changed, rows_of, table

import basin_jobs.restore as subject
from basin_jobs.batches.arrivals import SWEEP
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.layout import raw_folder
from basin_jobs.replay import run_replay
from basin_jobs.restore import run_restore
from basin_jobs.silver import ingest, open_job
from basin_jobs.tables.table import describe

BODY = """
source: { kind: files, format: csv }
columns:
  - { name: id, type: int, required: true }
maxRejected: 0.9
"""


def arrive(platform: Platform, number: int) -> None:
    platform.arrive("files", f"{number}.csv", f"id\n{number}\nx{number}\n", hour=f"2026-11-24T0{number}")


def epoch(platform: Platform) -> str:
    return describe(platform.spark, f"{platform.lake}/silver/files").epoch


def restore(platform: Platform, dataset: Dataset, version: int) -> Any:
    return run_restore(platform.spark, dataset, platform.lake, version).values


def test_a_restore_to_before_a_replay_begins_a_new_epoch(platform: Platform) -> None:
    dataset = platform.declare("files", BODY)
    epochs = []
    for number in (1, 2):
        arrive(platform, number)
        version = platform.silver(dataset).values["tableVersion"]
    epochs.append(epoch(platform))
    run_replay(platform.spark, dataset, platform.raw, platform.lake, now=NOW)
    arrive(platform, 3)
    platform.silver(dataset)
    epochs.append(epoch(platform))

    report = restore(platform, dataset, version - 1)
    epochs.append(epoch(platform))
    assert len(set(epochs)) == 3
    assert platform.rows("silver.files") == [(1,)]
    assert report["run"]["rowsDeleted"] == 2

    arrive(platform, 4)
    report = platform.silver(dataset).values
    assert report["run"]["rowsIn"] == 2
    assert platform.rows("silver.files") == [(1,), (4,)]
    total = report["total"]
    assert total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == report["rowsTable"] == 2
    assert [row[0] for row in platform.rows("silver.files__rejected", "raw")] == ["x1", "x2", "x3", "x4"]


class Killed(BaseException):
    """No error that a job could catch."""


@pytest.mark.parametrize("before", [True, False])
def test_a_restore_that_died_is_finished_by_the_next_run(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    dataset = platform.declare("files", BODY)
    for number in (1, 2):
        arrive(platform, number)
        version = platform.silver(dataset).values["tableVersion"]
    do = subject._restore

    def dies(*arguments: Any) -> None:
        if not before:
            do(*arguments)
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(subject, "_restore", dies)
        with pytest.raises(Killed):
            restore(platform, dataset, version - 1)
    arrive(platform, 3)
    report = platform.silver(dataset).values
    assert platform.rows("silver.files") == ([(1,), (2,), (3,)] if before else [(1,), (3,)])
    total = report["total"]
    assert total["rowsAccepted"] - total["rowsDeleted"] == report["rowsTable"]


def test_a_run_that_began_before_a_restore_writes_nothing_after_it(platform: Platform) -> None:
    dataset = platform.declare("files", BODY)
    arrive(platform, 1)
    platform.silver(dataset)
    under_way = open_job(platform.spark, dataset, platform.raw, platform.lake)
    restore(platform, dataset, 0)
    arrive(platform, 2)
    with pytest.raises(InputError, match="files was restored or replayed while batch 2 was under way"):
        ingest(under_way, raw_folder(dataset, platform.raw), NOW, SWEEP)
    platform.silver(dataset)
    assert platform.rows("silver.files") == [(2,)]


def test_a_restored_table_of_a_database_still_knows_how_far_its_loads_had_come(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes"))
    loaded = [Change("I", key, "loaded", 10) for key in (1, 2)]
    platform.arrive("planes", "a.parquet", changed(*loaded, Change("U", 1, "x", 15, 1, 1)))
    version = platform.silver(dataset).values["tableVersion"]
    restore(platform, dataset, version)
    # Of an earlier load: the one that is there had no such row any more.
    platform.arrive("planes", "b.parquet", changed(Change("I", 9, "older", 5)), hour="2026-11-24T10")
    platform.silver(dataset)
    assert rows_of(platform, "planes") == {(0, 1): "x", (0, 2): "loaded"}
