"""What an SQL text would do, told before it runs: Spark carries out an INSERT the moment it is asked to plan it."""

from __future__ import annotations

from typing import Any, Iterator

from pyspark.errors import ParseException
from pyspark.sql import SparkSession

from basin_jobs.errors import InputError

_PLANS = "org.apache.spark.sql.catalyst.plans.logical."
# Statements that write but are not commands yet when they have only been parsed.
_WRITING = ("InsertIntoStatement", "InsertIntoDir", "MergeIntoTable", "DeleteFromTable", "UpdateTable")
_SHOWING = ("Show", "Describe")


def require_query(spark: SparkSession, sql: str, what: str) -> None:
    """Lets a query through.

    Raises:
        InputError: the text is not SQL, or it is a statement that changes something or shows no rows of a table.
    """
    plan = _parse(spark, sql, what)
    if _commands(plan):
        raise InputError(f"{what} is not a query: allowed is one SELECT (with WITH, VALUES, TABLE or FROM)")


def require_reading(spark: SparkSession, sql: str, what: str) -> None:
    """Lets a query, SHOW and DESCRIBE through.

    Raises:
        InputError: the text is not SQL, or it is any other statement.
    """
    plan = _parse(spark, sql, what)
    commands = _commands(plan)
    if any(not name.startswith(_SHOWING) for name in commands):
        raise InputError(
            f"{what} would do more than read ({', '.join(commands)}): allowed are queries, SHOW and DESCRIBE"
        )


def first_line(error: BaseException) -> str:
    """Spark's own words without the plan that follows them."""
    return str(error).strip().splitlines()[0]


def _parse(spark: SparkSession, sql: str, what: str) -> Any:
    session: Any = spark._jsparkSession
    try:
        return session.sessionState().sqlParser().parsePlan(sql)
    except ParseException as error:
        raise InputError(f"{what} is not SQL: {first_line(error)}") from None


def _commands(plan: Any) -> list[str]:
    return [name for name, is_command in map(_kind, _nodes(plan)) if is_command]


def _kind(node: Any) -> tuple[str, bool]:
    name = node.getClass().getSimpleName()
    loader = node.getClass().getClassLoader()
    command = loader.loadClass(f"{_PLANS}Command")
    return name, bool(command.isInstance(node)) or name in _WRITING


def _nodes(plan: Any) -> Iterator[Any]:
    yield plan
    children = plan.children()
    for position in range(children.size()):
        yield from _nodes(children.apply(position))
