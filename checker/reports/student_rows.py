"""The rows of the class page's table of students, as HTML.

They are what grows with a class, so they are written without a template's detours.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from checker.report import QuestionReport, SubmissionReport
from checker.reports import wording
from checker.reports.overview import Overview
from checker.reports.templating import escaped

_SHARES = 4


class StudentRows:
    """Makes rows of the table; ``mistakes`` has the numbers of mistakes to filter by, by id."""

    def __init__(self, whole: Overview, mistakes: Mapping[str, int]) -> None:
        self._columns = [column.id for column in whole.columns]
        self._any_pending = whole.any_pending
        self._with_status = len(whole.statuses) > 1
        self._mistakes = mistakes

    def row(self, submission: SubmissionReport, href: str) -> Markup:
        """Return the row of a submission; ``href`` is the address of its page, if it has one."""
        unreadable = submission.status == "unreadable"
        questions = {question.id: question for question in submission.questions}
        answers = submission.answers
        verdicts = " ".join(dict.fromkeys([answer.verdict for answer in answers]))
        made = dict.fromkeys([self._mistakes[m.id] for a in answers for m in a.mistakes])
        score = wording.number(None if unreadable else submission.score)
        cells = [_cell(None if unreadable else questions.get(key)) for key in self._columns]
        return Markup(
            f'<tr data-v="{verdicts}" data-m="{" ".join(map(str, made))}">'
            f'<th scope="row">{_who(submission, href)}</th>'
            f'<td class="main"{"" if submission.score is not None else _SORTED.format("")}>'
            f"{score}</td>{self._stands(submission)}{''.join(cells)}</tr>"
        )

    def _stands(self, submission: SubmissionReport) -> str:
        pending = wording.number(submission.pending) if submission.pending > 0 else ""
        status = wording.STATUSES[submission.status]
        parts = f"<td>{pending}</td>" if self._any_pending else ""
        if self._with_status:
            label, short = escaped(status.label), escaped(f"{status.glyph} {status.short}")
            parts += f'<td class="text" title="{label}">{short}</td>'
        return parts


_SORTED = ' data-s="{}"'
"""What a cell is sorted by, where its text doesn't say it."""


def _who(submission: SubmissionReport, href: str) -> str:
    heading = wording.heading(submission)
    name = f"<bdi>{escaped(heading)}</bdi>"
    who = f'<a href="{escaped(href)}">{name}</a>' if href else name
    student = submission.student
    if student and student != heading:
        who += f' <small title="{escaped(student)}"><bdi>{escaped(student)}</bdi></small>'
    return who


def _cell(question: QuestionReport | None) -> str:
    if question is None:
        return '<td class="q "></td>'
    share = question.points / question.max_points if question.max_points > 0 else 0
    value = wording.number(question.points)
    if question.pending <= 0:
        return f'<td class="q p{round(_SHARES * min(max(share, 0), 1))}">{value}</td>'
    sign = wording.STATUSES["needs_review"].glyph
    if question.pending >= question.max_points:
        return f'<td class="q waits"{_SORTED.format("-1")}>{sign}</td>'
    return f'<td class="q waits"{_SORTED.format(value)}>{value} {sign}</td>'
