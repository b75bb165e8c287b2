"""The stages of grading in their order: from one submission to its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from checker.answer_kinds.reading.written import WrittenArray
from checker.decisions.file import Source
from checker.grading.carry import carry
from checker.grading.circles import refuse_circles
from checker.grading.compare import compare
from checker.grading.deciding import Held, Rulings, settled
from checker.grading.diagnose import diagnose, explain_unreadable
from checker.grading.judged import Judged
from checker.grading.key import Key
from checker.grading.mark import marks
from checker.grading.read import Written, read
from checker.grading.reporting import Reporter
from checker.grading.work import proven
from checker.report import SubmissionReport
from checker.words import plural
from reference_solutions.assignment import Assignment
from submissions_schema.problems import InputError, Problem
from submissions_schema.submission import LoadedSubmission, Student, submission_from
from submissions_schema.yaml_reader import hash_of, parse_document, read_bytes


class Grader:
    """Grades submissions to one assignment; ``reveal`` puts the right values into the reports.

    ``decisions`` are files of a person's, ``key`` is the assignment's if it is made.
    Raises :class:`InputError` for unusable decisions.
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        reveal: bool = False,
        decisions: Sequence[Source] = (),
        key: Key | None = None,
    ) -> None:
        self.assignment = assignment
        self.key = key or Key(assignment)
        self.rulings = Rulings(self.key, decisions)
        self._reporter = Reporter(self.key, reveal=reveal)

    def grade_file(
        self, path: Path, name: str, student: Student | None = None, note: str = ""
    ) -> SubmissionReport:
        """Grade a file. One that can't be read becomes a report that says why.

        ``student`` is who handed it in, if it doesn't say, and ``note`` what to tell the teacher
        then.
        """
        content_hash = ""
        try:
            data = read_bytes(path, name=name)
            content_hash = hash_of(data)
            owner = self.rulings.owner(name)
            loaded = submission_from(parse_document(data, name), owner or student)
            if owner is not None:
                loaded = loaded.handed_in_by(owner)
            _check_assignment(self.assignment, loaded)
        except InputError as error:
            report = unreadable(name, error, self.assignment)
            return replace(report, content_hash=content_hash)
        report = self.grade(loaded, name)
        return report if loaded.says_student else replace(report, notes=(*report.notes, note))

    def grade(self, loaded: LoadedSubmission, name: str) -> SubmissionReport:
        """Grade a submission that was read; ``name`` is its file."""
        key, student = self.key, loaded.submission.student
        with np.errstate(all="ignore"):
            written = read(key, loaded)
            unfit = explain_unreadable(key, written)
            held, judged = self._judged(student, written)
            marked = marks(key, settled(held, written), judged, unfit, held)
        report = self._reporter.report(student, name, marked, written.remarks, judged.digits)
        report = replace(report, content_hash=loaded.document.content_hash)
        if judged.untried:
            count = plural(judged.untried, "more mistake")
            note = f"{name}: the search for what went wrong reached its limit; {count} not tried"
            report = replace(report, notes=(*report.notes, note))
        return report

    def _judged(self, student: Student, written: Written) -> tuple[Held, Judged]:
        """Judge all computed answers; who writes the same is judged the same."""
        key, rulings = self.key, self.rulings
        contents = [answer.content for answer in written.answers]
        arrays = tuple(one for one in contents if isinstance(one, WrittenArray))
        before = key.judged_before.get(arrays)
        if before is not None and not rulings.decisions.by_answer:
            return {}, before
        judged = compare(key, written)
        held = rulings.held(student.id, written, judged)
        judged = refuse_circles(key, rulings.accepted(held, judged))
        judged, own = carry(key, judged)
        judged = proven(key, diagnose(key, judged, own))
        return held, judged if held else key.judged_before.keep(arrays, judged)


def _check_assignment(assignment: Assignment, loaded: LoadedSubmission) -> None:
    said = loaded.submission.assignment
    if said != assignment.id:
        message = "this submission answers another assignment"
        place = loaded.document.place(("assignment",))
        raise InputError([Problem(message, place, f"`{assignment.id}`", f"`{said}`")])


def unreadable(name: str, error: InputError, assignment: Assignment) -> SubmissionReport:
    """Return the report of a file that can't be read: no points yet, and every reason."""
    problems = tuple(str(problem) for problem in error.problems)
    return SubmissionReport(
        Path(name).stem, "", name, "unreadable", None, assignment.file.total_points, 0.0, problems
    )
