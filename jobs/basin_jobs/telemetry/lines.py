"""Structured lines: one JSON object each for machines, one sentence each for people."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Mapping


@dataclass(frozen=True)
class Line:
    """What happened, to which dataset, in which run; `details` is what else there is to know."""

    at: datetime
    level: str
    dataset: str
    run: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def millis(self) -> int:
        """Milliseconds since 1970."""
        return int(self.at.timestamp() * 1000)

    def json(self) -> str:
        """For a log that is searched."""
        head = {"time": _iso(self.at), "level": self.level, "dataset": self.dataset, "run": self.run}
        return json.dumps({**head, "message": self.message, **self.details}, ensure_ascii=False, default=str)

    def text(self) -> str:
        """For somebody who reads along."""
        details = "".join(f" {key}={value}" for key, value in self.details.items())
        return f"{_iso(self.at)} {self.level:<5} {self.dataset} {self.run[:8]} {self.message}{details}"


def now() -> datetime:
    """UTC."""
    return datetime.now(timezone.utc)


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
