"""Changes of a source database, through files as DMS writes them, in Spark."""

from __future__ import annotations

import io
import itertools
import os
import random
from dataclasses import dataclass
from typing import Any, Optional, Sequence

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from changes_reference import Change, outcome
from conftest import Platform
from shrinking import shrunk
from source_histories import history

from basin_jobs.changes.writer import ChangeWriter

TABLE = """
source: {{ kind: database, connection: fleet, table: public.{name}, mode: {mode} }}
columns:
  - {{ name: space, type: int, required: true }}
  - {{ name: id, type: int, required: true }}
  - {{ name: value, type: string }}
{more}
key: [space, id]
maxRejected: 0.5
"""
HISTORIES = 500
SEED = int(os.environ.get("BASIN_SEED", "20261124"))


def table(name: str, mode: str = "full-and-changes", more: str = "") -> str:
    return TABLE.format(name=name, mode=mode, more=more)


def written(change: Change, space: int, **more: Any) -> dict[str, Any]:
    time = f"2026-11-24 09:{change.time // 60:02}:{change.time % 60:02}.000000"
    return {
        "Op": change.op,
        "space": space,
        "id": change.key,
        "value": change.value,
        "basin_commit_time": time,
        "basin_change_seq": None if change.sequence is None else f"{change.sequence:035}",
        "basin_before_space": None if change.before is None else space,
        "basin_before_id": change.before,
        **more,
    }


def parquet(rows: list[dict[str, Any]]) -> bytes:
    types = {"Op": pa.string(), "value": pa.string(), "basin_commit_time": pa.string(), "basin_change_seq": pa.string()}
    fields = [(name, types.get(name, pa.int32())) for name in rows[0]]
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), target)
    return target.getvalue()


def rows_of(platform: Platform, name: str) -> dict[tuple[int, int], Optional[str]]:
    return {(space, key): value for space, key, value in platform.rows(f"silver.{name}", "space", "id", "value")}


def account(platform: Platform, name: str) -> dict[str, int]:
    frame = platform.table(f"silver.{name}__reconciliation")
    names = [each for each, type_ in frame.dtypes if type_ == "bigint" and each != "batch"]
    return frame.groupBy().sum(*names).toDF(*names).collect()[0].asDict()


def deliveries(chance: random.Random, changes: list[Any]) -> list[list[list[Any]]]:
    """Batches of files: cut anywhere, some files again, now and then one that comes a batch late."""
    files = []
    while changes:
        size = chance.randrange(1, len(changes) + 1)
        files.append(changes[:size])
        changes = changes[size:]
    files += chance.sample(files, len(files) // 3)
    for index in range(len(files) - 1):
        if chance.random() < 0.2:
            files[index], files[index + 1] = files[index + 1], files[index]
    cut = chance.randrange(len(files) + 1)
    return [files[:cut], files[cut:]]


@dataclass(frozen=True)
class Delivered:
    """A change of one history, and the batch and the file that bring it."""

    space: int
    change: Change
    batch: int
    file: int


def ingested(platform: Platform, name: str, delivered: Sequence[Delivered]) -> dict[tuple[int, int], Optional[str]]:
    """What the job makes of deliveries, in a table of its own."""
    dataset = platform.declare(name, table(name))
    for batch in sorted({each.batch for each in delivered}):
        for file in sorted({each.file for each in delivered if each.batch == batch}):
            rows = [written(each.change, each.space) for each in delivered if (each.batch, each.file) == (batch, file)]
            platform.arrive(name, f"{batch}-{file:04}.parquet", parquet(rows))
        platform.silver(dataset)
    return rows_of(platform, name)


def smallest(platform: Platform, delivered: Sequence[Delivered]) -> str:
    """The fewest changes of a failing history of which the job still makes something else than the reference."""
    tables = itertools.count()

    def fails(some: Sequence[Delivered]) -> bool:
        found = ingested(platform, f"shrunk{next(tables)}", some)
        return {key: value for (_, key), value in found.items()} != outcome(each.change for each in some)

    return "".join(f"\n  batch {each.batch}, file {each.file}: {each.change}" for each in shrunk(delivered, fails))


def test_random_histories_end_as_their_sources_however_they_are_delivered(platform: Platform) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    expected: dict[tuple[int, int], Optional[str]] = {}
    sent: list[tuple[int, Change]] = []
    for space in range(HISTORIES):
        changes, rows = history(chance)
        assert outcome(changes) == rows
        expected.update({(space, key): value for key, value in rows.items()})
        sent += [(space, change) for change in changes]
    chance.shuffle(sent)
    delivered = [
        Delivered(space, change, batch, file)
        for batch, files in enumerate(deliveries(chance, sent))
        for file, changes in enumerate(files)
        for space, change in changes
    ]
    wrong = sorted({space for (space, _), _ in expected.items() ^ ingested(platform, "sources", delivered).items()})
    if wrong:
        least = smallest(platform, [each for each in delivered if each.space == wrong[0]])
        pytest.fail(
            f"seed {SEED}: histories {wrong[:5]} of {len(wrong)} are wrong; of the first, this is enough:{least}"
        )


def changed(*changes: Change) -> bytes:
    return parquet([written(change, 0) for change in changes])


LOADED = (Change("I", 1, "a", 0), Change("I", 2, "b", 0), Change("I", 3, "c", 0))


def test_a_full_load_and_its_changes_are_accounted_for_row_by_row(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes"))
    platform.arrive("planes", "LOAD0000000A.parquet", changed(*LOADED))
    changes = (Change("U", 1, "x", 5, 1, 1), Change("D", 2, None, 6, 2), Change("U", 4, "c", 7, 3, 3))
    platform.arrive("planes", "20261124-090000123.parquet", changed(*changes))
    report = platform.silver(dataset)
    assert rows_of(platform, "planes") == {(0, 1): "x", (0, 4): "c"}
    total = report.values["total"]
    assert total["rowsIn"] == total["rowsAccepted"] == 6
    assert total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == report.values["rowsTable"] == 2
    figures = account(platform, "planes")
    assert (figures["files"], figures["rows"], figures["rejected"]) == (2, 6, 0)
    assert (figures["loaded"], figures["inserted"], figures["updated"], figures["deleted"]) == (3, 0, 2, 1)
    assert figures["applied"] + figures["superseded"] == 6


def test_files_that_come_again_and_changes_that_come_late_change_nothing(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes"))
    late = changed(Change("U", 2, "late", 5, 1, 2), Change("U", 1, "late", 5, 2, 1))
    platform.arrive("planes", "a.parquet", changed(*LOADED, Change("D", 2, None, 6, 3), Change("U", 1, "x", 7, 4, 1)))
    platform.silver(dataset)
    before = rows_of(platform, "planes")
    for again in ("b.parquet", "c.parquet"):
        platform.arrive("planes", again, late, hour="2026-11-24T10")
        platform.silver(dataset)
    platform.arrive("planes", "d.parquet", changed(*LOADED), hour="2026-11-24T11")
    report = platform.silver(dataset)
    assert rows_of(platform, "planes") == before == {(0, 1): "x", (0, 3): "c"}
    total = report.values["total"]
    assert total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == report.values["rowsTable"] == 2


def test_a_reload_takes_away_what_is_no_longer_there_once_it_is_whole(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes"))
    platform.arrive("planes", "a.parquet", changed(*LOADED, Change("U", 1, "x", 5, 1, 1)))
    platform.silver(dataset)
    platform.arrive("planes", "b.parquet", changed(Change("I", 1, "y", 50)), hour="2026-11-24T10")
    platform.silver(dataset)
    assert rows_of(platform, "planes") == {(0, 1): "y", (0, 2): "b", (0, 3): "c"}
    platform.arrive("planes", "c.parquet", changed(Change("U", 1, "z", 60, 2, 1)), hour="2026-11-24T11")
    report = platform.silver(dataset)
    assert rows_of(platform, "planes") == {(0, 1): "z"}
    total = report.values["total"]
    assert total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == 1
    assert account(platform, "planes")["takenAway"] == 2


def test_without_changes_each_load_is_the_whole_table(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes", "full"))
    platform.arrive("planes", "LOAD00000001.parquet", changed(*LOADED))
    platform.silver(dataset)
    platform.arrive("planes", "LOAD00000002.parquet", changed(Change("I", 3, "d", 9)), hour="2026-11-24T10")
    platform.silver(dataset)
    assert rows_of(platform, "planes") == {(0, 3): "d"}


def test_a_column_added_at_the_source_waits_to_be_declared(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes"))
    platform.arrive("planes", "a.parquet", changed(*LOADED))
    platform.silver(dataset)
    more = parquet([written(Change("U", 1, "x", 5, 1, 1), 0, seats=4)])
    platform.arrive("planes", "b.parquet", more, hour="2026-11-24T10")
    assert platform.silver(dataset).values["run"]["undeclaredColumns"] == ["seats"]
    wider = platform.declare("planes", table("planes", more="  - { name: seats, type: int }"))
    platform.arrive(
        "planes", "c.parquet", parquet([written(Change("U", 2, "y", 6, 2, 2), 0, seats=6)]), "2026-11-24T11"
    )
    platform.silver(wider)
    assert platform.rows("silver.planes", "id", "value", "seats") == [(1, "x", None), (2, "y", 6), (3, "c", None)]


def test_what_is_no_change_is_rejected_and_what_is_no_parquet_is_set_aside(platform: Platform) -> None:
    dataset = platform.declare("planes", table("planes"))
    bad = [
        written(Change("X", 7, "x", 5, 1), 0),
        {**written(Change("U", 7, "x", 5, 2), 0), "basin_commit_time": "yesterday"},
        {**written(Change("U", 7, "x", 5, 3), 0), "basin_change_seq": None},
    ]
    platform.arrive("planes", "a.parquet", parquet([*bad, *(written(each, 0) for each in LOADED)]))
    platform.arrive("planes", "b.parquet", b"Op,id\nI,1\n")
    report = platform.silver(dataset)
    reasons = sorted(row[0][0].split(":")[0] for row in platform.rows("silver.planes__rejected", "reasons"))
    assert reasons == ["Op", "basin_change_seq", "basin_commit_time"]
    assert [each["file"].rsplit("/", 1)[1] for each in report.values["run"]["filesSetAside"]] == ["b.parquet"]
    assert rows_of(platform, "planes") == {(0, 1): "a", (0, 2): "b", (0, 3): "c"}
    assert (account(platform, "planes")["rejected"], account(platform, "planes")["filesSetAside"]) == (3, 1)


class Killed(BaseException):
    """No error that a job could catch."""


@pytest.mark.parametrize(("step", "before"), [("write_rows", True), ("write_rows", False), ("settle", False)])
def test_a_run_that_died_between_rows_and_marks_is_finished_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
) -> None:
    dataset = platform.declare("planes", table("planes"))
    platform.arrive("planes", "a.parquet", changed(*LOADED))
    platform.silver(dataset)
    platform.arrive("planes", "b.parquet", changed(Change("D", 2, None, 6, 3)), hour="2026-11-24T10")
    do = getattr(ChangeWriter, step)

    def dies(*arguments: Any) -> None:
        if not before:
            do(*arguments)
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(ChangeWriter, step, dies)
        with pytest.raises(Killed):
            platform.silver(dataset)
    platform.arrive("planes", "c.parquet", changed(Change("U", 2, "late", 5, 2, 2)), hour="2026-11-24T11")
    report = platform.silver(dataset)
    assert rows_of(platform, "planes") == {(0, 1): "a", (0, 3): "c"}
    total, figures = report.values["total"], account(platform, "planes")
    assert total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == 2
    assert (figures["rows"], figures["applied"], figures["superseded"]) == (5, 4, 1)
