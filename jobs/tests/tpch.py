"""TPC-H's tables as files, and their way into a lake."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import REPOSITORY, Platform

EXAMPLE = REPOSITORY / "examples" / "tpch"
TABLES = sorted(declaration.stem for declaration in EXAMPLE.glob("*.yaml"))
QUERIES = sorted((EXAMPLE / "queries").glob("q*.sql"))
HOUR = "arrived=2026-11-24T09"


def generate(folder: Path, scale: str) -> None:
    """Writes each table as one Parquet file."""
    generator = Path(sys.executable).parent / "tpchgen-cli"
    command = [str(generator), "parquet", "--scale-factor", scale, "--output-dir", str(folder)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (a pinned tool of the project's)


def load_in_this_session(platform: Platform, files: Path) -> Path:
    """Loads all tables by the job that `basin local` and EMR run, and returns the lake's root."""
    shutil.copytree(EXAMPLE, platform.root / "datasets")
    for name in TABLES:
        folder = platform.root / "raw" / name / HOUR
        folder.mkdir(parents=True)
        shutil.copy(files / f"{name}.parquet", folder)
        report = platform.silver(platform.declarations.dataset(name))
        assert report.values["rowsTable"] == report.run.rows_in
    return Path(platform.lake)


def load_by_basin_local(state: Path, files: Path) -> Path:
    """Loads all tables by the command, every one of whose checks has to hold, and returns the lake's root."""
    inputs = [word for name in TABLES for word in ("--input", f"{name}={files / name}.parquet")]
    command = [str(REPOSITORY / "basin"), "local", "--datasets", str(EXAMPLE), *inputs]
    environment = {**os.environ, "BASIN_LOCAL_STATE": str(state)}
    subprocess.run(command, check=True, env=environment)  # noqa: S603 (the repository's own command)
    (lake,) = (state / "buckets").glob("*/*-lake")
    return lake
