"""What ingestion takes in a second: events of a stream and changes of a database, each into a table of ten million rows.

Run from the repository with `.basin/venv/bin/python bench/ingest.py`; exit code 1 where changes that touch few files are
not applied MUST times as fast as by a plain MERGE of the same files. `--rows N` makes it smaller, and then no result is
written. Basin's figures are of its whole step: reading, judging, one commit, marks, the account of it. The plain MERGE
reads the same Parquet files, keeps the last change of each key, and merges into a copy of the same table on the key alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "jobs")]

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

RESULTS = ROOT / "bench" / "results" / "ingest.md"
ROWS = 10_000_000
FILES = 100
CHANGES = 200_000
EVENTS = 2_000_000
SHARE = 0.05  # of the table's files, and so of its keys, that clustered changes touch
MUST = 3.0
MEMORY = "6g"
DECLARATION = """
name: {name}
description: Orders of a shop.
owner: bench
source: {source}
columns:
  - {{ name: id, type: string, required: true }}
  - {{ name: customer, type: bigint, required: true }}
  - {{ name: status, type: string }}
  - {{ name: amount, type: double }}
  - {{ name: at, type: bigint, required: true }}
key: [id]
{sequence}
clusterBy: [id]
freshness: 1 hour
volume: {{ stored: 1 GiB, daily: 1 GiB, record: 100 B }}
"""
DATABASE = "{ kind: database, connection: shop, table: public.orders }"
STREAM = "{ kind: stream, format: json }"


@dataclass(frozen=True)
class Measured:
    """One way's figures: what it took in, for how long, the driver's peak memory, files of the table rewritten."""

    number: int
    seconds: float
    peak_bytes: int
    files: int

    @property
    def a_second(self) -> float:
        return self.number / self.seconds


class Bench:
    """A raw zone and a lake in a folder of their own."""

    def __init__(self, spark: SparkSession, folder: Path, rows: int) -> None:
        self.spark = spark
        self.folder = folder
        self.rows = rows
        self.changes = max(1, CHANGES * rows // ROWS)
        self.events = max(1, EVENTS * rows // ROWS)
        self._pid = int(spark._jvm.java.lang.ProcessHandle.current().pid())
        (folder / "datasets").mkdir(parents=True)

    def dataset(self, name: str, source: str, sequence: str = ""):
        from basin_jobs.declarations.folder import Declarations

        declared = DECLARATION.format(name=name, source=source, sequence=sequence)
        (self.folder / "datasets" / f"{name}.yaml").write_text(declared)
        return Declarations(str(self.folder / "datasets")).dataset(name)

    def ingest(self, dataset) -> None:
        from basin_jobs.silver import run_silver

        run_silver(self.spark, dataset, str(self.folder / "raw"), str(self.folder / "lake"))

    def table(self, name: str) -> str:
        return str(self.folder / "lake" / "silver" / name)

    def arrived(self, name: str) -> str:
        return str(self.folder / "raw" / name / f"arrived={datetime.now(timezone.utc).strftime('%Y-%m-%dT%H')}")

    def orders(self, ids: DataFrame) -> DataFrame:
        """Rows of `number`: an id of text, as orders have, and values that follow from it."""
        number = F.col("number")
        return ids.select(
            F.format_string("ORD-%012d", number).alias("id"),
            (number % 999_983).alias("customer"),
            F.element_at(F.array(*map(F.lit, ("open", "paid", "sent"))), (number % 3 + 1).cast("int")).alias("status"),
            F.round(F.rand(7) * 1_000, 2).alias("amount"),
            F.lit(1).cast("bigint").alias("at"),
        )

    def fill(self, name: str, marks: bool) -> None:
        """Puts the table's rows into as many files, each with a range of the keys, as if they had long been there."""
        step = self.rows // FILES
        ids = self.spark.range(0, step * FILES, numPartitions=FILES).select(F.col("id").alias("number"))
        self.orders(ids).write.format("delta").mode("append").save(self.table(name))
        if marks:
            load = F.lit(f"2026-11-01 00:00:00.000000 {'0' * 50} 1").alias("change:place")
            marked = self.orders(ids).select("id", load, F.lit(False).alias("change:deleted"))
            marked.write.format("delta").mode("append").save(self.table(f"{name}__marks"))

    def peak(self, do: Callable[[], None]) -> tuple[float, int]:
        """Seconds that it takes, and the driver's most resident bytes while it does."""
        Path(f"/proc/{self._pid}/clear_refs").write_text("5")
        began = time.monotonic()
        do()
        seconds = time.monotonic() - began
        status = Path(f"/proc/{self._pid}/status").read_text().splitlines()
        (line,) = [each for each in status if each.startswith("VmHWM")]
        return seconds, int(line.split()[1]) * 1024


def session(scratch: str) -> SparkSession:
    environment = json.loads((ROOT / ".basin" / "environment.json").read_text())
    os.environ.update(JAVA_HOME=environment["java"]["home"], PYSPARK_PYTHON=environment["python"])
    os.environ["PYSPARK_SUBMIT_ARGS"] = (
        f"--master local[2] --driver-memory {MEMORY} --driver-class-path {os.pathsep.join(environment['jars'])}"
        f" --conf spark.local.dir={scratch} --conf spark.sql.shuffle.partitions=8 --conf spark.ui.enabled=false"
        " --conf spark.ui.showConsoleProgress=false pyspark-shell"
    )
    from basin_jobs.session import open_session

    spark = open_session()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def change_file(bench: Bench, numbers: DataFrame, second: int, target: str) -> None:
    """One Parquet file as DMS writes it: of ten changes eight update a row, one deletes one, one inserts one."""
    kind, number = F.col("number") % 10, F.col("number")
    inserted = F.when(kind == 9, F.lit(bench.rows * 2) + number).otherwise(number)
    rows = bench.orders(numbers.select(inserted.alias("number"), kind.alias("kind")).select("number"))
    op = F.when(F.substring("id", -1, 1) == "9", "I").when(F.substring("id", -1, 1) == "8", "D").otherwise("U")
    rows.select(
        op.alias("Op"),
        "id",
        "customer",
        F.lit("changed").alias("status"),
        "amount",
        F.lit(second).cast("bigint").alias("at"),
        F.lit(f"2026-11-02 00:00:{second:02}.000000").alias("basin_commit_time"),
        F.format_string("%035d", F.monotonically_increasing_id()).alias("basin_change_seq"),
    ).coalesce(1).write.mode("append").parquet(target)


def plain_merge(bench: Bench, files: str, table: str) -> None:
    """What one writes without Basin: the last change of each key, merged on the key."""
    changes = bench.spark.read.parquet(files)
    changes.createOrReplaceTempView("changes")
    columns = ("id", "customer", "status", "amount", "at")
    sets, names = ", ".join(f"t.{each} = s.{each}" for each in columns), ", ".join(columns)
    values = ", ".join(f"s.{each}" for each in columns)
    order = "PARTITION BY id ORDER BY basin_commit_time DESC, basin_change_seq DESC"
    bench.spark.sql(
        f"MERGE INTO delta.`{table}` t USING (SELECT * FROM (SELECT *, row_number() OVER ({order}) AS n FROM changes)"
        f" WHERE n = 1) s ON t.id = s.id WHEN MATCHED AND s.Op = 'D' THEN DELETE WHEN MATCHED THEN UPDATE SET {sets}"
        f" WHEN NOT MATCHED AND s.Op <> 'D' THEN INSERT ({names}) VALUES ({values})"
    )


def rewritten(bench: Bench, table: str) -> int:
    """Files that the newest MERGE of a table took out of it."""
    from delta.tables import DeltaTable

    history = DeltaTable.forPath(bench.spark, table).history().where("operation = 'MERGE'")
    return int(history.orderBy(F.col("version").desc()).first()["operationMetrics"]["numTargetFilesRemoved"])


def changes(bench: Bench) -> dict[str, Measured]:
    """Clustered changes and random ones, each by Basin and by a plain MERGE, on tables that are the same before each."""
    orders = bench.dataset("orders", DATABASE)
    bench.ingest(orders)
    bench.fill("orders", marks=True)
    found = {}
    first, span = bench.rows // 2, int(bench.rows * SHARE)
    ways = {
        "in 5 % of the files": F.lit(first) + (F.rand(3) * span).cast("long"),
        "of random keys": (F.rand(5) * bench.rows).cast("long"),
    }
    for second, (what, number) in enumerate(ways.items(), 1):
        numbers = bench.spark.range(bench.changes).select(number.alias("number")).distinct().localCheckpoint()
        count = numbers.count()
        plain = str(bench.folder / "plain")
        shutil.rmtree(plain, ignore_errors=True)
        shutil.copytree(bench.table("orders"), plain)
        files = bench.arrived("orders")
        staged = str(bench.folder / f"staged-{second}")
        change_file(bench, numbers, second, staged)
        seconds, peak = bench.peak(lambda files=staged, table=plain: plain_merge(bench, files, table))
        found[f"plain MERGE, {what}"] = Measured(count, seconds, peak, rewritten(bench, plain))
        Path(files).mkdir(parents=True, exist_ok=True)
        for part in Path(staged).glob("part-*"):
            part.rename(Path(files) / f"{second}-{part.name}")
        seconds, peak = bench.peak(lambda: bench.ingest(orders))
        found[f"Basin, {what}"] = Measured(count, seconds, peak, rewritten(bench, bench.table("orders")))
        require_same(bench, bench.table("orders"), plain)
        print(f"{bench.rows:,} rows, changes {what}: both ways done", file=sys.stderr, flush=True)
    return found


def require_same(bench: Bench, one: str, other: str) -> None:
    """Both ways come to the same rows, or the figures are worth nothing."""
    sums = []
    for table in (one, other):
        rows = bench.spark.read.format("delta").load(table)
        digest = F.sum(F.xxhash64("id", "customer", "status", "at").cast("decimal(38,0)"))
        sums.append(rows.agg(F.count(F.lit(1)), digest).first())
    if sums[0] != sums[1]:
        raise SystemExit(f"the tables differ: {sums}")


def events(bench: Bench) -> dict[str, Measured]:
    """JSON events, a tenth of new keys and the others of recent ones, from the archive into the table."""
    stream = bench.dataset("events", STREAM, "sequence: at")
    bench.ingest(stream)
    bench.fill("events", marks=False)
    recent = int(bench.rows * SHARE)
    number = F.lit(bench.rows - recent) + (F.rand(9) * recent * 1.1).cast("long")
    numbers = bench.spark.range(0, bench.events, numPartitions=8).select(number.alias("number"))
    lines = bench.orders(numbers).withColumn("at", F.lit(2) + F.monotonically_increasing_id() % 1_000)
    lines.select(F.to_json(F.struct("*"))).write.mode("append").text(bench.arrived("events"))
    seconds, peak = bench.peak(lambda: bench.ingest(stream))
    return {"events, of recent keys": Measured(bench.events, seconds, peak, rewritten(bench, bench.table("events")))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="basin-bench-") as scratch:
        spark = session(scratch)
        for size in (rows // 100, rows):  # what the first use of a class costs falls on neither way
            bench = Bench(spark, Path(scratch) / str(size), size)
            found = {**changes(bench), **events(bench)}
        spark.stop()
    gain = found["Basin, in 5 % of the files"].a_second / found["plain MERGE, in 5 % of the files"].a_second
    report = rendered(rows, found, gain)
    if rows == ROWS:
        RESULTS.write_text(report)
    print(report)
    return 0 if gain >= MUST else 1


def rendered(rows: int, found: dict[str, Measured], gain: float) -> str:
    date = datetime.now(timezone.utc).date()
    machine = f"{os.cpu_count()} cores at a load of {os.getloadavg()[1]:.1f}, one Spark driver of {MEMORY}"
    cells = [("what", "number", "time", "a second", "files rewritten", "peak memory")]
    for name, each in found.items():
        what = name if name.startswith("events") else f"changes {name.split(', ')[1]}: {name.split(', ')[0]}"
        peak = f"{each.peak_bytes / 1024**3:.1f} GiB"
        cells.append(
            (what, f"{each.number:,}", f"{each.seconds:.1f} s", f"{each.a_second:,.0f}", f"{each.files}", peak)
        )
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    body = "\n".join(lines)
    return f"""# What ingestion takes in

Measured {date} on {machine}, into tables of {rows:,} rows in
{FILES} files, each with a range of the keys. Basin's figures are of its whole step: reading, judging, the commit, and for
changes their marks and account. A plain MERGE reads the same files, keeps the last change of each key and merges on the key
alone, into a copy of the same table; both come to the same rows. All of it was done before with a hundredth of the rows.
Memory is the driver's resident peak, which here is Spark's whole.

{body}

Changes in {SHARE:.0%} of the files: {gain:.1f} × the plain MERGE's; at least {MUST:.0f} × is demanded.
"""


if __name__ == "__main__":
    sys.exit(main())
