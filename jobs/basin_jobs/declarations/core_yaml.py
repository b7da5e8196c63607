"""YAML 1.2's core schema, as the TypeScript side reads it.

PyYAML follows YAML 1.1, where `no` is false, `12:30` is 750 and `2026-01-01` is a date: the same declaration would mean
two things. Source: YAML 1.2.2, section 10.3.2.
"""

from __future__ import annotations

import re
from typing import Any

import yaml


class CoreLoader(yaml.SafeLoader):
    """Safe loader that resolves plain scalars by the core schema alone."""


CoreLoader.yaml_implicit_resolvers = {}


def _integer(loader: CoreLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    (
        "float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        list("-+.0123456789"),
    ),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)
CoreLoader.add_constructor("tag:yaml.org,2002:int", _integer)


def read_yaml(text: str) -> Any:
    """The value of one document.

    Raises:
        yaml.YAMLError: with the line and column, where the text is not YAML.
    """
    return yaml.load(text, Loader=CoreLoader)  # noqa: S506 (CoreLoader is a SafeLoader)
