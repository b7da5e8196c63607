"""A run that dies anywhere is finished by the next one, with no row twice and none lost."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from conftest import Platform

import basin_jobs.silver as subject
from basin_jobs.batches.log import BatchLog
from basin_jobs.errors import InputError
from basin_jobs.tables import merge

KEYLESS = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
maxRejected: 0.5
"""
LINES = '{"id":1}\n{"id":2,"more":true}\n{"id":"x"}\n'


class Killed(BaseException):
    """No error that a job could catch."""


def dies(before: bool, do: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*arguments: Any) -> Any:
        if not before:
            do(*arguments)
        raise Killed

    return wrapped


POINTS = [
    (subject, "load_batch", True),
    (subject.SilverJob, "_write_beside", False),
    (merge, "write_rows", True),
    (merge, "write_rows", False),
    (BatchLog, "finish", True),
    (BatchLog, "finish", False),
]


@pytest.mark.parametrize(("owner", "step", "before"), POINTS)
def test_a_run_that_died_is_finished_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, owner: Any, step: str, before: bool
) -> None:
    dataset = platform.declare("files", KEYLESS)
    platform.arrive("files", "a.json", LINES)
    with monkeypatch.context() as killing:
        killing.setattr(owner, step, dies(before, getattr(owner, step)))
        with pytest.raises(Killed):
            platform.silver(dataset)

    platform.arrive("files", "b.json", '{"id":3}\n')
    report = platform.silver(dataset)
    assert platform.rows("silver.files") == [(1,), (2,), (3,)]
    assert platform.rows("silver.files__rejected", "raw", "batch") == [('{"id":"x"}', 1)]
    assert platform.rows("silver.files__extra", "fields", "batch") == [('{"more": true}', 1)]
    total = report.values["total"]
    assert (total["rowsIn"], total["rowsAccepted"], total["rowsRejected"], total["rowsSuperseded"]) == (4, 3, 1, 0)


def test_a_pending_batch_whose_file_is_gone_says_what_to_do(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = platform.declare("files", KEYLESS)
    platform.arrive("files", "a.json", LINES)
    with monkeypatch.context() as killing:
        killing.setattr(merge, "write_rows", dies(True, merge.write_rows))
        with pytest.raises(Killed):
            platform.silver(dataset)
    (platform.root / "raw" / "files" / "arrived=2026-11-24T09" / "a.json").unlink()
    with pytest.raises(InputError, match=r"a\.json: put them back, or remove .*/000001\.json"):
        platform.silver(dataset)


def test_a_table_whose_making_died_is_made_by_the_next_run(platform: Platform) -> None:
    dataset = platform.declare("files", KEYLESS)
    platform.arrive("files", "a.json", LINES)
    log = platform.root / "lake" / "silver" / "files" / "_delta_log"
    log.mkdir(parents=True)
    # What a writer leaves that is killed before its first commit has its name.
    (log / ".00000000000000000000.json.1b4e28ba-2fa1-11d2-883f-0016d3cca427.tmp").write_text("{}")
    platform.silver(dataset)
    assert platform.rows("silver.files") == [(1,), (2,)]
