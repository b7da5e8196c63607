from __future__ import annotations

from typing import Any

import pytest
from conftest import Platform

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError

FIRST = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int }
  - { name: note, type: string, required: true, description: A note. }
key: [id]
retention: { raw: 30 days, history: 2 days }
"""


def declare(platform: Platform, *changes: tuple[str, str]) -> Dataset:
    body = FIRST
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return platform.declare("files", body)


@pytest.fixture(scope="module")
def filled(shared: Platform) -> Platform:
    shared.arrive("files", "a.json", '{"id":1,"note":"x"}\n')
    shared.silver(declare(shared))
    return shared


def columns(platform: Platform) -> list[tuple[str, str, bool, Any]]:
    schema = platform.table("silver.files").schema
    return [(each.name, each.dataType.simpleString(), each.nullable, each.metadata.get("comment")) for each in schema]


def test_a_new_table_is_what_is_declared(filled: Platform) -> None:
    assert columns(filled) == [("id", "int", False, None), ("note", "string", False, "A note.")]
    detail = filled.spark.sql(f"describe detail delta.`{filled.lake}/silver/files`").collect()[0]
    assert detail["description"] == "Rows of a test."
    assert detail["properties"]["delta.logRetentionDuration"] == "interval 172800 seconds"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  - { name: id, type: int }\n",
            "  - { name: id, type: bigint }\n",
            "id is int in the table and declared bigint",
        ),
        ("name: note,", "name: text,", "note is in the table and not declared any more; text is new and required"),
        ("key: [id]\n", "key: [note]\n", "the key of a table with rows cannot change from id to note"),
    ],
)
def test_what_rows_do_not_allow_is_refused_before_a_byte_is_written(
    filled: Platform, old: str, new: str, message: str
) -> None:
    before = filled.spark.sql(f"describe history delta.`{filled.lake}/silver/files`").count()
    with pytest.raises(InputError, match=message):
        filled.silver(declare(filled, (old, new)))
    assert filled.spark.sql(f"describe history delta.`{filled.lake}/silver/files`").count() == before


def test_additions_order_descriptions_and_clustering_follow_the_declaration(filled: Platform) -> None:
    dataset = declare(
        filled,
        ("columns:\n", "columns:\n  - { name: seen, type: date, description: It's new. }\n"),
        ("description: A note.", "description: Any note."),
        ("required: true, ", ""),
        ("key: [id]\n", "key: [id]\nclusterBy: [id, seen]\n"),
    )
    filled.arrive("files", "b.json", '{"id":2,"seen":"2026-11-24"}\n')
    filled.silver(dataset)
    assert columns(filled) == [
        ("seen", "date", True, "It's new."),
        ("id", "int", False, None),
        ("note", "string", True, "Any note."),
    ]
    assert filled.rows("silver.files", "id", "note") == [(1, "x"), (2, None)]
    detail = filled.spark.sql(f"describe detail delta.`{filled.lake}/silver/files`").collect()[0]
    assert list(detail["clusteringColumns"]) == ["id", "seen"]
