"""What `basin upload` proved is checked before a row of it gets into a table."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Optional, Sequence, Union

import pytest
from conftest import Platform

HOUR = "2026-11-24T09"
FILES = """
source: { kind: files, format: csv }
columns:
  - { name: id, type: int, required: true }
  - { name: name, type: string }
"""
Manifest = Union[dict[str, Any], str, None]


def _name(number: int) -> str:
    return f"{number:016x}-rows.csv"


def _rows(number: int) -> bytes:
    return f"id,name\n{number}1,one\n{number}2,two\n".encode()


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _manifest(number: int, parts: Sequence[bytes], key: Optional[str] = None, **other: Any) -> dict[str, Any]:
    digests = [_sha256(part) for part in parts]
    composite = f"{_text(_sha256(b''.join(digests)))}-{len(parts)}"
    return {
        "version": 1,
        "key": key or f"sent/arrived={HOUR}/{_name(number)}",
        "bytes": sum(map(len, parts)),
        "algorithm": "SHA256",
        "checksum": _text(digests[0]) if len(parts) == 1 else composite,
        "parts": [
            {"number": number, "bytes": len(part), "checksum": _text(digest)}
            for number, (part, digest) in enumerate(zip(parts, digests), 1)
        ],
        **other,
    }


# In the order of their numbers.
AS_SENT: dict[str, Manifest] = {
    "whole": _manifest(1, [_rows(1)]),
    "in parts": _manifest(2, [_rows(2)[:10], _rows(2)[10:]]),
    "without a manifest": None,
    "damaged manifest": "{ no JSON",
    "manifest of an unsent object": {"version": 1, "key": f"sent/arrived={HOUR}/{_name(5)}"},
    "of another": _manifest(6, [b"other"], f"sent/arrived=2026-11-24T08/{_name(6)}"),
}
NOT_AS_SENT: dict[str, Manifest] = {
    "cut off": _manifest(7, [_rows(7) + b"3,three\n"]),
    "changed": _manifest(8, [_rows(8).replace(b"one", b"eno")]),
    "changed in a part": _manifest(9, [_rows(9)[:10], _rows(9)[10:].upper()]),
    "of other parts": _manifest(10, [_rows(10)], checksum=_text(_sha256(b""))),
}
WHY = {
    "cut off": "it has 22 bytes, its manifest says 30",
    "changed": "the SHA-256 of part 1 is not that of its manifest",
    "changed in a part": "the SHA-256 of part 2 is not that of its manifest",
    "of other parts": "its parts are not those of its checksum",
}
NUMBERS = {case: number for number, case in enumerate([*AS_SENT, *NOT_AS_SENT], 1)}


@pytest.fixture(scope="module")
def ingested(shared: Platform) -> tuple[set[int], dict[str, str]]:
    """Ids of the table's rows, and why files were set aside, by their names."""
    dataset = shared.declare("sent", FILES)
    uploads = shared.root / "raw" / "_uploads" / "sent"
    uploads.mkdir(parents=True)
    for case, manifest in {**AS_SENT, **NOT_AS_SENT}.items():
        number = NUMBERS[case]
        shared.arrive("sent", _name(number), _rows(number), HOUR)
        if manifest is not None:
            text = manifest if isinstance(manifest, str) else json.dumps(manifest)
            (uploads / f"{_name(number)}.json").write_text(text)
    aside = shared.silver(dataset).run.files_set_aside
    return {row[0] for row in shared.rows("silver.sent", "id")}, {
        each.file.rsplit("/", 1)[1]: each.reason for each in aside
    }


def _ids(case: str) -> set[int]:
    return {int(f"{NUMBERS[case]}{row}") for row in (1, 2)}


@pytest.mark.parametrize("case", AS_SENT)
def test_an_object_that_is_what_was_sent_is_read(ingested: tuple[set[int], dict[str, str]], case: str) -> None:
    ids, aside = ingested
    assert _ids(case) <= ids
    assert _name(NUMBERS[case]) not in aside


@pytest.mark.parametrize("case", NOT_AS_SENT)
def test_an_object_that_is_not_what_was_sent_is_set_aside(ingested: tuple[set[int], dict[str, str]], case: str) -> None:
    ids, aside = ingested
    assert not _ids(case) & ids
    assert aside[_name(NUMBERS[case])] == f"is not what was uploaded: {WHY[case]}"
