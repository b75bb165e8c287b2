"""What the student did: matching, edits, diagnosis, policy, reports, grading, the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.students.notebook import check as check

__all__ = ["check"]


def __getattr__(name: str) -> object:
    """Load what a notebook uses only when it is asked for: the command line must start quickly."""
    if name == "check":
        from checker.students.notebook import check  # noqa: PLC0415

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
