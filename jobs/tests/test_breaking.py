from __future__ import annotations

from typing import Any

import pytest
from conftest import Platform

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError

BEFORE = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: price, type: string, description: In cents. }
  - { name: note, type: string }
key: [id]
clusterBy: [id]
"""
AFTER = """
source: { kind: files, format: json }
columns:
  - { name: id, type: bigint, required: true }
  - { name: price, type: int, description: In cents. }
key: [id]
clusterBy: [id]
"""


def declare(platform: Platform, body: str, accept: str = "", since: str = "2026-01-01") -> Dataset:
    breaking = f"breaking: {{ accept: [{accept}], since: {since} }}\n" if accept else ""
    return platform.declare("files", body + breaking)


def filled(platform: Platform, price: str = '"01"') -> Platform:
    platform.arrive("files", "a.json", f'{{"id":1,"price":{price},"note":"x"}}\n{{"id":2}}\n')
    platform.silver(declare(platform, BEFORE))
    return platform


def types(platform: Platform) -> list[tuple[str, str]]:
    return [(each.name, each.dataType.simpleString()) for each in platform.table("silver.files").schema]


def detail(platform: Platform) -> Any:
    return platform.spark.sql(f"describe detail delta.`{platform.lake}/silver/files`").collect()[0]


def test_accepted_columns_go_and_change_in_one_commit_and_the_run_goes_on(platform: Platform) -> None:
    before = detail(filled(platform))
    platform.arrive("files", "b.json", '{"id":3,"price":7}\n{"id":1,"price":8}\n', hour="2026-11-24T10")
    report = platform.silver(declare(platform, AFTER, "id, price, note"))
    assert types(platform) == [("id", "bigint"), ("price", "int")]
    assert platform.rows("silver.files") == [(1, 8), (2, None), (3, 7)]
    assert (report.run.rows_accepted, report.values["rowsTable"]) == (2, 3)
    after = detail(platform)
    assert (after["id"], after["properties"]["basin.epoch"]) == (before["id"], before["properties"]["basin.epoch"])
    assert list(after["clusteringColumns"]) == ["id"]
    assert platform.table("silver.files").schema["price"].metadata["comment"] == "In cents."
    # Time travel still finds what is gone.
    notes = platform.table("silver.files", version=1).select("note").collect()
    assert sorted(row["note"] or "" for row in notes) == ["", "x"]


def test_a_second_run_finds_nothing_to_change(platform: Platform) -> None:
    filled(platform)
    dataset = declare(platform, AFTER, "id, price, note")
    platform.silver(dataset)
    versions = platform.spark.sql(f"describe history delta.`{platform.lake}/silver/files`").count()
    platform.silver(dataset)
    assert platform.spark.sql(f"describe history delta.`{platform.lake}/silver/files`").count() == versions


@pytest.mark.parametrize(
    ("accept", "since", "price", "message"),
    [
        ("id, price", "2026-01-01", '"1"', "note is in the table and not declared any more$"),
        ("id, price, note", "2999-01-01", '"1"', "price is string in the table .*which is accepted from 2999-01-01 on"),
        ("id, price, note", "2026-01-01", '"dear"', "1 rows have a price that int cannot hold"),
    ],
)
def test_what_is_not_accepted_or_not_yet_or_would_lose_a_value_is_refused_before_a_byte_is_written(
    platform: Platform, accept: str, since: str, price: str, message: str
) -> None:
    filled(platform, price)
    platform.arrive("files", "b.json", '{"id":3,"price":7}\n')
    before = platform.rows("silver.files")
    with pytest.raises(InputError, match=message):
        platform.silver(declare(platform, AFTER, accept, since))
    assert platform.rows("silver.files") == before
    assert types(platform) == [("id", "int"), ("price", "string"), ("note", "string")]
