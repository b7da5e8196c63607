"""How a derived dataset is computed: the SQL or the Python beside its declaration."""

from __future__ import annotations

import hashlib
import re
import traceback
from dataclasses import dataclass
from typing import Any, Callable, Sequence

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.derived.inputs import Input
from basin_jobs.errors import InputError, JobError
from basin_jobs.rows.records import quoted
from basin_jobs.sql.statements import first_line, require_query

_TRAVEL = re.compile(
    r"(?<![\w.`])`?(?P<name>\w+)`?(?P<travel>\s+(?:for\s+)?(?:system_)?(?:version|timestamp|time)\s+as\s+of\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Derivation:
    """The text that computes a dataset, and its file's name."""

    file: str
    text: str

    def fingerprint(self, dataset: Dataset) -> str:
        """Changes when the computation or what is demanded of its result does."""
        return hashlib.sha256(f"{self.text}\n{dataset!r}".encode()).hexdigest()[:16]

    def compute(self, spark: SparkSession, inputs: Sequence[Input]) -> DataFrame:
        """The result, not yet checked; nothing but analysis happens before an action on it.

        Raises:
            InputError: the text is wrong, or names what is not in `from`.
        """
        frames = {each.name: each.frame(spark) for each in inputs}
        if self.file.endswith(".py"):
            return self._by_python(spark, frames)
        return self._by_sql(spark, frames, _at_paths(self.text, inputs))

    def over(self, spark: SparkSession, frames: dict[str, DataFrame]) -> DataFrame:
        """The result of the SQL over other frames than the inputs' tables, under the inputs' names.

        Raises:
            InputError: the text is wrong.
        """
        return self._by_sql(spark, frames, self.text)

    def _by_sql(self, spark: SparkSession, frames: dict[str, DataFrame], text: str) -> DataFrame:
        require_query(spark, text, self.file)
        for name, frame in frames.items():
            frame.createOrReplaceTempView(name)
        try:
            return spark.sql(text)
        except AnalysisException as error:
            raise InputError(f"{self.file}: {first_line(error)} (tables: {', '.join(frames)})") from None

    def _by_python(self, spark: SparkSession, frames: dict[str, DataFrame]) -> DataFrame:
        scope: dict[str, Any] = {"__name__": self.file.rsplit(".", 1)[0], "__file__": self.file}
        try:
            exec(compile(self.text, self.file, "exec"), scope)  # noqa: S102 (the team's own transform)
            transform: Callable[..., Any] = scope["transform"]
            result = transform(spark, frames)
        except KeyError as error:
            if error.args == ("transform",):
                raise InputError(f"{self.file} has no function transform(spark, inputs)") from None
            raise self._failed(error) from error
        except JobError:  # such as rounds that do not settle: it says itself what is wrong
            raise
        except Exception as error:
            raise self._failed(error) from error
        if not isinstance(result, DataFrame):
            raise InputError(f"{self.file}: transform returned {type(result).__name__}, not a DataFrame")
        return result

    def _failed(self, error: Exception) -> InputError:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == self.file]
        where = f"{self.file}:{lines[-1]}" if lines else self.file
        return InputError(f"{where}: {type(error).__name__}: {first_line(error) if str(error) else ''}")


def _at_paths(text: str, inputs: Sequence[Input]) -> str:
    """`flights VERSION AS OF 3`: Spark lets tables travel in time and views not, so such a name becomes its table."""
    locations = {each.name.lower(): each.location for each in inputs}

    def table(match: re.Match[str]) -> str:
        location = locations.get(match["name"].lower())
        return f"delta.{quoted(location)}{match['travel']}" if location else match[0]

    return _TRAVEL.sub(table, text)


def derivation_of(declarations: Declarations, name: str) -> Derivation:
    """The one `.sql` or `.py` beside a declaration.

    Raises:
        InputError: there is none, or both.
    """
    files = [f"{name}{extension}" for extension in (".sql", ".py")]
    found = [(file, declarations.text(name, file[len(name) :])) for file in files]
    texts = [Derivation(file, text) for file, text in found if text is not None]
    if len(texts) != 1:
        raise InputError(f"{name} is derived and needs exactly one of {' and '.join(files)} beside {name}.yaml")
    return texts[0]
