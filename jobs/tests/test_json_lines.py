from __future__ import annotations

from decimal import Decimal

import pytest
from conftest import Platform

BODY = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: price, type: "decimal(20,2)" }
  - { name: ratio, type: double }
  - { name: note, type: string, from: Note }
  - { name: tags, type: "array<int>" }
key: [id]
checks: ["ratio >= 0"]
maxRejected: 1
"""

LINES = [
    '{"id":1,"price":12.50,"ratio":0.5,"Note":"x","tags":[1,2]}',
    '{"id":"2","price":"12.5","Note":42}',
    '{"id":3,"price":123456789012345678.91}',
    '  {"id":4,"gate":{"no":7,"open":true},"seats":"189"}\r',
    "",
    '{"id":3.7,"price":1.005,"ratio":-1,"tags":[1,"b"]}',
    '{"price":1}',
    '{"id":null}',
    '{"id":5} {"id":6}',
    '{"id":7',
    "[8]",
    "{'id':9}",
    '{"id":10,"ratio":NaN}',
]


@pytest.fixture(scope="module")
def loaded(shared: Platform) -> Platform:
    dataset = shared.declare("events", BODY)
    shared.arrive("events", "a.json", "\n".join(LINES).encode() + b'\n{"id":11,"Note":"\xff\xfe"}\n')
    counts = shared.silver(dataset).run
    assert (counts.rows_in, counts.rows_accepted, counts.rows_rejected) == (13, 4, 9)
    return shared


def test_every_record_is_a_row_or_a_reject_with_all_its_reasons(loaded: Platform) -> None:
    assert loaded.rows("silver.events", "id", "price", "ratio", "note", "tags") == [
        (1, Decimal("12.50"), 0.5, "x", [1, 2]),
        (2, Decimal("12.50"), None, "42", None),
        (3, Decimal("123456789012345678.91"), None, None, None),
        (4, None, None, None, None),
    ]
    reasons: dict[str, list[str]] = dict(loaded.table("silver.events__rejected").select("raw", "reasons").collect())
    assert reasons[LINES[5]] == [
        'id: "3.7" is not int',
        'price: "1.005" is not decimal(20,2)',
        'tags: "[1,"b"]" is not array<int>',
        "check failed: ratio >= 0",
    ]
    assert reasons[LINES[6]] == ["id: required, found nothing"]
    assert reasons[LINES[7]] == ["id: required, found nothing"]
    for broken in LINES[8:]:
        assert reasons[broken] == [f"not a JSON object: {broken}"]


def test_a_reject_keeps_its_bytes_and_says_where_it_came_from(loaded: Platform) -> None:
    rejects = loaded.table("silver.events__rejected").where("array_contains(reasons, 'not UTF-8')")
    row = rejects.selectExpr("cast(raw as binary) as raw", "source", "batch").collect()[0]
    assert bytes(row.raw) == b'{"id":11,"Note":"\xff\xfe"}'
    assert row.source == f"file:{loaded.raw}/events/arrived=2026-11-24T09/a.json"
    assert row.batch == 1


def test_undeclared_fields_are_kept_beside_the_table(loaded: Platform) -> None:
    assert loaded.rows("silver.events__extra", "id", "fields") == [
        (4, '{"gate": {"no": 7, "open": true}, "seats": "189"}')
    ]
