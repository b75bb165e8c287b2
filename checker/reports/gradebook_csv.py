"""The gradebook: one row per submission, as CSV for a spreadsheet or a learning platform.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula. Text that
would begin so gets a leading apostrophe, which a spreadsheet reads as "this is text". Numbers are
left alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from checker.report import QuestionReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.clean import one_line
from checker.reports.common import kept
from checker.reports.overview import overview

HEAD = ("student", "name", "file", "status", "score", "max_score", "pending")
"""The columns before the questions; ``remarks`` comes after them."""

_FORMULA = frozenset("=+-@\t\r\n|＝＋－＠")  # noqa: RUF001 - the full-width signs start formulas too


MAX_CELL = 4000
"""So many characters of text a cell has at most; a spreadsheet takes about 32,000."""


def gradebook_csv(run: RunReport) -> str:
    """Return the gradebook of a run. Unreadable files have a row with no score, and the reason."""
    questions = [column.id for column in overview(run).columns]
    rows = (gradebook_row(submission, questions) for submission in run.submissions)
    return "".join((gradebook_head(questions), *rows))


def gradebook_head(questions: Sequence[str]) -> str:
    """Return the first line of the gradebook, with a column for each of the questions."""
    return lines([[*HEAD, *map(cell_text, questions), "remarks"]])


def gradebook_row(submission: SubmissionReport, questions: Sequence[str]) -> str:
    """Return the line of one submission."""
    return lines([_row(submission, questions)])


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of cells as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


@kept
def cell_text(text: str) -> str:
    """Return text as a cell that no spreadsheet takes for a formula, on one line."""
    shown = one_line(text[: 2 * MAX_CELL])
    if len(shown) > MAX_CELL or len(text) > 2 * MAX_CELL:
        shown = shown[: MAX_CELL - 1] + "…"
    return f"'{shown}" if text[:1] in _FORMULA or shown.lstrip()[:1] in _FORMULA else shown


def _row(submission: SubmissionReport, questions: Sequence[str]) -> list[str]:
    unreadable = submission.status == "unreadable"
    reports = {} if unreadable else {question.id: question for question in submission.questions}
    remarks = "; ".join(map(one_line, (*submission.problems, *submission.notes)))
    return [
        cell_text(submission.student),
        cell_text(submission.name),
        cell_text(submission.file),
        submission.status,
        "" if unreadable else cell_number(submission.score),
        cell_number(submission.max_score),
        cell_number(submission.pending),
        *(_points(reports.get(key)) for key in questions),
        cell_text(remarks or (wording.NO_REASON if unreadable else "")),
    ]


def cell_number(value: float | None) -> str:
    """Return points as a cell, empty where there are none."""
    if value is None:
        return ""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _points(question: QuestionReport | None) -> str:
    if question is None or 0 < question.max_points <= question.pending:
        return ""
    return cell_number(question.points)
