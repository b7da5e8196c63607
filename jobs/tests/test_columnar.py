from __future__ import annotations

import pytest
from conftest import Platform

from basin_jobs.report import Report

BODY = """
source: {{ kind: files, format: {form} }}
columns:
  - {{ name: id, type: int, required: true }}
  - {{ name: price, type: "decimal(10,2)" }}
  - {{ name: at, type: timestamp }}
  - {{ name: tags, type: "array<bigint>" }}
  - {{ name: note, type: string }}
key: [id]
maxRejected: 0.5
"""


@pytest.fixture(scope="module", params=["parquet", "orc"])
def report(request: pytest.FixtureRequest, shared: Platform) -> Report:
    form: str = request.param
    dataset = shared.declare(form, BODY.format(form=form))
    files = {
        "typed": "select 1 id, 1.50bd price, timestamp'2013-01-01' at, array(1, 2) tags, 'x' note, true extra",
        "other": "select * from values (2L, 0.1d, 7), (3000000000L, 0.125d, 8) as t(id, price, note)",
        "texts": "select '4' id, '2013-01-01T10:00:00Z' at, '1.5' price",
        "keyless": "select 5 as number union all select 6",
    }
    for name, query in files.items():
        folder = shared.root / f"{form}-{name}"
        shared.spark.sql(query).coalesce(1).write.format(form).save(str(folder))
        (written,) = folder.glob(f"*.{form}")
        shared.arrive(form, f"{name}.{form}", written.read_bytes())
    shared.arrive(form, f"garbage.{form}", b"not columnar at all")
    return shared.silver(dataset)


def test_columns_are_brought_to_their_declared_types(report: Report, shared: Platform) -> None:
    columns = ("id", "cast(price as string)", "cast(at as string)", "tags", "note")
    rows = shared.table(f"silver.{report.values['dataset']}").selectExpr(*columns).collect()
    assert sorted(map(tuple, rows)) == [
        (1, "1.50", "2013-01-01 00:00:00", [1, 2], "x"),
        (2, "0.10", None, None, "7"),
        (4, "1.50", "2013-01-01 10:00:00", None, None),
    ]


def test_a_value_that_would_lose_digits_is_rejected(report: Report, shared: Platform) -> None:
    (row,) = shared.table(f"silver.{report.values['dataset']}__rejected").collect()
    assert row.raw == '{"id":3000000000,"price":0.125,"note":8}'
    assert row.reasons == ['id: "3000000000" is not int', 'price: "0.125" is not decimal(10,2)']


def test_files_without_the_key_or_of_no_such_format_are_set_aside(report: Report) -> None:
    aside = {file.file.rsplit("/", 1)[1].split(".")[0]: file for file in report.run.files_set_aside}
    assert aside["keyless"].reason == "lacks the required column id; it has: number"
    assert aside["keyless"].rows == 2
    assert aside["garbage"].reason.startswith(f"is not {report.values['dataset']}: ")
    assert set(aside) == {"keyless", "garbage"}
    assert report.run.rows_in == 6
    assert report.values["run"]["undeclaredColumns"] == ["extra"]
