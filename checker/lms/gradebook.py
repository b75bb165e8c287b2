"""Grades into the gradebook that a teacher exported: the file stays as it was, but for the grades.

Only what is settled is filled in. A file that can't be read, and answers that wait for a person,
leave their cell alone and are named in a remark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.lms.canvas import canvas_layout, is_canvas
from checker.lms.downloads import Submitter
from checker.lms.generic import generic_layout
from checker.lms.layout import Layout
from checker.lms.moodle import is_moodle, moodle_layout
from checker.lms.options import GradebookOptions
from checker.lms.roster import Matching, Student, match
from checker.lms.table import Table, number_in, number_style, read_table
from checker.report import RunReport, SubmissionReport
from checker.reports import wording
from submissions_schema.problems import InputError, Problem
from submissions_schema.yaml_reader import shown

_LISTED = 20


@dataclass(frozen=True, slots=True)
class FilledGradebook:
    """A gradebook with its grades: the file's bytes, what was done, and what has to be looked at.

    ``participants`` are Moodle's numbers and names, by the file of the submission.
    """

    kind: str
    data: bytes
    filled: int
    summary: str
    remarks: tuple[str, ...]
    participants: Mapping[str, tuple[str, str]]


def fill_gradebook(
    run: RunReport,
    data: bytes,
    name: str,
    options: GradebookOptions | None = None,
    submitters: Mapping[str, Sequence[Submitter]] | None = None,
) -> FilledGradebook:
    """Fill the grades of a run into an exported gradebook. Raises :class:`InputError`."""
    options = options or GradebookOptions()
    table = read_table(data, name)
    layout = _layout(table, run, options)
    matching = match(run, layout.students, layout.kind, submitters)
    style = number_style(table, layout.like)
    students = {student.row: student for student in layout.students}
    new: dict[tuple[int, int], str] = {}
    left: list[str] = []
    problems: list[Problem] = []
    for row, submission in sorted(matching.submissions.items()):
        reason = _not_yet(submission, options) or layout.locked.get(row, "")
        if reason:
            left.append(f"{students[row]}: {reason}; not filled in")
            continue
        assert submission.score is not None
        score, most = submission.score, layout.maximum.get(row)
        if most is not None and options.scale and submission.max_score > 0:
            score *= most / submission.max_score
        if most is not None and layout.strict_maximum and score > most + 1e-9:
            problems.append(_too_much(table, row, score, most))
        new[row, layout.column] = style.text(score)
    if problems:
        raise InputError(problems)
    changed = [
        f"{students[row]}: {shown(old)} was there, now it is {text}"
        for (row, column), text in sorted(new.items())
        if (old := table.value(row, column)) and number_in(old) != number_in(text)
    ]
    replaced = len(changed)
    if replaced > _LISTED:
        changed[_LISTED:] = [f"{replaced - _LISTED} more grades were others before"]
    return FilledGradebook(
        layout.kind,
        table.with_cells(new),
        len(new),
        _summary(table, layout, len(new), replaced),
        (
            *_about_points(run, layout, options),
            *_passed_over(layout, students, new),
            *changed,
            *left,
            *matching.remarks,
            *_absent(matching),
        ),
        {
            submission.file: (students[row].user, students[row].name)
            for row, submission in matching.submissions.items()
            if layout.kind == "moodle"
        },
    )


def _layout(table: Table, run: RunReport, options: GradebookOptions) -> Layout:
    if is_canvas(table):
        return canvas_layout(table, options.column, (run.assignment, run.title))
    if is_moodle(table):
        return moodle_layout(table, options.column)
    return generic_layout(table, run, options.column, options.id_column)


def _not_yet(submission: SubmissionReport, options: GradebookOptions) -> str:
    if submission.status == "unreadable" or submission.score is None:
        return "the file can't be read"
    if submission.pending and not options.provisional:
        points = wording.number(submission.pending)
        return f"{points} points wait for a person"
    return ""


def _too_much(table: Table, row: int, score: float, most: float) -> Problem:
    return Problem(
        "Moodle would drop this grade, which is above its maximum",
        table.place(row),
        f"at most {wording.number(most)} (--scale turns points into Moodle's)",
        wording.number(score),
    )


def _summary(table: Table, layout: Layout, filled: int, changed: int) -> str:
    header = table.header()[layout.column].strip()
    text = f"{wording.plural(filled, 'grade')} filled into `{header}` of {table.name}"
    if changed:
        text += f", {changed} in place of another one"
    return text


def _about_points(run: RunReport, layout: Layout, options: GradebookOptions) -> Iterator[str]:
    ours = {submission.max_score for submission in run.submissions}
    theirs = set(layout.maximum.values())
    if not options.scale and theirs and theirs != ours:
        yield (
            f"the gradebook's maximum is {_numbers(theirs)}, the assignment's {_numbers(ours)}; "
            "points are written as they are (--scale turns them into the gradebook's)"
        )


def _passed_over(
    layout: Layout, students: Mapping[int, Student], new: Mapping[tuple[int, int], str]
) -> Iterator[str]:
    """Say whose 0 is not imported: Moodle takes it for a cell without a grade."""
    zero = [students[row] for (row, _), text in sorted(new.items()) if number_in(text) == 0]
    if layout.kind == "moodle" and zero:
        names = ", ".join(map(str, zero[:_LISTED]))
        more = f" and {len(zero) - _LISTED} more" if len(zero) > _LISTED else ""
        yield (
            "Moodle passes over a grade of 0 when it imports a worksheet: set it by hand in Moodle "
            f"for {names}{more}"
        )


def _numbers(values: set[float]) -> str:
    return ", ".join(wording.number(value) for value in sorted(values))


def _absent(matching: Matching) -> Iterator[str]:
    absent: tuple[Student, ...] = matching.absent
    if absent:
        names = ", ".join(map(str, absent[:_LISTED]))
        more = f" and {len(absent) - _LISTED} more" if len(absent) > _LISTED else ""
        yield f"{wording.plural(len(absent), 'student')} without a submission: {names}{more}"
