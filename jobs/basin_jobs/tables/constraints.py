"""A dataset's checks as constraints of its table, so that writers other than Basin are held to them too.

What is required is NOT NULL in the table's schema already.
"""

from __future__ import annotations

import hashlib
import re
from typing import Mapping

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.rows.records import quoted
from basin_jobs.sql.statements import first_line

_PREFIX = "delta.constraints."
_OWN = "basin_"
# What is true of a row today and false tomorrow cannot be held against the table; Basin checks it once, on arrival.
_UNSTEADY = re.compile(r"\b(current_\w+|now|localtimestamp|rand|randn|random|uuid|input_file_name)\b", re.IGNORECASE)


def constraints(dataset: Dataset) -> dict[str, str]:
    """The table properties by which Delta knows them. As in SQL, null passes; Delta alone would refuse it."""
    steady = (check for check in dataset.checks if not _UNSTEADY.search(check))
    return {f"{_PREFIX}{_name(check)}": f"coalesce(({check}), true)" for check in steady}


def drop_constraints(spark: SparkSession, dataset: Dataset, location: str, properties: Mapping[str, str]) -> None:
    """Takes away constraints of checks that are gone, before a column that they name may go."""
    for key in sorted(_own(properties) - set(constraints(dataset))):
        spark.sql(f"ALTER TABLE delta.{quoted(location)} DROP CONSTRAINT IF EXISTS {key[len(_PREFIX) :]}")


def add_constraints(spark: SparkSession, dataset: Dataset, location: str, properties: Mapping[str, str]) -> None:
    """Adds the constraints of new checks, which reads the whole table once.

    Raises:
        InputError: a row that is already in the table breaks a new check.
    """
    wanted = constraints(dataset)
    for key in sorted(set(wanted) - _own(properties)):
        name, check = key[len(_PREFIX) :], wanted[key]
        try:
            spark.sql(f"ALTER TABLE delta.{quoted(location)} ADD CONSTRAINT {name} CHECK ({check})")
        except (PySparkException, Py4JJavaError) as error:
            raise InputError(
                f"{dataset.name}: rows already in the table break the new check {check}: {first_line(error)}"
            ) from None


def _own(properties: Mapping[str, str]) -> set[str]:
    return {key for key in properties if key.startswith(_PREFIX + _OWN)}


def _name(check: str) -> str:
    return _OWN + hashlib.sha256(check.encode()).hexdigest()[:12]
