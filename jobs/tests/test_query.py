from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Platform

from basin_jobs.errors import InputError
from basin_jobs.sql.query import run_query

BODY = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: price, type: "decimal(10,2)" }
  - { name: at, type: timestamp }
  - { name: tags, type: "array<struct<a:int>>" }
  - { name: seal, type: binary }
"""


@pytest.fixture(scope="module")
def filled(shared: Platform) -> Platform:
    dataset = shared.declare("items", BODY)
    row = '{"id":1,"price":1.50,"at":"2013-01-01T10:00:00.5Z","tags":[{"a":1}],"seal":"YWJj"}'
    shared.arrive("items", "a.json", row + "\n")
    shared.silver(dataset)
    shared.arrive("items", "b.json", '{"id":2}\n')
    shared.silver(dataset)
    return shared


def ask(platform: Platform, query: str) -> Any:
    out = platform.root / "answer.json"
    out.unlink(missing_ok=True)
    try:
        run_query(platform.spark, platform.lake, query, str(out))
    finally:
        answer = json.loads(out.read_text()) if out.exists() else None
    return answer


def test_values_come_as_json_has_them(filled: Platform) -> None:
    answer = ask(
        filled, "select *, double('nan') as nan, map('k', date'2013-01-01') as m from silver.items where id = 1"
    )
    assert answer["version"] == 1
    assert answer["columns"][:2] == [{"name": "id", "type": "int"}, {"name": "price", "type": "decimal(10,2)"}]
    assert answer["rows"] == [
        [1, "1.50", "2013-01-01T10:00:00.500000Z", [{"a": 1}], "YWJj", "nan", {"k": "2013-01-01"}]
    ]


def test_an_older_version_can_be_asked_for(filled: Platform) -> None:
    assert ask(filled, "select count(*) from silver.items")["rows"] == [[2]]
    assert ask(filled, "select count(*) from silver.items version as of 1")["rows"] == [[1]]
    history = ask(filled, "describe history silver.items")
    times = dict(zip((row[0] for row in history["rows"]), (row[1] for row in history["rows"])))
    query = "SELECT count(*) FROM Silver.`items` TIMESTAMP AS OF "
    assert ask(filled, f"{query} '{times[1]}'")["rows"] == [[1]]
    assert ask(filled, f"{query} '{times[0]}'")["rows"] == [[0]]


def test_the_lake_can_be_listed_and_described(filled: Platform) -> None:
    assert ["silver", "items", False] in ask(filled, "-- all\nshow tables in silver")["rows"]
    assert ask(filled, "describe history silver.items")["rows"][0][0] == 2


@pytest.mark.parametrize(
    "query",
    [
        "drop table silver.items",
        "insert into silver.items select * from silver.items",
        "with x as (select 1) insert into silver.items select * from silver.items",
        "create table silver.other as select 1",
        "optimize silver.items",
        "delete from silver.items",
        "set spark.sql.ansi.enabled=true",
        "merge into silver.items t using silver.items s on t.id = s.id when matched then delete",
    ],
)
def test_what_would_write_is_refused(filled: Platform, query: str) -> None:
    with pytest.raises(InputError, match="would do more than read"):
        ask(filled, query)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select * from silver.item", r"silver.*item.*There are: silver\.items$"),
        ("select prize from silver.items", r"prize.*price"),
        ("select * form silver.items", "the query is not SQL"),
        ("select * from silver.items version as of 99", r"99"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_exist(filled: Platform, query: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(filled, query)
    assert not (filled.root / "answer.json").exists()
