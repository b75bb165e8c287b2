"""Grading where each student has numbers of their own: each file with its student's key.

The graph, its edits and how they are made are those of the assignment's example; what depends on
numbers is computed for each student anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.decisions.file import Source
from checker.grading.key import Key
from checker.grading.run import Grader, unreadable
from checker.report import SubmissionReport
from reference_solutions.assignment import Assignment
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.submission import LoadedSubmission


class IndividualGrader(Grader):
    """Grades submissions to an assignment whose numbers are drawn for each student.

    Raises :class:`InputError` if there is no ``seed``, or ``decisions`` are unusable.
    """

    def __init__(
        self,
        assignment: Assignment,
        seed: bytes | None,
        *,
        reveal: bool = False,
        decisions: Sequence[Source] = (),
    ) -> None:
        if seed is None:
            message = "this assignment draws numbers for each student, and the seed is missing"
            raise InputError([Problem(message, Place(assignment.id))])
        super().__init__(assignment, reveal=reveal, decisions=decisions)
        self._seed = seed
        self._reveal = reveal
        self._decisions = decisions

    def grade(self, loaded: LoadedSubmission, name: str) -> SubmissionReport:
        """Grade a submission that was read with its student's own numbers."""
        try:
            own = self.assignment.of_student(loaded.submission.student.id, self._seed)
        except InputError as error:
            return unreadable(name, error, self.assignment)
        key = Key(own, self.key)
        grader = Grader(own, reveal=self._reveal, decisions=self._decisions, key=key)
        return grader.grade(loaded, name)
