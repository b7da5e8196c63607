from __future__ import annotations

from typing import Any

import pytest

from basin_jobs.declarations.core_yaml import read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("2026-01-01", "2026-01-01"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0123", 123),
        ("0o17", 15),
        ("0xff", 255),
        ("-5", -5),
        ("0.05", 0.05),
        ("1e3", 1000.0),
        ("true", True),
        ("~", None),
        ("", None),
        ("'1'", "1"),
    ],
)
def test_a_scalar_means_what_yaml_1_2_says(text: str, value: Any) -> None:
    read = read_yaml(f"key: {text}")["key"]
    assert read == value
    assert type(read) is type(value)
