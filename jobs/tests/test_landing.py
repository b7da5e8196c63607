"""What DMS has written comes into raw once, whatever dies on the way, and may expire in landing only then."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Optional

import pytest
from disk import Disk, Killed

from basin_jobs.changes.landing import Landing, Places
from basin_jobs.declarations.dataset import Dataset, complete
from basin_jobs.errors import InputError

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
FOLDER = "landing/fleet/public/planes"


def table(mode: str = "full-and-changes") -> Dataset:
    source = {"kind": "database", "connection": "fleet", "table": "public.planes", "mode": mode}
    columns = [{"name": "id", "type": "int"}]
    declared = {"name": "planes", "description": "", "source": source, "columns": columns, "freshness": "1 hour"}
    return complete({**declared, "key": ["id"]})


def landing_of(disk: Disk, dataset: Optional[Dataset] = None) -> Landing:
    places = Places("landing", "raw/planes", "lake/planes__landing")
    return Landing(disk, dataset or table(), places, disk.copy, disk.marked.append)


def raw(disk: Disk) -> list[str]:
    return sorted(path for path in disk.content if path.startswith("raw/"))


def test_files_come_into_the_hour_of_their_copy_under_names_of_their_own_and_only_once() -> None:
    disk = Disk()
    disk.write(f"{FOLDER}/LOAD00000001.parquet", "load")
    disk.write(f"{FOLDER}/2026/11/24/09/20261124-090000123.parquet", "changes")
    disk.write(f"{FOLDER}/2026/11/24/10/20261124-090000123.parquet", "other changes of that name")
    assert landing_of(disk).bring_in(NOW) == 3
    assert landing_of(disk).bring_in(NOW + timedelta(hours=2)) == 0
    assert len(raw(disk)) == 3
    assert all(path.startswith("raw/planes/arrived=2026-11-24T12/dms-") for path in raw(disk))
    assert sorted(disk.marked) == sorted(source for source, _ in disk.copies)


def test_a_file_that_was_written_anew_is_another_file() -> None:
    disk = Disk()
    disk.write(f"{FOLDER}/LOAD00000001.parquet", "load")
    landing_of(disk).bring_in(NOW)
    disk.write(f"{FOLDER}/LOAD00000001.parquet", "reload", at=NOW + timedelta(hours=3))
    assert landing_of(disk).bring_in(NOW + timedelta(hours=4)) == 1
    assert sorted(disk.content[path] for path in raw(disk)) == ["load", "reload"]


@pytest.mark.parametrize("copied", [0, 1, 2])
def test_a_copy_that_died_goes_on_under_the_same_names(copied: int) -> None:
    disk = Disk(dies_at=copied)
    for number in range(3):
        disk.write(f"{FOLDER}/{number}.parquet", str(number))
    with pytest.raises(Killed):
        landing_of(disk).bring_in(NOW)
    disk.dies_at = None
    landing_of(disk).bring_in(NOW + timedelta(hours=3))
    assert len(raw(disk)) == 3
    assert all("arrived=2026-11-24T12" in path for path in raw(disk))
    assert set(disk.marked) == {f"{FOLDER}/{number}.parquet" for number in range(3)}


def test_a_copy_that_died_long_ago_comes_into_an_hour_that_is_still_read() -> None:
    disk = Disk(dies_at=0)
    disk.write(f"{FOLDER}/a.parquet", "a")
    with pytest.raises(Killed):
        landing_of(disk).bring_in(NOW)
    disk.dies_at = None
    landing_of(disk).bring_in(NOW + timedelta(days=3))
    assert [path for path in raw(disk) if "arrived=2026-11-27T12" in path] == raw(disk)
    assert disk.marked == [f"{FOLDER}/a.parquet"]


def test_a_load_that_no_changes_follow_is_left_alone_until_nothing_more_is_written() -> None:
    disk = Disk()
    disk.write(f"{FOLDER}/LOAD00000001.parquet", "a", at=NOW - timedelta(minutes=3))
    assert landing_of(disk, table("full")).bring_in(NOW) == 0
    assert landing_of(disk, table("full")).bring_in(NOW + timedelta(minutes=8)) == 1


def test_a_file_leaves_landing_only_when_raw_has_what_lies_there() -> None:
    disk = Disk()
    paths = [f"{FOLDER}/{name}.parquet" for name in ("copied", "kept", "rewritten", "new")]
    for path in paths[:3]:
        disk.write(path, "a")
    landing_of(disk).bring_in(NOW)
    disk.write(paths[2], "b", at=NOW)
    disk.write(paths[3], "a", at=NOW)
    landing_of(disk).remove([paths[0], *paths[2:]])
    assert [path for path in disk.content if path.startswith(FOLDER)] == paths[1:]


def test_a_record_of_another_dataset_is_refused() -> None:
    disk = Disk()
    record = {"version": 1, "dataset": "seats", "createdAt": NOW.isoformat(), "files": []}
    disk.create("lake/planes__landing/000001.json", json.dumps(record))
    with pytest.raises(InputError, match="is of seats, not of planes"):
        landing_of(disk).bring_in(NOW)
