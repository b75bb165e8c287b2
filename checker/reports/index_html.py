"""The teacher's overview of a run, as one self-contained HTML page."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from checker.report import QuestionReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.overview import mistakes_made, question_columns, summary_sentences
from checker.reports.templating import template

# Browsers drop tabs and line breaks inside an address, so none may hide a scheme or a host.
_RELATIVE = re.compile(r"(?![/\\]{2})[^:\x00-\x20]*(?:[/?#][^\x00-\x1f]*)?")


@dataclass(frozen=True, slots=True)
class _Cell:
    """The points of one question: as text, as a share, and the family of colours for it."""

    text: str = ""
    percent: str = ""
    tone: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One submission, as the template prints it."""

    report: SubmissionReport
    heading: str
    href: str
    status: wording.Word
    score: str
    max_score: str
    pending: str
    cells: tuple[_Cell, ...]


def index_html(run: RunReport, links: Mapping[str, str]) -> str:
    """Return the overview page; ``links`` gives the address of the page of each submission's file.

    A link must be a relative address; one that names a scheme or a host is left out.
    """
    columns = question_columns(run)
    rows = [
        _row(submission, links, [column.id for column in columns]) for submission in run.submissions
    ]
    unreadable = [row for row in rows if row.report.status == "unreadable"]
    scores = [submission.score for submission in run.submissions if submission.score is not None]
    several = len(unreadable) != 1
    return template("index.html").render(
        run=run,
        words=wording,
        facts=summary_sentences(run),
        columns=columns,
        rows=rows,
        mean_score=wording.number(statistics.fmean(scores) if scores else None),
        any_pending=any(row.pending for row in rows),
        unreadable=unreadable,
        notes=list(dict.fromkeys(note for row in rows for note in row.report.notes)),
        unreadable_title=wording.FILES_UNREADABLE if several else wording.FILE_UNREADABLE,
        unreadable_points=wording.UNREADABLE_POINTS,
        mistakes=mistakes_made(run),
    )


def _row(submission: SubmissionReport, links: Mapping[str, str], columns: list[str]) -> _Row:
    questions = {question.id: question for question in submission.questions}
    unreadable = submission.status == "unreadable"
    href = links.get(submission.file, "")
    return _Row(
        submission,
        wording.heading(submission),
        href if _RELATIVE.fullmatch(href) else "",
        wording.STATUSES[submission.status],
        wording.number(None if unreadable else submission.score),
        wording.number(submission.max_score),
        wording.number(submission.pending) if submission.pending > 0 else "",
        tuple(_cell(None if unreadable else questions.get(key)) for key in columns),
    )


def _cell(question: QuestionReport | None) -> _Cell:
    if question is None:
        return _Cell()
    word = wording.question_word(question)
    share = question.points / question.max_points if question.max_points > 0 else 0
    percent = f"{min(max(share, 0), 1):.0%}"
    if question.pending <= 0:
        tone = f"{word.tone} {'share' if share > 0 else 'none'}"
        return _Cell(wording.number(question.points), percent, tone, word.label)
    text = "" if question.pending >= question.max_points else f"{wording.number(question.points)} "
    tone = f"{word.tone} share"
    return _Cell(f"{text}{wording.STATUSES['needs_review'].glyph}", percent, tone, word.label)
