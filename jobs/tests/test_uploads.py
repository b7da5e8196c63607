"""What `basin upload` proved is checked before a row of it gets into a table."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Optional, Sequence

import pytest
from conftest import Platform

HOUR = "2026-11-24T09"
NAME = "0123456789abcdef-rows.csv"
ROWS = b"id,name\n1,one\n2,two\n"
FILES = """
source: { kind: files, format: csv }
columns:
  - { name: id, type: int, required: true }
  - { name: name, type: string }
"""


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _manifest(parts: Sequence[bytes], key: Optional[str] = None, **other: Any) -> dict[str, Any]:
    digests = [_sha256(part) for part in parts]
    composite = f"{_text(_sha256(b''.join(digests)))}-{len(parts)}"
    return {
        "version": 1,
        "key": key or f"sent/arrived={HOUR}/{NAME}",
        "bytes": sum(map(len, parts)),
        "algorithm": "SHA256",
        "checksum": _text(digests[0]) if len(parts) == 1 else composite,
        "parts": [
            {"number": number, "bytes": len(part), "checksum": _text(digest)}
            for number, (part, digest) in enumerate(zip(parts, digests), 1)
        ],
        **other,
    }


def _ingest(platform: Platform, content: bytes, manifest: Optional[object]) -> tuple[int, list[str]]:
    """Rows accepted, and why files were set aside."""
    dataset = platform.declare("sent", FILES)
    platform.arrive("sent", NAME, content, HOUR)
    if manifest is not None:
        place = platform.root / "raw" / "_uploads" / "sent" / f"{NAME}.json"
        place.parent.mkdir(parents=True)
        place.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    counts = platform.silver(dataset).run
    return counts.rows_accepted, [file.reason for file in counts.files_set_aside]


@pytest.mark.parametrize(
    "manifest",
    [
        _manifest([ROWS]),
        _manifest([ROWS[:10], ROWS[10:]]),
        None,
        "{ no JSON",
        {"version": 1, "key": f"sent/arrived={HOUR}/{NAME}"},
        _manifest([b"other"], key="sent/arrived=2026-11-24T08/" + NAME),
    ],
    ids=["whole", "in parts", "without a manifest", "damaged manifest", "manifest of an unsent object", "of another"],
)
def test_an_object_that_is_what_was_sent_is_read(platform: Platform, manifest: Optional[object]) -> None:
    assert _ingest(platform, ROWS, manifest) == (2, [])


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (_manifest([ROWS + b"3,three\n"]), "it has 20 bytes, its manifest says 28"),
        (_manifest([ROWS.replace(b"one", b"eno")]), "the SHA-256 of part 1 is not that of its manifest"),
        (_manifest([ROWS[:10], ROWS[10:].upper()]), "the SHA-256 of part 2 is not that of its manifest"),
        (_manifest([ROWS], checksum=_text(_sha256(b""))), "its parts are not those of its checksum"),
    ],
    ids=["cut off", "changed", "changed in a part", "of other parts"],
)
def test_an_object_that_is_not_what_was_sent_is_set_aside(
    platform: Platform, manifest: dict[str, Any], reason: str
) -> None:
    assert _ingest(platform, ROWS, manifest) == (0, [f"is not what was uploaded: {reason}"])
