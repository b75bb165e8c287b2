"""The teacher's overview of a run, as one self-contained HTML page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.report import QuestionReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.overview import Overview, overview
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
    addresses = [links.get(submission.file, "") for submission in run.submissions]
    return "".join(index_chunks(run, overview(run), addresses))


def index_chunks(run: RunReport, whole: Overview, links: Sequence[str]) -> Iterator[str]:
    """Yield the overview page piece by piece; ``whole`` is the overview of ``run``.

    ``links`` are the addresses of the submissions' pages, in order.
    """
    columns = [column.id for column in whole.columns]
    rows = _Rows(run, links, columns)
    several = whole.unreadable != 1
    stream = template("index.html").stream(
        run=run,
        words=wording,
        facts=whole.facts,
        columns=whole.columns,
        rows=rows,
        mean_score=wording.number(whole.mean),
        any_pending=whole.any_pending,
        unreadable=(row for row in rows if row.report.status == "unreadable")
        if whole.unreadable
        else (),
        notes=whole.notes,
        unreadable_title=wording.FILES_UNREADABLE if several else wording.FILE_UNREADABLE,
        unreadable_points=wording.UNREADABLE_POINTS,
        mistakes=whole.mistakes,
    )
    stream.enable_buffering(100)
    yield from stream


class _Rows:
    """The rows of the table, made anew each time that they are gone through."""

    def __init__(self, run: RunReport, links: Sequence[str], columns: list[str]) -> None:
        self._run = run
        self._links = links
        self._columns = columns

    def __iter__(self) -> Iterator[_Row]:
        for submission, link in zip(self._run.submissions, self._links, strict=True):
            yield _row(submission, link, self._columns)


def _row(submission: SubmissionReport, href: str, columns: list[str]) -> _Row:
    questions = {question.id: question for question in submission.questions}
    unreadable = submission.status == "unreadable"
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
