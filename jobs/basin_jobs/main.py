"""The command line of the jobs: what each argument is, and what each ending means."""

from __future__ import annotations

import argparse
import sys
import traceback
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from functools import partial
from typing import Iterator, Sequence

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.erasure.erase import Erasure
from basin_jobs.erasure.places import Places
from basin_jobs.errors import CheckFailed, InputError, JobError
from basin_jobs.exports import run_exports
from basin_jobs.gold import run_gold
from basin_jobs.layout import layout_of, raw_folder
from basin_jobs.locks.items import DynamoItems
from basin_jobs.locks.lock import Terms, lock_held
from basin_jobs.reconcile import run_reconcile
from basin_jobs.replay import run_replay
from basin_jobs.report import Report
from basin_jobs.restore import run_restore
from basin_jobs.session import open_session
from basin_jobs.silver import run_silver
from basin_jobs.sql.query import run_query
from basin_jobs.storage import message_of
from basin_jobs.telemetry.run import RunTelemetry
from basin_jobs.telemetry.watch import Watch, watched
from basin_jobs.upkeep.maintain import maintain


def main(arguments: Sequence[str]) -> int:
    """Runs one operation: 0 done, 1 what was checked does not hold, 2 the input or the environment is wrong."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except JobError as error:
        return _failed(str(error), error.exit_code)
    except Py4JJavaError as error:
        # Spark has logged the Java side; the user needs the cause.
        return _failed(message_of(error), InputError.exit_code)
    except Exception:  # a defect of ours, which must not look like a check that does not hold
        traceback.print_exc()
        return InputError.exit_code
    return 0


def _silver(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    spark = open_session()
    with _locked(spark, dataset, parsed):
        watch = Watch([raw_folder(dataset, parsed.raw)], layout_of(dataset, parsed.lake).table)
        silver = partial(run_silver, spark, dataset, parsed.raw, parsed.lake, landing=parsed.landing)
        report = watched(spark, dataset, watch, silver)
        run_exports(spark, dataset, parsed.lake, parsed.export_database)
    _print_report(report)
    aside = report.run.files_set_aside
    if aside:
        files = "".join(f"\n  {file.file}: {file.reason}" for file in aside)
        raise CheckFailed(f"{dataset.name}: {len(aside)} file(s) set aside, everything else is in the table:{files}")


def _replay(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    spark = open_session()
    with _locked(spark, dataset, parsed, several=False):
        report = run_replay(spark, dataset, parsed.raw, parsed.lake, parsed.since)
    _print_report(report)


def _reconcile(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    found = run_reconcile(open_session(), dataset, parsed.lake, parsed.extract)
    print(found.line(), flush=True)
    if not found.agrees:
        raise CheckFailed(found.told())


def _moment(text: str) -> datetime:
    """A time in UTC, as an argument."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; allowed: 2026-11-01T00:00:00Z, or a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _gold(parsed: argparse.Namespace) -> None:
    declarations = Declarations(parsed.datasets)
    spark = open_session()
    dataset = declarations.dataset(parsed.dataset)
    with _locked(spark, dataset, parsed):
        inputs = [layout_of(declarations.dataset(name), parsed.lake).table for name in dataset.source.inputs]
        watch = Watch(inputs, layout_of(dataset, parsed.lake).table)
        report = watched(spark, dataset, watch, lambda: run_gold(spark, declarations, dataset.name, parsed.lake))
        run_exports(spark, dataset, parsed.lake, parsed.export_database)
    _print_report(report)


def _restore(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    spark = open_session()
    with _locked(spark, dataset, parsed, several=False):
        report = run_restore(spark, dataset, parsed.lake, parsed.version)
    _print_report(report)


def _maintain(parsed: argparse.Namespace) -> None:
    declarations = Declarations(parsed.datasets)
    names = [parsed.dataset] if parsed.dataset else declarations.names()
    spark = open_session()
    for name in names:
        dataset = declarations.dataset(name)
        with _locked(spark, dataset, parsed, several=False):
            done = maintain(spark, declarations, name, parsed.lake)
        RunTelemetry(spark, dataset).kept_up(done[0].after.to_json())
        for upkeep in done:
            print(upkeep.line(name), flush=True)


def _erase(parsed: argparse.Namespace) -> None:
    zones = (("silver", parsed.silver_database), ("gold", parsed.gold_database))
    databases = {zone: database for zone, database in zones if database}
    places = Places(
        parsed.raw, parsed.lake, parsed.replica_raw, parsed.replica_lake, databases, parsed.stream_retention
    )
    declarations = Declarations(parsed.datasets)
    spark = open_session()
    erasure = Erasure(spark, declarations, parsed.subject, places)
    with ExitStack() as locks:
        for dataset in erasure.scope.all if not parsed.dry_run else ():
            locks.enter_context(_locked(spark, dataset, parsed, several=False))
        print(erasure.run(parsed.dry_run, parsed.through_pins).line(), flush=True)


def _sql(parsed: argparse.Namespace) -> None:
    run_query(open_session(), parsed.lake, parsed.query, parsed.out)


@contextmanager
def _locked(spark: SparkSession, dataset: Dataset, parsed: argparse.Namespace, several: bool = True) -> Iterator[None]:
    """Holds the dataset's lock, if one is asked for; with `several`, a dataset of several writers does without."""
    if parsed.lock_table is None or (several and dataset.writers == "several"):
        yield
        return
    items, doing = DynamoItems(spark, parsed.lock_table), f"{parsed.operation} of {dataset.name}"
    with lock_held(items, dataset.name, doing, Terms(wait=parsed.lock_wait), spark.sparkContext.cancelAllJobs):
        yield


def _print_report(report: Report) -> None:
    for name in report.values["run"]["undeclaredColumns"]:
        print(f"basin: {report.values['dataset']}: column {name} is not declared and was left out", file=sys.stderr)
    print(report.line(), flush=True)


def _failed(message: str, code: int) -> int:
    print(f"basin: {message}", file=sys.stderr, flush=True)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="basin-jobs", description=__doc__)
    operations = parser.add_subparsers(required=True, dest="operation", metavar="operation")

    silver = operations.add_parser("silver", help="takes what arrived in raw into the dataset's silver table")
    silver.add_argument("--raw", required=True, help="root of the raw zone, as s3://bucket")
    silver.add_argument("--landing", help="root of what DMS writes, as s3://bucket; for tables of databases")
    silver.set_defaults(run=_silver)

    replay = operations.add_parser("replay", help="rebuilds a silver table from raw, in one commit")
    replay.add_argument("--raw", required=True, help="root of the raw zone, as s3://bucket")
    replay.add_argument("--from", dest="since", type=_moment, help="only what arrived since then; older rows are kept")
    replay.set_defaults(run=_replay)

    reconcile = operations.add_parser("reconcile", help="compares a silver table with an extract of its source")
    reconcile.add_argument("--extract", required=True, help="CSV, JSON lines, Parquet or ORC: a file or a folder")
    reconcile.set_defaults(run=_reconcile)

    gold = operations.add_parser("gold", help="computes a derived dataset anew where its inputs have changed")
    gold.set_defaults(run=_gold)

    for operation in (silver, gold):
        exports = "Glue database of the tables <dataset>__<format> that show exported copies"
        operation.add_argument("--export-database", help=exports)

    restore = operations.add_parser("restore", help="makes an earlier version of a table its newest one")
    restore.add_argument("--version", required=True, type=int, help="the version to go back to")
    restore.set_defaults(run=_restore)

    upkeep = operations.add_parser("maintain", help="compacts, clusters and vacuums tables where that is worth it")
    upkeep.set_defaults(run=_maintain)

    erase = operations.add_parser("erase", help="takes one subject's rows out of the lake, and proves it")
    erase.add_argument("--subject", required=True, help="whose rows: a value of the columns that datasets declare")
    erase.add_argument("--dry-run", action="store_true", help="only tell what would be erased where")
    erase.add_argument("--through-pins", action="store_true", help="erase pinned versions too")
    erase.add_argument("--raw", required=True, help="root of the raw zone, as s3://bucket")
    erase.add_argument("--replica-raw", help="root of raw in the replica; no replica when left out")
    erase.add_argument("--replica-lake", help="root of the lake in the replica; no replica when left out")
    erase.add_argument("--silver-database", help="Glue database of silver tables and their exported copies")
    erase.add_argument("--gold-database", help="Glue database of gold tables and their exported copies")
    erase.add_argument("--stream-retention", type=int, metavar="SECONDS", help="how long streams keep their events")
    erase.set_defaults(run=_erase)

    for operation in (silver, gold, replay, reconcile, restore, upkeep, erase):
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
    sql.set_defaults(run=_sql)

    for operation in (silver, gold, replay, reconcile, restore, upkeep, erase, sql):
        operation.add_argument("--lake", required=True, help="root of the lake, as s3://bucket")
    return parser
