"""All answers of a class as one flat table: a line for each student and answer.

For pandas and spreadsheets. A file that can't be read has one line, without an answer. Text that a
spreadsheet would run as a formula is made harmless; plain numbers stay as they were written.
"""

from __future__ import annotations

import re

from checker.report import SubmissionReport
from checker.reports.common import Shown, made_once
from checker.reports.gradebook_csv import cell_number, cell_text, lines
from checker.reports.told_once import ToldOnce

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


def answers_rows(report: SubmissionReport, told: ToldOnce | None = None) -> str:
    """Return the lines of one submission; ``told`` is of it, too."""
    who = [*map(cell_text, (report.student, report.name, report.file)), report.status]
    if report.status == "unreadable":
        return lines([[*who, *[""] * (len(HEAD) - len(who))]])
    start = lines([who]).removesuffix("\n")
    told = told or ToldOnce(report)
    return "".join(
        [f"{start},{_cells(placed.shown)}" for question in told.questions for placed in question]
    )


@made_once
def _cells(what: Shown) -> str:
    """Return what a line says of an answer."""
    answer = what.answer
    written = answer.written.strip()
    return lines(
        [
            (
                cell_text(answer.question),
                cell_text(answer.answer),
                answer.verdict,
                cell_number(answer.points),
                cell_number(answer.max_points),
                cell_text(" ".join(dict.fromkeys([mistake.id for mistake in answer.mistakes]))),
                "" if answer.decided is None else cell_text(answer.decided.by or "yes"),
                written if _NUMBER.fullmatch(written) else cell_text(answer.written),
            )
        ]
    )
