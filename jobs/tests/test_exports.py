from __future__ import annotations

from typing import Any, Optional

import pytest
from conftest import Platform

import basin_jobs.exports as subject
from basin_jobs.exports import run_exports
from basin_jobs.main import main

BODY = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: name, type: string }
exports: [parquet, orc]
"""


class MemoryShelf:
    """A catalogue's table of copies, in this process."""

    def __init__(self) -> None:
        self.shown: dict[int, str] = {}

    def show(self, version: int, location: str) -> None:
        self.shown[version] = location

    def hide(self, version: int) -> None:
        self.shown.pop(version, None)


@pytest.fixture
def shelves(monkeypatch: pytest.MonkeyPatch) -> dict[str, MemoryShelf]:
    made: dict[str, MemoryShelf] = {"parquet": MemoryShelf(), "orc": MemoryShelf()}

    def shelf_of(spark: object, dataset: object, form: str, database: Optional[str]) -> Any:
        return made[form]

    monkeypatch.setattr(subject, "shelf_of", shelf_of)
    return made


def arrive(platform: Platform, number: int) -> None:
    platform.arrive("events", f"{number}.json", f'{{"id":{number},"name":"x"}}\n')
    platform.silver(platform.declare("events", BODY))


def test_a_copy_is_shown_once_it_is_whole_and_the_one_before_it_goes_later(
    platform: Platform, shelves: dict[str, MemoryShelf], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(platform, 1)
    dataset = platform.declarations.dataset("events")
    written = run_exports(platform.spark, dataset, platform.lake, "silver")
    assert written == [f"{platform.lake}/exports/events/{form}/version=1/" for form in ("parquet", "orc")]
    assert run_exports(platform.spark, dataset, platform.lake, "silver") == []

    arrive(platform, 2)

    def dies(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as killing:
        killing.setattr(MemoryShelf, "show", dies)
        with pytest.raises(RuntimeError):
            run_exports(platform.spark, dataset, platform.lake, "silver")
    assert set(shelves["parquet"].shown) == {1}

    run_exports(platform.spark, dataset, platform.lake, "silver")
    assert set(shelves["parquet"].shown) == set(shelves["orc"].shown) == {1, 2}
    for form, shelf in shelves.items():
        rows = platform.spark.read.format(form).load(shelf.shown[2]).orderBy("id").collect()
        assert [tuple(row) for row in rows] == [(1, "x"), (2, "x")]

    run_exports(platform.spark, dataset, platform.lake, "silver", kept_seconds=0)
    assert set(shelves["orc"].shown) == {2}
    assert [path.name for path in (platform.root / "lake/exports/events/orc").glob("version=*")] == ["version=2"]


def test_half_a_copy_is_written_anew(platform: Platform) -> None:
    arrive(platform, 1)
    half = platform.root / "lake/exports/events/parquet/version=1"
    half.mkdir(parents=True)
    (half / "part-0.parquet").write_text("half")
    folders = ["--raw", platform.raw, "--lake", platform.lake, "--datasets", str(platform.root / "datasets")]
    assert main(["silver", "--dataset", "events", *folders]) == 0
    assert platform.spark.read.parquet(str(half)).count() == 1
