"""The one place in which batches meet the grading of a single submission."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from checker.decisions.file import Source
from checker.grading import Grader, IndividualGrader
from checker.grading import unreadable as _unreadable
from checker.grading.deciding import Rulings
from checker.report import SubmissionReport
from reference_solutions.assignment import Assignment
from submissions_schema.problems import InputError, Problem
from submissions_schema.submission import Student


class GradesFiles(Protocol):
    """Grades one file after another, to one assignment."""

    @property
    def rulings(self) -> Rulings:
        """What a person decided."""

    def grade_file(
        self, path: Path, name: str, student: Student | None = None, note: str = ""
    ) -> SubmissionReport:
        """Grade a file. One that can't be read becomes a report that says why."""


def grader_for(
    assignment: Assignment,
    *,
    reveal: bool,
    decisions: Sequence[Source] = (),
    seed: bytes | None = None,
) -> GradesFiles:
    """Return what grades submissions to an assignment; ``reveal`` shows the right values.

    ``decisions`` are files of a person's, ``seed`` is what each student's own numbers are drawn
    from. Raises :class:`InputError` for unusable ones.
    """
    if assignment.draws is None:
        return Grader(assignment, reveal=reveal, decisions=decisions)
    return IndividualGrader(assignment, seed, reveal=reveal, decisions=decisions)


def unreadable(name: str, problem: Problem, assignment: Assignment) -> SubmissionReport:
    """Return the report of a file that can't be graded, and why."""
    return _unreadable(name, InputError([problem]), assignment)
