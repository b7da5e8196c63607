"""A storage in memory, for what decides about files without reading them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from threading import Lock
from typing import Any, Optional

from basin_jobs.storage import Storage, StoredFile

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


class Killed(BaseException):
    """No error that a job could catch."""


@dataclass
class Disk(Storage):
    """Files in memory, and which of them were marked as copied."""

    content: dict[str, str] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    dies_at: Optional[int] = None
    one_by_one: Any = field(default_factory=Lock)

    def names(self, path: str) -> list[str]:
        return sorted(name[len(path) + 1 :] for name in self.content if name.startswith(f"{path}/"))

    def folders(self, path: str) -> list[str]:
        return sorted({name[len(path) + 1 :].split("/")[0] for name in self.content if name.startswith(f"{path}/")})

    def files(self, path: str) -> list[StoredFile]:
        found = sorted(name for name in self.content if name.startswith(f"{path}/"))
        return [StoredFile(name, len(self.content[name]), int(self.written[name].timestamp() * 1000)) for name in found]

    def exists(self, path: str) -> bool:
        return path in self.content

    def remove(self, path: str) -> None:
        self.content.pop(path, None)

    def read_text(self, path: str) -> str:
        return self.content[path]

    def create(self, path: str, text: str) -> bool:
        if path in self.content:
            return False
        self.content[path] = text
        return True

    def write(self, path: str, text: str, at: datetime = NOW - timedelta(hours=1)) -> None:
        self.content[path], self.written[path] = text, at

    def copy(self, source: str, target: str) -> None:
        with self.one_by_one:
            if self.dies_at == len(self.copies):
                raise Killed
            self.copies.append((source, target))
        self.content[target] = self.content[source]
