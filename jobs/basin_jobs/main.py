"""The program of the jobs: what each operation calls, and what each ending means."""

from __future__ import annotations

import argparse
import sys
import traceback
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Callable, Mapping, Sequence

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from basin_jobs.arguments import argument_parser
from basin_jobs.declarations.folder import Declarations
from basin_jobs.erasure.erase import Erasure
from basin_jobs.erasure.places import Places
from basin_jobs.errors import CheckFailed, InputError, JobError
from basin_jobs.exports import run_exports
from basin_jobs.gold import run_gold
from basin_jobs.layout import layout_of, raw_folder
from basin_jobs.locks.dataset import dataset_locked
from basin_jobs.reconcile import run_reconcile
from basin_jobs.replay import run_replay
from basin_jobs.report import Report, after_upkeep
from basin_jobs.restore import run_restore
from basin_jobs.session import open_session
from basin_jobs.silver import run_silver
from basin_jobs.sql.query import run_query
from basin_jobs.storage import message_of
from basin_jobs.stream.command import run_stream_operation
from basin_jobs.telemetry.run import RunTelemetry
from basin_jobs.telemetry.watch import Watch, watched
from basin_jobs.upkeep.after_step import keep_up
from basin_jobs.upkeep.maintain import maintain


def main(arguments: Sequence[str]) -> int:
    """Runs one operation: 0 done, 1 what was checked does not hold, 2 the input or the environment is wrong."""
    parsed = argument_parser().parse_args(arguments)
    try:
        _OPERATIONS[parsed.operation](parsed)
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
    declarations = Declarations(parsed.datasets)
    dataset = declarations.dataset(parsed.dataset)
    spark = open_session()
    with dataset_locked(spark, dataset, parsed):
        watch = Watch([raw_folder(dataset, parsed.raw)], layout_of(dataset, parsed.lake).table)
        how = {"landing": parsed.landing, "sweep": timedelta(seconds=parsed.sweep)}
        silver = partial(run_silver, spark, dataset, parsed.raw, parsed.lake, **how)
        telemetry = RunTelemetry(spark, dataset)
        report = watched(spark, dataset, watch, silver, telemetry)
        run_exports(spark, dataset, parsed.lake, parsed.export_database)
        report = _kept_up(spark, declarations, parsed, telemetry, report)
    report.tell()
    aside = report.run.files_set_aside
    if aside:
        files = "".join(f"\n  {file.file}: {file.reason}" for file in aside)
        raise CheckFailed(f"{dataset.name}: {len(aside)} file(s) set aside, everything else is in the table:{files}")


def _kept_up(
    spark: SparkSession, declarations: Declarations, parsed: argparse.Namespace, telemetry: RunTelemetry, report: Report
) -> Report:
    """Keeps the step's table up, unless another writer of several is at it; the report of what it is then."""
    dataset = declarations.dataset(parsed.dataset)
    with ExitStack() as locks:
        if dataset.writers == "several":
            try:
                locks.enter_context(dataset_locked(spark, dataset, parsed, several=False, wait=0))
            except InputError:
                return report
        changed = keep_up(spark, declarations, dataset.name, parsed.lake, telemetry)
    return after_upkeep(spark, report) if changed else report


def _replay(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    spark = open_session()
    with dataset_locked(spark, dataset, parsed, several=False):
        report = run_replay(spark, dataset, parsed.raw, parsed.lake, parsed.since)
    report.tell()


def _reconcile(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    found = run_reconcile(open_session(), dataset, parsed.lake, parsed.extract)
    print(found.line(), flush=True)
    if not found.agrees:
        raise CheckFailed(found.told())


def _gold(parsed: argparse.Namespace) -> None:
    declarations = Declarations(parsed.datasets)
    spark = open_session()
    dataset = declarations.dataset(parsed.dataset)
    with dataset_locked(spark, dataset, parsed):
        inputs = [layout_of(declarations.dataset(name), parsed.lake).table for name in dataset.source.inputs]
        watch = Watch(inputs, layout_of(dataset, parsed.lake).table)
        telemetry = RunTelemetry(spark, dataset)
        gold = partial(run_gold, spark, declarations, dataset.name, parsed.lake)
        report = watched(spark, dataset, watch, gold, telemetry)
        run_exports(spark, dataset, parsed.lake, parsed.export_database)
        report = _kept_up(spark, declarations, parsed, telemetry, report)
    report.tell()


def _restore(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    spark = open_session()
    with dataset_locked(spark, dataset, parsed, several=False):
        report = run_restore(spark, dataset, parsed.lake, parsed.version)
    report.tell()


def _maintain(parsed: argparse.Namespace) -> None:
    declarations = Declarations(parsed.datasets)
    names = [parsed.dataset] if parsed.dataset else declarations.names()
    spark = open_session()
    for name in names:
        dataset = declarations.dataset(name)
        with dataset_locked(spark, dataset, parsed, several=False):
            done = maintain(spark, declarations, name, parsed.lake)
        RunTelemetry(spark, dataset).kept_up(done[0].after.to_json())
        for upkeep in done:
            print(upkeep.line(name), flush=True)


def _erase(parsed: argparse.Namespace) -> None:
    zones = (("silver", parsed.silver_database), ("gold", parsed.gold_database))
    databases = {zone: database for zone, database in zones if database}
    places = Places(
        parsed.raw,
        parsed.lake,
        parsed.replica_raw,
        parsed.replica_lake,
        databases,
        parsed.stream_retention,
        parsed.landing,
    )
    declarations = Declarations(parsed.datasets)
    spark = open_session()
    erasure = Erasure(spark, declarations, parsed.subject, places)
    with ExitStack() as locks:
        for dataset in erasure.scope.all if not parsed.dry_run else ():
            locks.enter_context(dataset_locked(spark, dataset, parsed, several=False))
        print(erasure.run(parsed.dry_run, parsed.through_pins).line(), flush=True)


def _sql(parsed: argparse.Namespace) -> None:
    run_query(open_session(), parsed.lake, parsed.query, parsed.out)


def _failed(message: str, code: int) -> int:
    print(f"basin: {message}", file=sys.stderr, flush=True)
    return code


_OPERATIONS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "silver": _silver,
    "stream": run_stream_operation,
    "replay": _replay,
    "reconcile": _reconcile,
    "gold": _gold,
    "restore": _restore,
    "maintain": _maintain,
    "erase": _erase,
    "sql": _sql,
}
