"""The two ways in which a job ends without having done its work; both are one message, without a stack trace."""

from __future__ import annotations

from typing import ClassVar, Mapping, Optional


class JobError(Exception):
    """Base of what is told to the user as it stands."""

    exit_code: ClassVar[int]


class InputError(JobError):
    """A declaration, an argument or the environment is wrong; nothing was written."""

    exit_code = 2


class CheckFailed(JobError):  # noqa: N818 (the name it has on the TypeScript side too)
    """What was checked does not hold; the table is as it was. `counts` are the rows it was found in, if counted."""

    exit_code = 1

    def __init__(self, message: str, counts: Optional[Mapping[str, int]] = None) -> None:
        """With the names of the report, as `rowsIn`."""
        super().__init__(message)
        self.counts = counts
