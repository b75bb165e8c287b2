"""The teacher's page of a run: what to look at, what the class did, and every student.

One self-contained page. It is whole without its script, which sorts and filters the students and
is the only one that the content security policy lets run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checker.classroom.histogram import histogram, median
from checker.report import RunReport, SubmissionReport
from checker.reports import class_html, wording
from checker.reports import class_sections as sections
from checker.reports.charts import histogram_svg
from checker.reports.overview import Overview, overview
from checker.reports.student_rows import StudentRows
from checker.reports.templating import FOLDER, escaped, script, sha256_of, style_with
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
    yield _head(run.title)
    yield from _top(run.title, whole)
    if run.changes is not None:
        yield from class_html.changes_html(run.changes)
    if run.markers:
        yield from class_html.markers_html(run.markers)
    if whole.alarms:
        yield from class_html.alarms_html(sections.alarm_boxes(whole.alarms, students))
    clusters = list(sections.clusters(questions, whole.alarms))
    if whole.unreadable or whole.waiting[0] or whole.notes or clusters:
        unreadable = ((run.submissions[at], safe[at]) for at in whole.unreadable)
        yield from class_html.person_html(whole, unreadable, clusters)
    legend = _legend(whole)
    if questions:
        bins = histogram(whole.scores, whole.top)
        points = histogram_svg(bins, median(whole.scores)) if whole.scores else ""
        yield from class_html.glance_html(questions, mistakes, points, legend)
        yield from class_html.answers_html(questions)
        yield from class_html.mistakes_html(mistakes)
    yield _students_head(whole, mistakes, legend)
    rows = StudentRows(whole, {mistake.id: n for n, mistake in enumerate(mistakes)})
    for position, submission in enumerate(submissions):
        yield f"{rows.row(submission, safe[position])}\n"
    yield _students_foot(whole)
    yield (
        f'</main>\n<footer>\n<p class="made">Assignment {escaped(run.assignment)} · '
        f"{escaped(run.content_hash)}</p>\n</footer>\n<script>{script('index.js')}</script>\n"
        "</body>\n</html>\n"
    )


def _head(title: str) -> str:
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; script-src '{sha256_of(script("index.js"))}'; base-uri 'none'; \
form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{escaped(title)}: the class</title>
<style>
{style_with(FOLDER / "index.css")}
</style>
</head>
"""


def _top(title: str, whole: Overview) -> Iterator[str]:
    yield '<body class="wide">\n<header class="top">\n<p class="assignment">The class</p>\n'
    yield f'<h1>{escaped(title)}</h1>\n<ul class="facts">\n'
    yield from (f"<li>{escaped(fact)}</li>\n" for fact in whole.facts)
    yield '</ul>\n<nav aria-label="Parts of this page"><ul class="strip">\n'
    parts = {"glance": "At a glance", "answers": "Answers", "mistakes": "Mistakes"}
    for id, name in {**(parts if whole.columns else {}), "students": "Students"}.items():
        yield f'<li><a class="calm" href="#{id}">{name}</a></li>\n'
    yield "</ul></nav>\n</header>\n<main>\n"


def _students_head(
    whole: Overview, mistakes: Iterable[sections.Mistake], legend: class_html.Legend
) -> str:
    verdicts = "".join(
        f'<option value="{verdict}">{escaped(word.label)}</option>' for verdict, word in legend
    )
    made = "".join(
        f'<option value="{number}">{escaped(mistake.id)} ({mistake.count})</option>'
        for number, mistake in enumerate(mistakes)
    )
    wait = '<th scope="col">Wait</th>' if whole.any_pending else ""
    status = '<th scope="col" class="text">Status</th>' if len(whole.statuses) > 1 else ""
    columns = "".join(
        f'<th scope="col" title="{escaped(column.title)}">{escaped(column.id)}'
        f"<small>of {wording.number(column.max_points)}</small></th>"
        for column in whole.columns
    )
    return f"""\
<section class="part" id="students" aria-labelledby="students-title">
<h2 id="students-title">Students</h2>
<div class="filters" id="filters" hidden>
<label for="find">Name, id or file</label> <input id="find" type="search">
<label for="verdict">Has an answer that is</label> \
<select id="verdict"><option value="">anything</option>{verdicts}</select>
<label for="mistake">Made the mistake</label> \
<select id="mistake"><option value="">any or none</option>{made}</select>
<p class="count" id="shown" role="status"></p>
</div>
<div class="sheet" tabindex="0" role="region" aria-label="Students and points">
<table class="grades" id="grades">
<thead><tr><th scope="col">Student</th>\
<th scope="col">Points<small>of {wording.number(whole.top)}</small></th>\
{wait}{status}{columns}</tr></thead>
<tbody>
"""


def _students_foot(whole: Overview) -> str:
    foot = ""
    if whole.columns:
        empty = "<td></td>" * (whole.any_pending + (len(whole.statuses) > 1))
        means = "".join(
            f"<td>{wording.number(column.mean)}"
            + ("" if column.share is None else f"<small>{column.share * 100:.0f} %</small>")
            + "</td>"
            for column in whole.columns
        )
        foot = (
            f'<tfoot><tr><th scope="row">Average</th><td>{wording.number(whole.mean)}</td>'
            f"{empty}{means}</tr></tfoot>\n"
        )
    open_ = f'<p class="count">{escaped(wording.NOT_FINAL)}</p>\n' if whole.any_pending else ""
    return f"</tbody>\n{foot}</table>\n</div>\n{open_}</section>\n"


def _legend(whole: Overview) -> class_html.Legend:
    """Return the verdicts that there are, in their order."""
    found = {verdict for answer in whole.answers for verdict in answer.verdicts}
    return [(verdict, word) for verdict, word in wording.VERDICTS.items() if verdict in found]
