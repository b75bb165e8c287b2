"""The teacher's page of a run: what to look at, what the class did, and every student.

One self-contained page. It is whole without its script, which sorts and filters the students and
is the only one that the content security policy lets run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checker.classroom.histogram import histogram, median
from checker.report import RunReport, SubmissionReport, Verdict
from checker.reports import class_sections as sections
from checker.reports import wording
from checker.reports.charts import histogram_svg
from checker.reports.overview import Overview, overview
from checker.reports.student_rows import StudentRows
from checker.reports.templating import template
from checker.texts import Texts

# Browsers drop tabs and line breaks inside an address, so none may hide a scheme or a host.
_RELATIVE = re.compile(r"(?![/\\]{2})[^:\x00-\x20]*(?:[/?#][^\x00-\x1f]*)?")


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
    rows = StudentRows(whole, {mistake.id: n for n, mistake in enumerate(mistakes)})
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
        histogram=histogram_svg(bins, median(whole.scores)) if whole.scores else "",
        legend=_legend(whole),
        rows=(rows.row(one, safe[position]) for position, one in enumerate(submissions)),
        with_status=len(whole.statuses) > 1,
        mean_score=wording.number(whole.mean),
        unreadable=((run.submissions[position], safe[position]) for position in whole.unreadable),
        unreadable_title=wording.FILES_UNREADABLE if several else wording.FILE_UNREADABLE,
    )
    stream.enable_buffering(100)
    yield from stream


def _legend(whole: Overview) -> list[tuple[Verdict, wording.Word]]:
    """Return the verdicts that there are, in their order."""
    found = {verdict for answer in whole.answers for verdict in answer.verdicts}
    return [(verdict, word) for verdict, word in wording.VERDICTS.items() if verdict in found]
