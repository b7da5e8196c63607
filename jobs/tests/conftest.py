"""One Spark session for all tests, and a folder of its own as raw zone and lake for each."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator, Optional, Union

import pytest
from pyspark.sql import DataFrame, SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.report import Report
from basin_jobs.session import open_session
from basin_jobs.silver import run_silver

# When tests take place: the hours in which their files arrive are late for a while and then closed.
NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)

# The Kinesis connector is in no registry: given its path, tests of streams run against it and the local AWS.
CONNECTOR_JAR = os.environ.get("BASIN_KINESIS_CONNECTOR_JAR", "")

REPOSITORY = Path(__file__).resolve().parents[2]
ENVIRONMENT = REPOSITORY / ".basin" / "environment.json"

# A test's frames have a few rows: to generate Java for every plan, and to plan anew from what stages have counted,
# takes longer than the rows do. Where there are many, `for_many_rows` sets them back; tests/local runs without them.
FOR_FEW_ROWS = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
SETTINGS = (
    "spark.ui.enabled=false",
    "spark.ui.showConsoleProgress=false",
    "spark.sql.ui.explainMode=simple",
    "spark.sql.shuffle.partitions=1",
    "spark.default.parallelism=2",
    "spark.databricks.delta.snapshotPartitions=1",
    "spark.sql.sources.parallelPartitionDiscovery.parallelism=2",
    *(f"{key}={value}" for key, value in FOR_FEW_ROWS.items()),
)

# Its own SDK speaks CBOR unless told not to, which the local AWS does not, and takes its keys from here.
_FOR_THE_CONNECTOR = {"CBOR_ENABLED": "false", "AWS_ACCESS_KEY_ID": "111122223333", "AWS_SECRET_ACCESS_KEY": "local"}

DECLARATION = """
name: {name}
description: Rows of a test.
owner: tests
freshness: 1 hour
volume: {{ stored: 1 MiB, daily: 1 MiB, record: 100 B }}
{body}
"""


def submit_environment(*settings: str) -> dict[str, str]:
    """What a Python process needs to be a small Spark driver, with these settings."""
    environment = json.loads(ENVIRONMENT.read_text())
    arguments = [
        "--master local[2] --driver-memory 2g",
        f"--driver-class-path {os.pathsep.join([*environment['jars'], *filter(None, [CONNECTOR_JAR])])}",
        # Quick to start rather than quick in the long run. One compiler alone has room for 48 MB of code, which some
        # minutes of Spark fill: then code is thrown away and compiled again.
        "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC'",
        *(f"--conf {each}" for each in (*SETTINGS, *settings)),
        "pyspark-shell",
    ]
    return {
        "JAVA_HOME": environment["java"]["home"],
        "PYSPARK_PYTHON": environment["python"],
        "PYSPARK_SUBMIT_ARGS": " ".join(arguments),
        "SPARK_LOCAL_IP": "127.0.0.1",
        **(_FOR_THE_CONNECTOR if CONNECTOR_JAR else {}),
    }


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    if not ENVIRONMENT.exists():
        pytest.exit("no .basin/environment.json: run `node setup/ensure.js` first", returncode=2)
    os.environ.update(submit_environment())
    session = open_session()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def for_many_rows(spark: SparkSession) -> Iterator[None]:
    """Spark's own settings, which pay where a frame has more than a few rows."""
    for key in FOR_FEW_ROWS:
        spark.conf.unset(key)
    yield
    for key, value in FOR_FEW_ROWS.items():
        spark.conf.set(key, value)


@dataclass
class Platform:
    """A raw zone, a lake and a folder of declarations, as one small environment."""

    spark: SparkSession
    root: Path

    @property
    def raw(self) -> str:
        return str(self.root / "raw")

    @property
    def lake(self) -> str:
        return str(self.root / "lake")

    @property
    def declarations(self) -> Declarations:
        return Declarations(str(self.root / "datasets"))

    def declare(self, name: str, body: str, transform: str = "", language: str = "sql") -> Dataset:
        folder = self.root / "datasets"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.yaml").write_text(DECLARATION.format(name=name, body=body))
        if transform:
            (folder / f"{name}.{language}").write_text(transform)
        return self.declarations.dataset(name)

    def arrive(self, dataset: str, file: str, content: Union[str, bytes], hour: str = "2026-11-24T09") -> str:
        path = self.root / "raw" / dataset / f"arrived={hour}" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return f"file:{path}"

    def silver(self, dataset: Dataset) -> Report:
        return run_silver(self.spark, dataset, self.raw, self.lake, NOW)

    def table(self, name: str, version: Optional[int] = None) -> DataFrame:
        reader = self.spark.read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", version)
        return reader.load(f"{self.lake}/{name.replace('.', '/')}")

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        frame = self.table(name)
        return sorted(tuple(row) for row in frame.select(*(columns or frame.columns)).collect())


def forget_tables(spark: SparkSession) -> None:
    """To be called when files of tables went or changed under a session: it remembers what it has read of each."""
    jvm: Any = spark._jvm
    jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()


@pytest.fixture(scope="module")
def shared(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """For tests of one file that look at one run from several sides."""
    return Platform(spark, tmp_path_factory.mktemp("platform"))


@pytest.fixture
def platform(spark: SparkSession, tmp_path: Path) -> Platform:
    return Platform(spark, tmp_path)
