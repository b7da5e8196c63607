"""What DMS adds to every row; `components/database-migration/endpoints.ts` has the same names."""

from __future__ import annotations

OPERATION = "Op"
"""I, U or D; a full load's rows are I."""

COMMIT_TIME = "basin_commit_time"
"""When the change was committed at the source; for a full load's rows when their task started."""

CHANGE_SEQUENCE = "basin_change_seq"
"""35 digits that order the changes of one commit time; a full load's rows have none."""

BEFORE = "basin_before_"
"""Begins the names of the key's columns as they were before an update."""

CHANGE = "record:change"
"""struct<op, place, load>: `place` is text that sorts as the source committed; `load` marks a full load's rows."""

KEY_BEFORE = "record:before"
"""struct of the key's columns before an update, typed; null where the update says nothing of it."""

KEPT = (CHANGE, KEY_BEFORE)
"""Technical columns of changes, which other records do not have."""


def is_technical(column: str) -> bool:
    """Whether a file's column is DMS's and not the source's."""
    return column in (OPERATION, COMMIT_TIME, CHANGE_SEQUENCE) or column.startswith(BEFORE)
