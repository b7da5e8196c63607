from __future__ import annotations

import json

import pytest
from conftest import Platform

from basin_jobs.main import main

BODY = """
source: { kind: files, format: csv }
columns:
  - { name: id, type: int, required: true }
"""


def silver(platform: Platform, dataset: str = "items") -> list[str]:
    folders = ["--raw", platform.raw, "--lake", platform.lake, "--datasets", str(platform.root / "datasets")]
    return ["silver", "--dataset", dataset, *folders]


def test_a_run_says_what_it_did_in_its_last_line(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    platform.declare("items", BODY)
    platform.arrive("items", "a.csv", "id,colour\n1,red\nx,blue\n" + "2,green\n" * 38)
    assert main(silver(platform)) == 0
    output = capsys.readouterr()
    prefix, _, report = output.out.splitlines()[-1].partition(" ")
    assert prefix == "BASIN_REPORT"
    values = json.loads(report)
    assert values["location"] == f"{platform.lake}/silver/items/"
    counts = {
        "rowsIn": 40,
        "rowsAccepted": 39,
        "rowsRejected": 1,
        "rowsSuperseded": 0,
        "rowsDeleted": 0,
        "rowsSetAside": 0,
    }
    assert values["total"] == {**counts, "filesSetAside": []}
    assert values["run"].pop("commitAgeSeconds") >= 0
    assert values["run"] == {"batches": 1, **counts, "filesSetAside": [], "undeclaredColumns": ["colour"]}
    assert (values["tableVersion"], values["rowsTable"], values["files"]) == (1, 39, 1)
    assert "basin: items: column colour is not declared and was left out" in output.err


def test_a_file_set_aside_ends_in_1_with_everything_else_done(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.declare("items", BODY)
    platform.arrive("items", "a.csv", "id\n1\n")
    platform.arrive("items", "b.csv", "number\n2\n")
    assert main(silver(platform)) == 1
    output = capsys.readouterr()
    assert "BASIN_REPORT" in output.out
    assert "1 file(s) set aside" in output.err
    assert "b.csv: lacks the required column id; its header has: number" in output.err
    assert platform.rows("silver.items") == [(1,)]


def test_too_many_rejects_end_in_1_and_wrong_input_in_2(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    platform.declare("items", BODY)
    platform.arrive("items", "a.csv", "id\nx\n")
    assert main(silver(platform)) == 1
    assert main(silver(platform, "other")) == 2
    errors = capsys.readouterr().err
    assert "basin: no dataset other; there are: items" in errors
    assert "Traceback" not in errors
