from __future__ import annotations

from pathlib import Path

import pytest

from basin_jobs.declarations.dataset import Column, seconds
from basin_jobs.declarations.folder import Declarations
from basin_jobs.errors import InputError

FLIGHTS = """
name: flights
description: Departures.
owner: air-traffic
source: { kind: files, format: csv }
columns:
  - { name: carrier, type: string }
  - { name: flight, type: int, from: Flight No, description: The airline's number. }
key: [carrier]
freshness: 1 hour
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "flights.yaml").write_text(FLIGHTS)
    return tmp_path


def test_defaults_are_filled_in(folder: Path) -> None:
    dataset = Declarations(str(folder)).dataset("flights")
    assert (dataset.source.header, dataset.source.delimiter, dataset.source.nulls) == (True, ",", ("",))
    assert (dataset.source.encoding, dataset.max_rejected, dataset.checks) == ("UTF-8", 0.05, ())
    assert dataset.history_seconds == 30 * 86_400
    assert dataset.zone == "silver"


def test_a_column_of_the_key_is_required(folder: Path) -> None:
    columns = Declarations(str(folder)).dataset("flights").columns
    assert columns[0] == Column("carrier", "string", True, None, "carrier")
    assert columns[1] == Column("flight", "int", False, "The airline's number.", "Flight No")


def test_the_repositorys_own_datasets_are_accepted() -> None:
    declarations = Declarations(str(Path(__file__).resolve().parents[2] / "datasets"))
    assert declarations.names()
    for name in declarations.names():
        assert declarations.dataset(name).name == name


def test_an_unknown_dataset_is_refused_with_those_that_exist(folder: Path) -> None:
    with pytest.raises(InputError, match=r"no dataset flight; there are: flights"):
        Declarations(str(folder)).dataset("flight")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("key: [carrier]", "key: [", "flights.yaml is not YAML"),
        ("key: [carrier]", "keys: [carrier]", "flights.yaml: .*keys"),
        ("freshness: 1 hour", "freshness: soon", "flights.yaml: freshness must match pattern .*'soon'"),
        ("key: [carrier]", "key: [tail]", "key names tail, which is not a column; there are: carrier, flight"),
    ],
)
def test_a_wrong_declaration_is_refused_by_key_and_value(folder: Path, old: str, new: str, message: str) -> None:
    (folder / "flights.yaml").write_text(FLIGHTS.replace(old, new))
    with pytest.raises(InputError, match=message):
        Declarations(str(folder)).dataset("flights")


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        Declarations(str(tmp_path / "none"))


@pytest.mark.parametrize(("text", "value"), [("90 seconds", 90), ("1.5 hours", 5_400), ("30 days", 2_592_000)])
def test_a_duration_is_counted_in_seconds(text: str, value: int) -> None:
    assert seconds(text) == value
