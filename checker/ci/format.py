"""What a format of ``checker ci`` is: a record of what it writes and when it can't.

Each module of :mod:`checker.ci.formats` makes one and calls it ``FORMAT``. That is all: the command
line, its help and its checks find it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from checker.report import RunReport

FINE, BELOW, UNUSABLE, OUR_FAULT = 0, 1, 2, 3
"""How a job ends."""

Environ: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """What came of a job, for a format to tell.

    ``run.assignment`` is empty where nothing could be graded. ``exit_code`` is how the job would
    end by itself; ``fail_under`` the percentage that was asked for, if any. ``shown`` says that
    another of the job's formats puts the report on the job's own page already.
    """

    run: RunReport
    exit_code: int
    environ: Environ
    now: datetime
    fail_under: float | None = None
    shown: bool = False

    @property
    def passed(self) -> bool:
        """Whether the job may stay green."""
        return self.exit_code == FINE


def _nothing(_: Job) -> Mapping[str, str]:
    return {}


def _no_lines(_: Job) -> str:
    return ""


def _as_it_is(exit_code: int) -> int:
    return exit_code


def _no_demands(_: Environ, __: datetime) -> None:
    return None


@dataclass(frozen=True)
class Format:
    """One thing that a job can write besides the report on standard output.

    ``about`` says in a few words who reads it. ``files`` are texts by their paths below the output
    folder; ``appended`` are texts by the paths of files that the place names (the step's summary);
    ``lines`` are printed for the runner to read. ``demands`` raises
    :class:`~submissions_schema.problems.InputError` before anything is graded if the environment
    lacks what is needed. ``cleared`` is a pattern of an earlier run's files, which would be taken
    for this one's. ``exit_code`` turns how the job ends into what the place takes.
    """

    about: str
    files: Callable[[Job], Mapping[str, str]] = _nothing
    appended: Callable[[Job], Mapping[Path, str]] = field(default=lambda _: {})
    lines: Callable[[Job], str] = _no_lines
    demands: Callable[[Environ, datetime], object] = _no_demands
    exit_code: Callable[[int], int] = _as_it_is
    cleared: str = ""
    shows_report: bool = False
    """Whether the place shows the report on the job's own page."""
    needs_points: bool = False
    """Whether it would give a zero where not even the assignment is known."""
    blames: bool = False
    """Whether it would blame a student for our own fault."""
