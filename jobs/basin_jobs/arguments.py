"""The command line of the jobs: what each argument is."""

from __future__ import annotations

import argparse
from datetime import datetime, timezone
from typing import Any

from basin_jobs.batches.arrivals import SWEEP
from basin_jobs.locks.lock import Terms


def argument_parser() -> argparse.ArgumentParser:
    """Each operation is `operation` in what it reads."""
    parser = argparse.ArgumentParser(prog="basin-jobs", description="One operation on a lake.")
    operations = parser.add_subparsers(required=True, dest="operation", metavar="operation")

    silver = operations.add_parser("silver", help="takes what arrived in raw into the dataset's silver table")
    silver.add_argument("--raw", required=True, help="root of the raw zone, as s3://bucket")
    silver.add_argument("--landing", help="root of what DMS writes, as s3://bucket; for tables of databases")

    stream = _stream(operations)
    for operation in (silver, stream):
        sweep = "the age up to which arrival hours are searched once a day for what came late, 691200 when left out"
        default = round(SWEEP.total_seconds())
        operation.add_argument("--sweep", type=_positive, default=default, metavar="SECONDS", help=sweep)

    replay = operations.add_parser("replay", help="rebuilds a silver table from raw, in one commit")
    replay.add_argument("--raw", required=True, help="root of the raw zone, as s3://bucket")
    replay.add_argument("--from", dest="since", type=_moment, help="only what arrived since then; older rows are kept")

    reconcile = operations.add_parser("reconcile", help="compares a silver table with an extract of its source")
    reconcile.add_argument("--extract", required=True, help="CSV, JSON lines, Parquet or ORC: a file or a folder")

    gold = operations.add_parser("gold", help="computes a derived dataset anew where its inputs have changed")

    for operation in (silver, stream, gold):
        exports = "Glue database of the tables <dataset>__<format> that show exported copies"
        operation.add_argument("--export-database", help=exports)

    restore = operations.add_parser("restore", help="makes an earlier version of a table its newest one")
    restore.add_argument("--version", required=True, type=int, help="the version to go back to")

    upkeep = operations.add_parser("maintain", help="compacts, clusters and vacuums tables where that is worth it")

    erase = operations.add_parser("erase", help="takes one subject's rows out of the lake, and proves it")
    erase.add_argument("--subject", required=True, help="whose rows: a value of the columns that datasets declare")
    erase.add_argument("--dry-run", action="store_true", help="only tell what would be erased where")
    erase.add_argument("--through-pins", action="store_true", help="erase pinned versions too")
    erase.add_argument("--raw", required=True, help="root of the raw zone, as s3://bucket")
    erase.add_argument("--landing", help="root of what DMS writes, as s3://bucket; no landing when left out")
    erase.add_argument("--replica-raw", help="root of raw in the replica; no replica when left out")
    erase.add_argument("--replica-lake", help="root of the lake in the replica; no replica when left out")
    erase.add_argument("--silver-database", help="Glue database of silver tables and their exported copies")
    erase.add_argument("--gold-database", help="Glue database of gold tables and their exported copies")
    erase.add_argument("--stream-retention", type=int, metavar="SECONDS", help="how long streams keep their events")

    for operation in (silver, stream, gold, replay, reconcile, restore, upkeep, erase):
        if operation is not erase:
            dataset = "the dataset's name" + ("; all datasets when left out" if operation is upkeep else "")
            operation.add_argument("--dataset", required=operation is not upkeep, help=dataset)
        operation.add_argument("--datasets", help="folder of dataset files; the package basin_datasets when left out")
        operation.add_argument("--lock-table", help="DynamoDB table of locks; no lock is taken when left out")
        wait = "how long to wait for another run that holds the lock, 600 when left out"
        operation.add_argument("--lock-wait", type=float, default=Terms.wait, metavar="SECONDS", help=wait)

    sql = operations.add_parser("sql", help="answers one query over silver.* and gold.*")
    sql.add_argument("--query", required=True, help="a query, SHOW or DESCRIBE")
    sql.add_argument("--out", required=True, help="JSON file to write")

    for operation in (silver, stream, gold, replay, reconcile, restore, upkeep, erase, sql):
        operation.add_argument("--lake", required=True, help="root of the lake, as s3://bucket")
    return parser


def _stream(operations: Any) -> argparse.ArgumentParser:
    stream: argparse.ArgumentParser = operations.add_parser(
        "stream", help="takes a stream in directly, until SIGTERM or an object at <lake>/silver/<dataset>__stream/stop"
    )
    stream.add_argument("--raw", required=True, help="root of the raw zone, where the stream's archive is")
    stream.add_argument("--stream-name", required=True, help="name of the Kinesis stream")
    stream.add_argument("--endpoint-url", required=True, help="Kinesis's endpoint, as https://…")
    stream.add_argument("--region", required=True, help="the stream's region")
    stream.add_argument("--consumer-name", help="of enhanced fan-out; shared throughput when left out")
    limit = "records of the whole stream that one batch takes in; the connector's own limit when left out"
    stream.add_argument("--max-records-per-batch", type=_positive, metavar="N", help=limit)
    trigger = "how often a batch begins, 60 when left out"
    stream.add_argument("--trigger-seconds", type=_positive, default=60, metavar="N", help=trigger)
    wait = "how long after an arrival hour has ended its archive is whole"
    stream.add_argument("--archive-wait", type=_positive, required=True, metavar="SECONDS", help=wait)
    return stream


def _moment(text: str) -> datetime:
    """A time in UTC, as an argument."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; allowed: 2026-11-01T00:00:00Z, or a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)
