"""One subject taken out of what came from a database, and the tables rebuilt from what is left of it."""

from __future__ import annotations

import io
import json
from typing import Any, Optional

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Platform

from basin_jobs.main import main
from basin_jobs.replay import run_replay
from basin_jobs.silver import run_silver

TABLE = """
source: {{ kind: database, connection: fleet, table: public.{name} }}
columns:
  - {{ name: id, type: int, required: true }}
  - {{ name: person, type: string }}
  - {{ name: note, type: string }}
key: {key}
subject: person
"""
TYPES = {"id": pa.int32(), "basin_before_id": pa.int32()}
Key = tuple[str, int]


def change(
    op: str, person: str, number: int, note: str, sequence: Optional[int] = None, before: Optional[Key] = None
) -> Any:
    """As DMS writes it; a full load's rows have no sequence."""
    return {
        "Op": op,
        "id": number,
        "person": person,
        "note": note,
        "basin_commit_time": f"2026-11-24 09:00:{sequence or 0:02}.000000",
        "basin_change_seq": None if sequence is None else f"{sequence:035}",
        "basin_before_person": before and before[0],
        "basin_before_id": before and before[1],
    }


PLANES = {
    "LOAD00000001": [
        change("I", "cy", 1, "a"),
        change("I", "xanthe", 2, "a"),
        change("I", "bea", 3, "a"),
        change("I", "dan", 7, "a"),
    ],
    "20261124-090100": [
        change("U", "xanthe", 1, "was cy's", 1, ("cy", 1)),
        change("U", "xanthe", 4, "was bea's", 2, ("bea", 3)),
        change("U", "dan", 7, "b", 3, ("dan", 7)),
    ],
    "20261124-090200": [change("U", "dan", 7, "c", 4, ("dan", 7))],
}
LATER = {"20261124-090300": [change("I", "xanthe", 8, "a", 5), change("U", "dan", 7, "d", 6, ("dan", 7))]}
PILOTS = {
    "LOAD00000001": [change("I", "xanthe", 1, "a"), change("I", "cy", 2, "a"), change("I", "bea", 3, "a")],
    "20261124-090100": [
        change("U", "yan", 1, "renamed", 1, ("xanthe", 1)),
        change("U", "xanthe", 2, "was cy's", 2, ("cy", 2)),
    ],
}


@pytest.fixture(scope="module")
def erased(shared: Platform) -> Platform:
    """Two tables without xanthe: her name is part of one's key; some of the other's changes were still in landing."""
    shared.declare("planes", TABLE.format(name="planes", key="[id]"))
    shared.declare("pilots", TABLE.format(name="pilots", key="[person, id]"))
    land(shared, "planes", PLANES)
    land(shared, "pilots", PILOTS)
    for name in ("planes", "pilots"):
        take_in(shared, name)
    assert shared.rows("silver.planes", "person", "id") == [("dan", 7), ("xanthe", 1), ("xanthe", 2), ("xanthe", 4)]
    land(shared, "planes", LATER)
    folders = ["--raw", shared.raw, "--lake", shared.lake, "--datasets", str(shared.root / "datasets")]
    assert main(["erase", "--subject", "xanthe", "--landing", landing(shared), *folders]) == 0
    return shared


def landing(platform: Platform) -> str:
    return str(platform.root / "landing")


def land(platform: Platform, table: str, files: dict[str, list[Any]]) -> None:
    folder = platform.root / "landing" / "fleet" / "public" / table
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        schema = pa.schema([(column, TYPES.get(column, pa.string())) for column in rows[0]])
        content = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), content)
        (folder / f"{name}.parquet").write_bytes(content.getvalue())


def take_in(platform: Platform, name: str) -> None:
    dataset = platform.declarations.dataset(name)
    run_silver(platform.spark, dataset, platform.raw, platform.lake, landing=landing(platform))


def left_in(platform: Platform, zone: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of every Parquet file."""
    root = platform.root / zone
    return {str(file.relative_to(root)): pq.read_table(file).to_pylist() for file in root.rglob("*.parquet")}


def records(platform: Platform, table: str) -> list[tuple[Any, ...]]:
    """What raw has of a table."""
    columns = ("Op", "person", "id", "note", "basin_before_person")
    rows = (row for file in left_in(platform, f"raw/{table}").values() for row in file)
    return sorted((tuple(row[column] for column in columns) for row in rows), key=str)


def test_no_file_and_no_log_names_the_subject(erased: Platform) -> None:
    for zone in ("raw", "landing", "lake"):
        assert "xanthe" not in json.dumps(left_in(erased, zone), default=str)
    logs = (file for kind in ("json", "crc") for file in (erased.root / "lake").rglob(f"*.{kind}"))
    assert [str(log) for log in logs if b"xanthe" in log.read_bytes()] == []


def test_a_deletion_is_in_the_place_of_each_change_so_that_no_earlier_row_comes_back(erased: Platform) -> None:
    kept = [("I", "bea", 3, "a", None), ("I", "cy", 1, "a", None), ("I", "dan", 7, "a", None)]
    updates = [("U", "dan", 7, note, "dan") for note in "bcd"]
    deletions = [("D", None, number, None, None) for number in (1, 3, 4, 8)]
    assert records(erased, "planes") == sorted([*kept, *updates, *deletions], key=str)


def test_where_the_key_names_the_subject_nothing_is_left_of_it(erased: Platform) -> None:
    kept = [("I", "bea", 3, "a", None), ("I", "cy", 2, "a", None), ("U", "yan", 1, "renamed", None)]
    assert records(erased, "pilots") == sorted([*kept, ("D", "cy", 2, None, None)], key=str)
    assert {row[0] for row in erased.rows("silver.pilots__marks", "person")} == {"bea", "cy", "yan"}


def test_landing_keeps_the_files_that_do_not_hold_the_subject(erased: Platform) -> None:
    assert [*left_in(erased, "landing")] == ["fleet/public/planes/20261124-090200.parquet"]
    (path,) = (erased.root / "lake" / "erasures").glob("*.json")
    record = json.loads(path.read_text())
    found = sorted("/".join(each["place"].rsplit("/", 2)[1:]) for each in record["landing"])
    planes = ("20261124-090100", "20261124-090300", "LOAD00000001")
    pilots = ("20261124-090100", "LOAD00000001")
    assert found == [*(f"pilots/{name}.parquet" for name in pilots), *(f"planes/{name}.parquet" for name in planes)]
    assert f"{landing(erased)}/fleet/public/planes/" in record["verified"]


def test_what_comes_later_is_taken_in_and_a_table_rebuilt_from_raw_is_the_same(erased: Platform) -> None:
    take_in(erased, "planes")
    planes = [("dan", 7, "d")]
    pilots = [("bea", 3, "a"), ("yan", 1, "renamed")]
    for name, rows in (("planes", planes), ("pilots", pilots)):
        assert erased.rows(f"silver.{name}", "person", "id", "note") == rows
        dataset = erased.declarations.dataset(name)
        run_replay(erased.spark, dataset, erased.raw, erased.lake)
        assert erased.rows(f"silver.{name}", "person", "id", "note") == rows


def test_a_key_whose_row_was_erased_stays_deleted_whatever_comes_late(erased: Platform) -> None:
    land(erased, "planes", {"20261124-090400": [change("U", "cy", 1, "late", 0, ("cy", 1))]})
    take_in(erased, "planes")
    assert erased.rows("silver.planes", "person", "id") == [("dan", 7)]
