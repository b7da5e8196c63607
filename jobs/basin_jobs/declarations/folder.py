"""Finds and reads declarations: from the `basin_datasets` package that ships with a step, or from a folder."""

from __future__ import annotations

import functools
import importlib.resources
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Optional

import fastjsonschema
import yaml

from basin_jobs.declarations.core_yaml import read_yaml
from basin_jobs.declarations.dataset import Dataset, complete
from basin_jobs.errors import InputError

PACKAGE = "basin_datasets"
_INCREMENTAL = "incremental"


class Declarations:
    """The dataset files of one folder, which may lie inside a zip."""

    def __init__(self, folder: Optional[str] = None) -> None:
        """Takes a folder's path, or None for the package.

        Raises:
            InputError: there is no such folder or package.
        """
        self._root: Any  # Path or Traversable; Python moved the latter's home between 3.9 and 3.11
        if folder is None:
            try:
                self._root = importlib.resources.files(PACKAGE)
            except ModuleNotFoundError:
                raise InputError(
                    f"no package {PACKAGE}: pass it with --py-files, or a folder with --datasets"
                ) from None
        else:
            self._root = Path(folder)
            if not self._root.is_dir():
                raise InputError(f"{folder} is not a folder of dataset files (*.yaml)")

    def names(self) -> list[str]:
        """Names of all datasets, sorted."""
        files = (entry.name for entry in self._root.iterdir())
        return sorted(name[: -len(".yaml")] for name in files if name.endswith(".yaml"))

    def dataset(self, name: str) -> Dataset:
        """The dataset of that name, checked and completed.

        Raises:
            InputError: unknown name, no YAML, or not what the JSON Schema allows.
        """
        text = self.text(name, ".yaml")
        if text is None:
            raise InputError(f"no dataset {name}; there are: {', '.join(self.names()) or 'none'}")
        try:
            declared = read_yaml(text)
        except yaml.YAMLError as error:
            raise InputError(f"{name}.yaml is not YAML: {error}") from None
        try:
            _validator()(declared)
        except fastjsonschema.JsonSchemaValueException as error:
            raise InputError(f"{name}.yaml: {error.message.replace('data.', '', 1)}, found {error.value!r}") from None
        dataset = complete(declared)
        _check_references(dataset)
        return replace(dataset, followed=bool(self.followers(name)))

    def followers(self, name: str) -> list[str]:
        """Names of the datasets that follow this one by its changes."""
        return [
            each
            for each in self.names()
            if each != name and _INCREMENTAL in (self.text(each, ".yaml") or "") and self._follows(each, name)
        ]

    def _follows(self, follower: str, name: str) -> bool:
        declared = read_yaml(self.text(follower, ".yaml") or "")
        source = declared.get("source", {}) if isinstance(declared, dict) else {}
        return source.get("refresh") == _INCREMENTAL and name in source.get("from", ())

    def text(self, name: str, extension: str) -> Optional[str]:
        """What `<name><extension>` holds, or None where there is no such file."""
        file = self._root.joinpath(name + extension)
        return str(file.read_text(encoding="utf-8")) if file.is_file() else None


@functools.lru_cache(maxsize=1)
def _validator() -> Callable[[Any], Any]:
    schema = importlib.resources.files("basin_jobs").joinpath("dataset.schema.json").read_text(encoding="utf-8")
    validate: Callable[[Any], Any] = fastjsonschema.compile(json.loads(schema))
    return validate


def _check_references(dataset: Dataset) -> None:
    """A schema cannot say that a key is a column."""
    sequence = [dataset.sequence] if dataset.sequence else []
    for key, names in (("key", dataset.key), ("sequence", sequence), ("clusterBy", dataset.cluster_by)):
        for name in names:
            if name not in dataset.column_names:
                allowed = ", ".join(dataset.column_names)
                raise InputError(
                    f"{dataset.name}.yaml: {key} names {name}, which is not a column; there are: {allowed}"
                )
