"""Which queries can follow their source by its changes: those that make each row of one row, key included."""

from __future__ import annotations

from typing import Any, Iterator, Optional

from pyspark.sql import DataFrame, SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.derived.derivation import Derivation
from basin_jobs.errors import InputError

# What makes a row of one row: everything else (joins, groups, windows, limits, DISTINCT) looks at others too.
_ROW_BY_ROW = frozenset(
    ("Project", "Filter", "SubqueryAlias", "View", "LogicalRelation", "LocalRelation", "LogicalRDD")
)


def require_incremental(
    spark: SparkSession, declarations: Declarations, dataset: Dataset, derivation: Derivation
) -> Dataset:
    """Lets a query through whose result can be kept up by its source's changes.

    Returns:
        The source.

    Raises:
        InputError: naming what does not allow it.
    """
    fault = _why_not(spark, declarations, dataset, derivation)
    if fault is not None:
        raise InputError(f"{dataset.name}: refresh cannot be incremental: {fault}; allowed is refresh: full")
    return declarations.dataset(dataset.source.inputs[0])


def _why_not(
    spark: SparkSession, declarations: Declarations, dataset: Dataset, derivation: Derivation
) -> Optional[str]:
    if len(dataset.source.inputs) != 1:
        return f"it has {len(dataset.source.inputs)} sources, not one"
    source = declarations.dataset(dataset.source.inputs[0])
    if not derivation.file.endswith(".sql"):
        return f"what {derivation.file} does to a single row is not to be told"
    if not dataset.key or dataset.key != source.key:
        return f"its key ({_list(dataset.key)}) is not that of {source.name} ({_list(source.key)})"
    result = derivation.over(spark, {source.name: empty_of(spark, source)})
    plan: Any = result._jdf.queryExecution().analyzed()
    others = sorted({name for name in map(_name, _nodes(plan)) if name not in _ROW_BY_ROW})
    if others:
        return f"{derivation.file} does more than take rows one by one ({_list(tuple(others))})"
    if not all(bool(node.deterministic()) for node in _nodes(plan)) or "scalar-subquery" in plan.toString():
        return f"{derivation.file} gives another row for the same one"
    return _changed_key(plan, dataset)


def _changed_key(plan: Any, dataset: Dataset) -> Optional[str]:
    """A key must come out as it went in, or a change would be looked for under another name."""
    leaves = plan.collectLeaves().apply(0).output()
    came_in = {leaves.apply(at).name(): leaves.apply(at).exprId() for at in range(leaves.size())}
    output = plan.output()
    goes_out = {output.apply(at).name(): output.apply(at).exprId() for at in range(output.size())}
    changed = [name for name in dataset.key if goes_out.get(name) != came_in.get(name)]
    return f"its query computes the key {_list(tuple(changed))} instead of taking it" if changed else None


def empty_of(spark: SparkSession, source: Dataset) -> DataFrame:
    """No rows, of the source's declared columns."""
    return spark.createDataFrame([], ", ".join(f"`{column.name}` {column.type}" for column in source.columns))


def _nodes(plan: Any) -> Iterator[Any]:
    yield plan
    children = plan.children()
    for position in range(children.size()):
        yield from _nodes(children.apply(position))


def _name(node: Any) -> str:
    return str(node.getClass().getSimpleName())


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"
