"""All answers of a class as one flat table: a line for each student and answer.

For pandas and spreadsheets. A file that can't be read has one line, without an answer. Text that a
spreadsheet would run as a formula is made harmless; plain numbers stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.report import AnswerReport, SubmissionReport
from checker.reports.gradebook_csv import cell_number, cell_text, lines

HEAD = (
    "student",
    "name",
    "file",
    "status",
    "question",
    "answer",
    "verdict",
    "points",
    "max_points",
    "mistakes",
    "decided",
    "written",
)

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", re.ASCII)


def answers_head() -> str:
    """Return the first line of the table."""
    return lines([HEAD])


def answers_rows(report: SubmissionReport) -> str:
    """Return the lines of one submission."""
    who = tuple(map(cell_text, (report.student, report.name, report.file)))
    if report.status == "unreadable":
        return lines([(*who, report.status, *[""] * (len(HEAD) - len(who) - 1))])
    return lines((*who, report.status, *_cells(answer)) for answer in report.answers)


def _cells(answer: AnswerReport) -> Iterator[str]:
    yield cell_text(answer.question)
    yield cell_text(answer.answer)
    yield answer.verdict
    yield cell_number(answer.points)
    yield cell_number(answer.max_points)
    yield cell_text(" ".join(dict.fromkeys(mistake.id for mistake in answer.mistakes)))
    yield "" if answer.decided is None else cell_text(answer.decided.by or "yes")
    written = answer.written.strip()
    yield written if _NUMBER.fullmatch(written) else cell_text(answer.written)
