"""Whose checkpoint it is: one stream's, read into one table. By another's, records would be left out in silence."""

from __future__ import annotations

import json
from typing import Any

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.layout import Layout
from basin_jobs.storage import Storage
from basin_jobs.tables.table import Table


def checkpoint_folder(layout: Layout) -> str:
    """What Structured Streaming keeps of how far it has come."""
    return f"{layout.stream}/checkpoint"


def claim_checkpoint(storage: Storage, layout: Layout, dataset: Dataset, table: Table, stream: str) -> None:
    """Says of a new checkpoint whose it is, and asks one that is there.

    Raises:
        InputError: it is another table's or another stream's, or nothing says whose it is.
    """
    path = f"{layout.stream}/checkpoint.json"
    mine = {"version": 1, "dataset": dataset.name, "table": table.id, "stream": stream}
    if not storage.exists(_metadata(layout)):
        storage.write_over(path, [json.dumps(mine, indent=1).encode()])
        return
    found = _record(storage, path)
    if found != mine:
        raise InputError(
            f"{checkpoint_folder(layout)} is another's: found {found}, expected {mine}. Where the table or the stream"
            " was made anew, remove that folder: then the stream is read from its oldest record on"
        )


def checkpoint_id(storage: Storage, layout: Layout) -> str:
    """The identity that Structured Streaming has given a checkpoint; no second one ever has it."""
    return str(json.loads(storage.read_text(_metadata(layout)))["id"])


def _record(storage: Storage, path: str) -> Any:
    if not storage.exists(path):
        return "nothing that says whose it is"
    try:
        return json.loads(storage.read_text(path))
    except ValueError:
        return "no JSON"


def _metadata(layout: Layout) -> str:
    return f"{checkpoint_folder(layout)}/metadata"
