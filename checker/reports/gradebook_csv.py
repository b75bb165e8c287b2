"""The gradebook: one row per submission, as CSV for a spreadsheet or a learning platform.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula. Text that
would begin so gets a leading apostrophe, which a spreadsheet reads as "this is text". Numbers are
left alone.
"""

from __future__ import annotations

import csv
import io

from checker.report import QuestionReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.clean import one_line
from checker.reports.overview import question_columns

HEAD = ("student", "name", "file", "status", "score", "max_score", "pending")
"""The columns before the questions; ``remarks`` comes after them."""

_FORMULA = frozenset("=+-@\t\r\n|＝＋－＠")  # noqa: RUF001 - the full-width signs start formulas too


def gradebook_csv(run: RunReport) -> str:
    """Return the gradebook of a run. Unreadable files have a row with no score, and the reason."""
    questions = [column.id for column in question_columns(run)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*HEAD, *map(cell_text, questions), "remarks"])
    for submission in run.submissions:
        writer.writerow(_row(submission, questions))
    return out.getvalue()


def cell_text(text: str) -> str:
    """Return text as a cell that no spreadsheet takes for a formula, on one line."""
    shown = one_line(text)
    return f"'{shown}" if text[:1] in _FORMULA or shown.lstrip()[:1] in _FORMULA else shown


def _row(submission: SubmissionReport, questions: list[str]) -> list[str]:
    unreadable = submission.status == "unreadable"
    reports = {} if unreadable else {question.id: question for question in submission.questions}
    remarks = "; ".join(map(one_line, (*submission.problems, *submission.notes)))
    return [
        cell_text(submission.student),
        cell_text(submission.name),
        cell_text(submission.file),
        submission.status,
        "" if unreadable else _number(submission.score),
        _number(submission.max_score),
        _number(submission.pending),
        *(_points(reports.get(key)) for key in questions),
        cell_text(remarks or (wording.NO_REASON if unreadable else "")),
    ]


def _points(question: QuestionReport | None) -> str:
    if question is None or 0 < question.max_points <= question.pending:
        return ""
    return _number(question.points)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
