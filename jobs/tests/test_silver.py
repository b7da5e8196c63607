from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Platform

from basin_jobs.errors import CheckFailed, InputError

KEYED = """
source: { kind: stream, format: json }
columns:
  - { name: id, type: int }
  - { name: value, type: string }
  - { name: sent, type: int, required: true }
key: [id]
sequence: sent
clusterBy: [id]
"""

UNSEQUENCED = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int }
  - { name: value, type: string }
key: [id]
"""

KEYLESS = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
maxRejected: 0.5
"""


def lines(*rows: tuple[Any, ...]) -> str:
    return "".join(json.dumps(dict(zip(("id", "value", "sent"), row))) + "\n" for row in rows)


def test_a_key_keeps_its_latest_row_wherever_batches_are_cut(platform: Platform) -> None:
    dataset = platform.declare("events", KEYED)
    platform.arrive("events", "1.json", lines((1, "old", 1), (1, "new", 3), (1, "again", 3), (2, "only", 1)))
    first = platform.silver(dataset)
    assert (first.run.rows_accepted, first.run.rows_superseded, first.values["rowsTable"]) == (4, 2, 2)

    platform.arrive("events", "2.json", lines((1, "late", 2), (2, "newer", 2), (2, "newest", 9), (3, "first", 1)))
    platform.arrive("events", "3.json", lines((1, "tie", 3)), hour="2026-11-24T10")
    second = platform.silver(dataset)
    assert platform.rows("silver.events") == [(1, "new", 3), (2, "newest", 9), (3, "first", 1)]
    assert (second.run.rows_accepted, second.run.rows_superseded, second.values["run"]["batches"]) == (5, 4, 1)

    total = second.values["total"]
    assert second.values["rowsTable"] == total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == 3

    third = platform.silver(dataset)
    assert third.values["run"]["batches"] == 0
    assert third.values["total"] == total
    assert third.values["tableVersion"] == second.values["tableVersion"]


def test_of_a_split_shard_the_parent_s_records_may_be_delivered_after_the_children_s(platform: Platform) -> None:
    dataset = platform.declare("events", KEYED)
    # An object lies in the hour of its oldest record, and is there when it is delivered.
    platform.arrive("events", "children.json", lines((1, "child", 5), (2, "child", 6)), hour="2026-11-24T10")
    platform.silver(dataset)
    parent = lines((1, "parent", 3), (3, "parent", 4))
    platform.arrive("events", "parent.json", parent, hour="2026-11-24T09")
    platform.arrive("events", "children-again.json", lines((2, "child", 6)), hour="2026-11-24T11")
    assert platform.silver(dataset).run.rows_in == 3
    assert platform.rows("silver.events") == [(1, "child", 5), (2, "child", 6), (3, "parent", 4)]


def test_without_a_sequence_the_last_to_arrive_stands(platform: Platform) -> None:
    dataset = platform.declare("files", UNSEQUENCED)
    platform.arrive("files", "b.json", lines((1, "first"), (1, "second")))
    assert platform.silver(dataset).run.rows_superseded == 1
    assert platform.rows("silver.files") == [(1, "second")]
    platform.arrive("files", "a.json", lines((1, "third")))
    platform.silver(dataset)
    assert platform.rows("silver.files") == [(1, "third")]


def test_too_many_rejects_leave_the_table_and_the_batch_for_a_changed_declaration(platform: Platform) -> None:
    dataset = platform.declare("files", KEYLESS.replace("0.5", "0.25"))
    platform.arrive("files", "a.json", lines((1,), (2,), ("x",), ("y",)))
    with pytest.raises(CheckFailed, match=r'2 of the 4 records .* 0.25 .*\n  2 × id: "x" is not int'):
        platform.silver(dataset)
    assert platform.rows("silver.files") == []

    platform.arrive("files", "b.json", lines((3,)))
    report = platform.silver(platform.declare("files", KEYLESS))
    assert platform.rows("silver.files") == [(1,), (2,), (3,)]
    assert (report.values["run"]["batches"], report.run.rows_in, report.run.rows_rejected) == (2, 5, 2)


def test_nothing_arrived_makes_an_empty_table_and_no_batch(platform: Platform) -> None:
    report = platform.silver(platform.declare("events", KEYED))
    assert (report.values["tableVersion"], report.values["rowsTable"], report.values["run"]["batches"]) == (0, 0, 0)
    table = platform.table("silver.events")
    assert table.columns == ["id", "value", "sent"]
    detail = platform.spark.sql(f"describe detail delta.`{platform.lake}/silver/events`").collect()[0]
    assert list(detail["clusteringColumns"]) == ["id"]


def test_a_file_that_comes_late_in_an_old_hour_is_found_and_one_in_an_hour_never_read_too(platform: Platform) -> None:
    dataset = platform.declare("files", KEYLESS)
    platform.arrive("files", "a.json", lines((1,)), hour="2026-11-24T09")
    platform.silver(dataset)
    platform.arrive("files", "late.json", lines((2,)), hour="2026-11-24T09")
    platform.arrive("files", "backfill.json", lines((3,)), hour="2024-01-01T00")
    platform.silver(dataset)
    assert platform.rows("silver.files") == [(1,), (2,), (3,)]


def test_a_broken_check_is_refused_before_anything_is_made(platform: Platform) -> None:
    dataset = platform.declare("files", KEYLESS + 'checks: ["idd > 0"]')
    with pytest.raises(InputError, match=r"check 'idd > 0' cannot be computed: .*columns: id"):
        platform.silver(dataset)
    assert not (platform.root / "lake").exists()
