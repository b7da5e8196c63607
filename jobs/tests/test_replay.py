"""A table rebuilt from raw is the table again, whatever died on the way; and is compared with its source."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from changes_reference import Change
from conftest import Platform
from delta.tables import DeltaTable
from test_changes import LOADED, changed, rows_of, table

import basin_jobs.replay as subject
from basin_jobs.batches.log import BatchLog
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.reconcile import run_reconcile
from basin_jobs.replay import run_replay
from basin_jobs.report import Report

KEYED = """
source: { kind: files, format: csv }
columns:
  - { name: id, type: int, required: true }
  - { name: value, type: string }
key: [id]
maxRejected: 0.5
"""
KEYLESS = KEYED.replace("key: [id]\n", "")


NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


def by_hand(platform: Platform, value: str) -> None:
    table = DeltaTable.forPath(platform.spark, f"{platform.lake}/silver/files")
    table.update(set={"value": f"'{value}'"})


def replay(platform: Platform, dataset: Dataset, **how: Any) -> Report:
    return run_replay(platform.spark, dataset, platform.raw, platform.lake, now=NOW, **how)


def arrive_twice(platform: Platform, name: str) -> None:
    platform.arrive(name, "a.csv", "id,value\n1,a\n2,b\nx,c\n", hour="2026-11-20T09")
    platform.arrive(name, "b.csv", "id,value\n2,c\n3,d\n", hour="2026-11-21T09")


@pytest.mark.parametrize("body", [KEYED, KEYLESS])
def test_a_replay_gives_the_same_rows_in_one_commit_and_the_next_run_goes_on_after_it(
    platform: Platform, body: str
) -> None:
    dataset = platform.declare("files", body)
    arrive_twice(platform, "files")
    version = platform.silver(dataset).values["tableVersion"]
    before = platform.rows("silver.files")
    report = replay(platform, dataset)
    assert platform.rows("silver.files") == before
    assert report.values["location"].endswith("/silver/files/")
    # The new content is one commit; what follows it only names the new epoch.
    assert platform.rows("silver.files") == sorted(map(tuple, platform.table("silver.files", version + 1).collect()))
    total = report.values["total"]
    assert total["rowsIn"] == 5
    assert total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == report.values["rowsTable"]
    assert platform.rows("silver.files__rejected", "raw") == [("x,c",)]
    platform.arrive("files", "c.csv", "id,value\n4,e\n")
    assert platform.silver(dataset).values["run"]["rowsIn"] == 1


def test_a_replay_repairs_a_table_that_was_written_by_hand(platform: Platform) -> None:
    dataset = platform.declare("files", KEYED)
    arrive_twice(platform, "files")
    platform.silver(dataset)
    by_hand(platform, "wrong")
    replay(platform, dataset)
    assert platform.rows("silver.files") == [(1, "a"), (2, "c"), (3, "d")]


def test_rows_older_than_the_oldest_raw_are_kept(platform: Platform) -> None:
    dataset = platform.declare("files", KEYED)
    arrive_twice(platform, "files")
    platform.silver(dataset)
    for file in (platform.root / "raw" / "files" / "arrived=2026-11-20T09").iterdir():
        file.unlink()
    (platform.root / "raw" / "files" / "arrived=2026-11-20T09").rmdir()
    for _ in range(2):
        report = replay(platform, dataset)
        assert platform.rows("silver.files") == [(1, "a"), (2, "c"), (3, "d")]
        total = report.values["total"]
        assert total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == 3


def test_a_replay_from_a_time_leaves_older_rows_alone(platform: Platform) -> None:
    dataset = platform.declare("files", KEYED)
    arrive_twice(platform, "files")
    platform.silver(dataset)
    by_hand(platform, "by hand")
    replay(platform, dataset, since=datetime(2026, 11, 21, tzinfo=timezone.utc))
    assert platform.rows("silver.files") == [(1, "by hand"), (2, "c"), (3, "d")]


def test_without_a_key_nobody_could_tell_which_rows_are_older(platform: Platform) -> None:
    dataset = platform.declare("files", KEYLESS)
    arrive_twice(platform, "files")
    platform.silver(dataset)
    with pytest.raises(InputError, match="files has no key"):
        replay(platform, dataset, since=datetime(2026, 11, 21, tzinfo=timezone.utc))


def test_a_database_s_table_is_rebuilt_with_its_deletions(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes"))
    platform.arrive("planes", "a.parquet", changed(*LOADED, Change("D", 2, None, 6, 3)))
    platform.silver(dataset)
    replay(platform, dataset)
    platform.arrive("planes", "late.parquet", changed(Change("U", 2, "late", 5, 2, 2)), hour="2026-11-24T10")
    platform.silver(dataset)
    assert rows_of(platform, "planes") == {(0, 1): "a", (0, 3): "c"}


class Killed(BaseException):
    """No error that a job could catch."""


@pytest.mark.parametrize("step", ["_swap", "settle_epoch"])
def test_a_replay_that_died_is_finished_by_the_next_run(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    dataset = platform.declare("files", KEYLESS)
    arrive_twice(platform, "files")
    platform.silver(dataset)
    before = platform.rows("silver.files")
    do, calls = getattr(subject, step), []

    def dies(*arguments: Any) -> Any:
        calls.append(step)
        # The first settling is of an earlier swap, of which there was none.
        if step == "settle_epoch" and len(calls) == 1:
            return do(*arguments)
        if step == "_swap":
            do(*arguments)
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(subject, step, dies)
        with pytest.raises(Killed):
            replay(platform, dataset)
    platform.arrive("files", "c.csv", "id,value\n4,e\n")
    report = platform.silver(dataset)
    assert platform.rows("silver.files") == [*before, (4, "e")]
    total = report.values["total"]
    assert (total["rowsIn"], total["rowsAccepted"], total["rowsRejected"]) == (6, 5, 1)


def test_an_unfinished_batch_is_finished_first(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = platform.declare("files", KEYED)
    arrive_twice(platform, "files")

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(BatchLog, "finish", dies)
        with pytest.raises(Killed):
            platform.silver(dataset)
    with pytest.raises(InputError, match="run its step first"):
        replay(platform, dataset)


def test_a_table_is_compared_with_an_extract_of_its_source(platform: Platform) -> None:
    dataset = platform.declare("files", KEYED)
    arrive_twice(platform, "files")
    platform.silver(dataset)
    extract = platform.root / "extract.csv"
    extract.write_text("value,id\nd,3\na,1\nc,2\n")
    found = run_reconcile(platform.spark, dataset, platform.lake, f"file:{extract}")
    assert found.agrees, found.told()
    assert found.values["checksumTable"] == found.values["checksumExtract"] != "0"

    extract.write_text("value,id\n,3\na,1\ne,4\nf,five\n")
    found = run_reconcile(platform.spark, dataset, platform.lake, f"file:{extract}")
    assert not found.agrees
    assert (found.values["rowsTable"], found.values["rowsExtract"], found.values["rowsUnfit"]) == (3, 4, 1)
    assert {what: side["rows"] for what, side in found.values["differences"].items()} == {
        "only in the table": 1,
        "only in the extract": 1,
        "with other values": 1,
    }
    assert '"id": "2"' in found.told()


def test_an_extract_that_is_not_there_or_of_no_known_format_is_refused(platform: Platform) -> None:
    dataset = platform.declare("files", KEYED)
    with pytest.raises(InputError, match="there is no file at"):
        run_reconcile(platform.spark, dataset, platform.lake, f"file:{platform.root}/none.csv")
    (platform.root / "extract.xml").write_text("<a/>")
    with pytest.raises(InputError, match=r"found files \.xml; allowed: csv"):
        run_reconcile(platform.spark, dataset, platform.lake, f"file:{platform.root}/extract.xml")
