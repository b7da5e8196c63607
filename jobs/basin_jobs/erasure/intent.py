"""What an erasure is about to write anew, kept until the records of these files have followed.

A run that dies between the two leaves files that are not what their manifests say. The next run would not find the
subject in them any more, and so leave them like that; a replay would set all that is left in them aside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Sequence

from basin_jobs.storage import Storage


@dataclass(frozen=True)
class Intent:
    """Paths of files, in a file of its own."""

    storage: Storage
    path: str

    def add(self, paths: Sequence[str]) -> list[str]:
        """Notes these paths, and returns them with those of a run that died."""
        before = json.loads(self.storage.read_text(self.path)) if self.storage.exists(self.path) else []
        intended = sorted({*before, *paths})
        if intended != before:
            self.storage.write_over(self.path, [json.dumps(intended).encode()])
        return intended

    def fulfil(self) -> None:
        """Forgets them: their records say what they are now."""
        self.storage.remove(self.path)
