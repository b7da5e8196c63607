"""What `basin upload` proved of its objects, held against what ingestion is about to read.

Beside the datasets in raw lies `_uploads/<dataset>/<name>.json` for each such object: its size, parts and checksum, as
S3 reported them to who sent it. An object that is not, byte for byte, what was sent is set aside whole. Streams and
other writers leave no manifest, and nothing is asked of their objects but that they can be read.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Optional, Sequence

from py4j.protocol import Py4JJavaError

from basin_jobs.batches.counts import SetAside
from basin_jobs.storage import Storage, StoredFile, is_missing

# `<fingerprint>-<its own name>` is what an uploaded object is called: see cli/upload/dataset/raw-name.ts.
_UPLOADED = re.compile(r"(?P<raw>.*)/(?P<key>(?P<dataset>[^/]+)/arrived=[^/]+/(?P<name>[0-9a-f]{16}-[^/]+))")
# The driver's network is busy with so many streams; each is a range of its own.
_THREADS = 8


def not_as_sent(storage: Storage, files: Sequence[StoredFile]) -> tuple[SetAside, ...]:
    """Files that are not what their upload's manifest says; every byte of the uploaded ones is read for it."""
    uploaded = [file for file in files if _UPLOADED.fullmatch(file.path)]
    with ThreadPoolExecutor(_THREADS) as pool:
        faults = list(pool.map(lambda file: _fault(storage, file), uploaded))
    return tuple(SetAside(file.path, fault) for file, fault in zip(uploaded, faults) if fault is not None)


def follow_rewritten(storage: Storage, path: str) -> None:
    """Brings the manifest of an uploaded object, if it has one, to what an erasure has put in the object's place."""
    manifest = _manifest(storage, path)
    if manifest is None:
        return
    size = storage.status(path).bytes
    checksum = _text(storage.sha256(path, 0, size))
    part = {"number": 1, "bytes": size, "checksum": checksum}
    changed = {**manifest, "algorithm": "SHA256", "bytes": size, "checksum": checksum, "parts": [part]}
    storage.write_over(_manifest_path(path), [json.dumps(changed, indent=1).encode()])


def _fault(storage: Storage, file: StoredFile) -> Optional[str]:
    manifest = _manifest(storage, file.path)
    if manifest is None:
        return None
    parts = manifest["parts"]
    if file.bytes != manifest["bytes"] or file.bytes != sum(part["bytes"] for part in parts):
        return f"is not what was uploaded: it has {file.bytes} bytes, its manifest says {manifest['bytes']}"
    if manifest["algorithm"] != "SHA256":
        return None
    offset, digests = 0, []
    for part in parts:
        digests.append(storage.sha256(file.path, offset, part["bytes"]))
        if _text(digests[-1]) != part["checksum"]:
            return f"is not what was uploaded: the SHA-256 of part {part['number']} is not that of its manifest"
        offset += part["bytes"]
    if manifest["checksum"] not in (_text(digests[0]), _composite(digests)):
        return "is not what was uploaded: its parts are not those of its checksum"
    return None


def _manifest(storage: Storage, path: str) -> Optional[dict[str, Any]]:
    """None where the object has none that is complete and its own."""
    place = _UPLOADED.fullmatch(path)
    if place is None:
        return None
    try:
        text = storage.read_text(_manifest_path(path))
        manifest: dict[str, Any] = json.loads(text)
    except Py4JJavaError as error:
        if is_missing(error):
            return None
        raise
    except ValueError:
        return None
    complete = manifest.get("version") == 1 and manifest.get("parts") and manifest.get("checksum")
    return manifest if complete and manifest.get("key") == place["key"] else None


def _manifest_path(path: str) -> str:
    return _UPLOADED.sub(r"\g<raw>/_uploads/\g<dataset>/\g<name>.json", path)


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")


def _composite(digests: Sequence[bytes]) -> str:
    """S3's checksum of an object in parts: that of its parts' checksums, and how many there are."""
    return f"{_text(hashlib.sha256(b''.join(digests)).digest())}-{len(digests)}"
