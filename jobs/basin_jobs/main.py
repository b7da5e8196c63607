"""The command line of the jobs: what each argument is, and what each ending means."""

from __future__ import annotations

import argparse
import sys
import traceback
from typing import Sequence

from py4j.protocol import Py4JJavaError

from basin_jobs.declarations.folder import Declarations
from basin_jobs.errors import CheckFailed, InputError, JobError
from basin_jobs.gold import run_gold
from basin_jobs.report import Report
from basin_jobs.session import open_session
from basin_jobs.silver import run_silver
from basin_jobs.sql.query import run_query


def main(arguments: Sequence[str]) -> int:
    """Runs one operation: 0 done, 1 what was checked does not hold, 2 the input or the environment is wrong."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except JobError as error:
        return _failed(str(error), error.exit_code)
    except Py4JJavaError as error:
        # Spark has logged the Java side; the user needs the cause.
        cause = error.java_exception
        while cause.getCause() is not None:
            cause = cause.getCause()
        traceback.print_exc() if __import__("os").environ.get("BASIN_DEBUG") else None
        return _failed(f"{cause.getClass().getSimpleName()}: {cause.getMessage()}", InputError.exit_code)
    except Exception:  # a defect of ours, which must not look like a check that does not hold
        traceback.print_exc()
        return InputError.exit_code
    return 0


def _silver(parsed: argparse.Namespace) -> None:
    dataset = Declarations(parsed.datasets).dataset(parsed.dataset)
    report = run_silver(open_session(), dataset, parsed.raw, parsed.lake)
    _print_report(report)
    aside = report.run.files_set_aside
    if aside:
        files = "".join(f"\n  {file.file}: {file.reason}" for file in aside)
        raise CheckFailed(f"{dataset.name}: {len(aside)} file(s) set aside, everything else is in the table:{files}")


def _gold(parsed: argparse.Namespace) -> None:
    _print_report(run_gold(open_session(), Declarations(parsed.datasets), parsed.dataset, parsed.lake))


def _sql(parsed: argparse.Namespace) -> None:
    run_query(open_session(), parsed.lake, parsed.query, parsed.out)


def _print_report(report: Report) -> None:
    for name in report.values["run"]["undeclaredColumns"]:
        print(f"basin: {report.values['dataset']}: column {name} is not declared and was left out", file=sys.stderr)
    print(report.line(), flush=True)


def _failed(message: str, code: int) -> int:
    print(f"basin: {message}", file=sys.stderr, flush=True)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="basin-jobs", description=__doc__)
    operations = parser.add_subparsers(required=True, metavar="operation")

    silver = operations.add_parser("silver", help="takes what arrived in raw into the dataset's silver table")
    silver.add_argument("--raw", required=True, help="root of the raw zone, as s3://bucket")
    silver.set_defaults(run=_silver)

    gold = operations.add_parser("gold", help="computes a derived dataset anew where its inputs have changed")
    gold.set_defaults(run=_gold)

    for operation in (silver, gold):
        operation.add_argument("--dataset", required=True, help="the dataset's name")
        operation.add_argument("--datasets", help="folder of dataset files; the package basin_datasets when left out")

    sql = operations.add_parser("sql", help="answers one query over silver.* and gold.*")
    sql.add_argument("--query", required=True, help="a query, SHOW or DESCRIBE")
    sql.add_argument("--out", required=True, help="JSON file to write")
    sql.set_defaults(run=_sql)

    for operation in (silver, gold, sql):
        operation.add_argument("--lake", required=True, help="root of the lake, as s3://bucket")
    return parser
