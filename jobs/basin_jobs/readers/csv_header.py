"""The header lines of CSV files, read before anything else: files of unlike headers are parsed apart."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Optional, Sequence, Union

from py4j.protocol import Py4JJavaError

from basin_jobs.batches.counts import SetAside
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.readers.lines import BYTE_ORDER_MARK, REPLACEMENT
from basin_jobs.readers.unreadable import why_unreadable
from basin_jobs.storage import Storage

_HEAD_BYTES = 1024 * 1024
_THREADS = 32  # a header is one small request: the wait is for S3, not for this machine


@dataclass(frozen=True)
class Header:
    """One file's header: its record as it stands (None where the source has none), its names, and what is wrong."""

    file: str
    record: Optional[str]
    names: tuple[str, ...]
    fault: Optional[str] = None


def read_headers(storage: Storage, paths: Sequence[str], dataset: Dataset) -> tuple[list[Header], list[SetAside]]:
    """The headers of all files, and the files that cannot be read at all."""
    if not dataset.source.header:
        names = tuple(column.source_name for column in dataset.columns)
        return [Header(path, None, names) for path in paths], []
    with ThreadPoolExecutor(_THREADS) as pool:
        results = list(pool.map(lambda path: _read_header(storage, path, dataset), paths))
    headers = [each for each in results if isinstance(each, Header)]
    return headers, [each for each in results if isinstance(each, SetAside)]


def _read_header(storage: Storage, path: str, dataset: Dataset) -> Union[Header, SetAside]:
    try:
        head = storage.head(path, _HEAD_BYTES)
    except Py4JJavaError as error:
        return SetAside(path, why_unreadable(error))
    # Broken bytes in a later line are that line's own fault, and the head may end within a character.
    text = head.decode(dataset.source.encoding, errors="replace").lstrip(BYTE_ORDER_MARK)
    record = first_record(text)
    if REPLACEMENT in record:
        return SetAside(path, f"has a header that is not {dataset.source.encoding}")
    rows = csv.reader(io.StringIO(record, newline=""), delimiter=dataset.source.delimiter)
    names = tuple(name.strip() for name in next(rows, []))
    return Header(path, record, names, _fault(names, dataset))


def first_record(text: str) -> str:
    """The first line that is not blank, and the lines after it that a quoted name reaches into."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    taken = 1
    while taken < len(lines) and "\n".join(lines[:taken]).count('"') % 2:
        taken += 1
    return "\n".join(lines[:taken])


def _fault(names: Sequence[str], dataset: Dataset) -> Optional[str]:
    required = [column.source_name for column in dataset.columns if column.required]
    missing = [name for name in required if name not in names]
    if missing:
        return f"lacks the required column {', '.join(missing)}; its header has: {', '.join(names)[:500]}"
    twice = [column.source_name for column in dataset.columns if names.count(column.source_name) > 1]
    return f"has the column {', '.join(twice)} twice" if twice else None
