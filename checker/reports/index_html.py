"""The teacher's page of a run: what to look at, what the class did, and every student.

One self-contained page. It is whole without its script, which sorts and filters the students and
is the only one that the content security policy lets run.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.classroom.histogram import histogram
from checker.report import QuestionReport, RunReport, SubmissionReport, Verdict
from checker.reports import class_sections as sections
from checker.reports import wording
from checker.reports.charts import histogram_svg
from checker.reports.overview import Overview, overview
from checker.reports.templating import template
from checker.texts import Texts

# Browsers drop tabs and line breaks inside an address, so none may hide a scheme or a host.
_RELATIVE = re.compile(r"(?![/\\]{2})[^:\x00-\x20]*(?:[/?#][^\x00-\x1f]*)?")
_SHARES = 4


@dataclass(frozen=True, slots=True)
class _Cell:
    """The points of one question: as text, to sort by, and the shade for their share."""

    text: str = ""
    value: str = ""
    shade: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One submission, as the template prints it; ``verdicts`` and ``mistakes`` are to filter by."""

    report: SubmissionReport
    heading: str
    href: str
    status: wording.Word
    score: str
    pending: str
    cells: tuple[_Cell, ...]
    verdicts: str
    mistakes: str


def index_html(run: RunReport, links: Mapping[str, str]) -> str:
    """Return the page; ``links`` gives the address of the page of each submission's file.

    A link must be a relative address; one that names a scheme or a host is left out.
    """
    addresses = [links.get(submission.file, "") for submission in run.submissions]
    return "".join(index_chunks(run, overview(run), addresses, run.submissions))


def index_chunks(
    run: RunReport, whole: Overview, links: Iterable[str], submissions: Iterable[SubmissionReport]
) -> Iterator[str]:
    """Yield the page piece by piece; ``whole`` is the overview of ``run``.

    ``links`` are the addresses of the submissions' pages, and ``submissions`` those of the run, in
    order; they are gone through once.
    """
    safe = Texts(link if _RELATIVE.fullmatch(link) else "" for link in links)
    students = sections.Students(whole.names, safe, whole)
    questions = sections.questions(whole, students)
    mistakes = sections.mistakes(whole, students)
    rows = _Rows(safe, whole, {mistake.id: n for n, mistake in enumerate(mistakes)})
    bins = histogram(whole.scores, whole.top)
    several = len(whole.unreadable) != 1
    stream = template("index.html").stream(
        run=run,
        words=wording,
        whole=whole,
        alarms=list(sections.alarm_boxes(whole.alarms, students)),
        clusters=list(sections.clusters(questions, whole.alarms)),
        waiting=wording.waiting_sentence(*whole.waiting),
        questions=questions,
        mistakes=mistakes,
        mapped=sections.mapped(mistakes),
        histogram=histogram_svg(bins, statistics.median(whole.scores)) if whole.scores else "",
        legend=_legend(whole),
        rows=rows.of(enumerate(submissions)),
        with_status=len(whole.statuses) > 1,
        mean_score=wording.number(whole.mean),
        unreadable=rows.of((position, run.submissions[position]) for position in whole.unreadable),
        unreadable_title=wording.FILES_UNREADABLE if several else wording.FILE_UNREADABLE,
    )
    stream.enable_buffering(100)
    yield from stream


def _legend(whole: Overview) -> list[tuple[Verdict, wording.Word]]:
    """Return the verdicts that there are, in their order."""
    found = {verdict for answer in whole.answers for verdict in answer.verdicts}
    return [(verdict, word) for verdict, word in wording.VERDICTS.items() if verdict in found]


class _Rows:
    """Makes rows of the table of students."""

    def __init__(self, links: Sequence[str], whole: Overview, mistakes: Mapping[str, int]) -> None:
        self._links = links
        self._columns = [column.id for column in whole.columns]
        self._mistakes = mistakes

    def of(self, submissions: Iterable[tuple[int, SubmissionReport]]) -> Iterator[_Row]:
        """Yield the rows of submissions, each with its position in the run."""
        for position, submission in submissions:
            yield self._row(submission, self._links[position])

    def _row(self, submission: SubmissionReport, href: str) -> _Row:
        questions = {question.id: question for question in submission.questions}
        unreadable = submission.status == "unreadable"
        made = {m.id: self._mistakes[m.id] for a in submission.answers for m in a.mistakes}
        return _Row(
            submission,
            wording.heading(submission),
            href,
            wording.STATUSES[submission.status],
            wording.number(None if unreadable else submission.score),
            wording.number(submission.pending) if submission.pending > 0 else "",
            tuple(_cell(None if unreadable else questions.get(key)) for key in self._columns),
            " ".join(dict.fromkeys(answer.verdict for answer in submission.answers)),
            " ".join(map(str, made.values())),
        )


def _cell(question: QuestionReport | None) -> _Cell:
    if question is None:
        return _Cell()
    share = question.points / question.max_points if question.max_points > 0 else 0
    shade = f"p{round(_SHARES * min(max(share, 0), 1))}"
    value = wording.number(question.points)
    if question.pending <= 0:
        return _Cell(value, shade=shade)
    sign = wording.STATUSES["needs_review"].glyph
    if question.pending >= question.max_points:
        return _Cell(sign, "-1", "waits")
    return _Cell(f"{value} {sign}", value, "waits")
