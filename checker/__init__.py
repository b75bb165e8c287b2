"""What the student did: matching, edits, diagnosis, policy, reports, grading, the command line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.api import Assignment as Assignment
    from checker.api import Result as Result
    from checker.api import grade as grade
    from checker.api import grade_many as grade_many
    from checker.api import load_assignment as load_assignment
    from checker.students.notebook import check as check

_HOMES = {
    "Assignment": "checker.api",
    "Result": "checker.api",
    "check": "checker.students.notebook",
    "grade": "checker.api",
    "grade_many": "checker.api",
    "load_assignment": "checker.api",
}

__all__ = ["Assignment", "Result", "check", "grade", "grade_many", "load_assignment"]


def __getattr__(name: str) -> object:
    """Load what is public only when it is asked for: the command line must start quickly."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what is public, whether it is loaded yet or not."""
    return __all__
