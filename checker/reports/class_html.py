"""The parts of the class page as HTML: what to look at, the answers, the mistakes.

A large class has more links than fit into memory, so each part is yielded piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from checker.report import ChangesReport, MarkerReport, SubmissionReport, Verdict
from checker.reports import wording
from checker.reports.class_sections import AlarmBox, Answer, Mistake, Question, Row, mapped
from checker.reports.overview import Overview
from checker.reports.templating import escaped, said

Legend = Sequence[tuple[Verdict, wording.Word]]
"""The verdicts that there are, with their words."""


def changes_html(changes: ChangesReport) -> Iterator[str]:
    """Yield whose points changed since an earlier run."""
    where = ' <a href="changes.csv">changes.csv</a> has every answer.' if changes.count else ""
    yield _part("changes", wording.CHANGES)
    yield f"<p>{escaped(wording.changes_sentence(changes))}.{where}</p>\n"
    if changes.students:
        yield _table("points before and now", "tally", "Student", "Before", "Now", "Why")
        for change in changes.students:
            yield (
                f'<tr><th scope="row">{escaped(change.student or change.file)}</th>'
                f"<td>{wording.number(change.before)}</td><td>{wording.number(change.after)}</td>"
                f"<td>{escaped('; '.join(change.reasons))}</td></tr>\n"
            )
        yield "</tbody></table></div>\n"
        if (more := changes.count - len(changes.students)) > 0:
            yield f"<p>{more} more stand in changes.csv.</p>\n"
    yield "</section>\n"


def markers_html(markers: Iterable[MarkerReport]) -> Iterator[str]:
    """Yield how far each marker is."""
    yield _part("markers", wording.MARKERS)
    yield _table("how far each marker is", "tally", "Marker", "Marked", "Mean")
    for marker in markers:
        of = "" if marker.assigned is None else f" of {marker.assigned}"
        yield (
            f'<tr><th scope="row">{escaped(marker.name)}</th><td>{marker.marked}{of}</td>'
            f"<td>{wording.percent(marker.share)}</td></tr>\n"
        )
    yield "</tbody></table></div>\n</section>\n"


def alarms_html(boxes: Iterable[AlarmBox]) -> Iterator[str]:
    """Yield what makes the key doubtful."""
    yield _part("alarms", wording.ALARMS)
    for box in boxes:
        yield from _alarm(box)
    yield "</section>\n"


def _alarm(box: AlarmBox) -> Iterator[str]:
    alarm = box.alarm
    yield '<article class="card bad alarm">\n'
    yield f'<h3><i aria-hidden="true">! </i>{escaped(box.title)}</h3>\n<dl class="beside">\n'
    yield _term(wording.THEY_WROTE, f"<code>{escaped(alarm.value)}</code>")
    if alarm.key:
        yield _term(wording.KEY_HAS, f"<code>{escaped(alarm.key)}</code>")
    yield f"</dl>\n<p>{said(box.change)}</p>\n"
    if box.used:
        yield '<dl class="formulas">\n'
        yield _term(wording.KEY_HAS, box.right) + _term(wording.THEY_HAVE, box.used)
        yield "</dl>\n"
    if alarm.doubt:
        yield f'<p class="reason">{escaped(alarm.doubt)}</p>\n'
    if box.others:
        others = ", ".join(
            f"{escaped(other.question)} <code>{escaped(other.answer)}</code> "
            f"({other.students} of {other.answered})"
            for other in box.others
        )
        yield f"<p>{escaped(wording.SAME_CHANGE)} {others}.</p>\n"
    if alarm.decision:
        also = "".join(f"\n{escaped(one.decision)}" for one in box.others if one.decision)
        yield f'<p class="label">{escaped(wording.TO_ACCEPT)}</p>\n'
        yield f'<pre class="written">{escaped(alarm.decision)}{also}</pre>\n'
    yield '<details><summary>Who they are</summary><p class="who">'
    yield from box.students
    yield "</p></details>\n</article>\n"


def _term(term: str, html: str) -> str:
    return f"<div><dt>{escaped(term)}</dt><dd>{html}</dd></div>\n"


def person_html(
    whole: Overview,
    unreadable: Iterable[tuple[SubmissionReport, str]],
    clusters: Iterable[tuple[Answer, Row]],
) -> Iterator[str]:
    """Yield what needs a person; ``unreadable`` are submissions with the addresses of pages."""
    yield _part("person", wording.NEEDS_PERSON) + '<ul class="needs">\n'
    if whole.unreadable:
        several = len(whole.unreadable) != 1
        title = wording.FILES_UNREADABLE if several else wording.FILE_UNREADABLE
        yield f'<li id="unreadable"><b>{escaped(title)}.</b> {wording.UNREADABLE_POINTS}\n'
        yield '<ul class="problems">\n'
        for submission, href in unreadable:
            file = f"<code>{escaped(submission.file)}</code>"
            yield f'<li><a href="{escaped(href)}">{file}</a>' if href else f"<li>{file}"
            yield _problems(submission.problems or (wording.NO_REASON,)) + "</li>\n"
        yield "</ul></li>\n"
    if waiting := wording.waiting_sentence(*whole.waiting):
        file = '<a href="ungraded.yaml">ungraded.yaml</a>'
        yield f"<li><b>{waiting}:</b> {file} has them, to fill in.</li>\n"
    for answer, row in clusters:
        name = f"{escaped(answer.groups.question)} {escaped(answer.groups.answer)}"
        yield (
            f"<li><b>{row.count} students wrote <code>{escaped(row.text)}</code></b> for "
            f'<a href="#{answer.anchor}">{name}</a>; {wording.NOTHING_GIVES}.</li>\n'
        )
    if whole.notes:
        yield f'<li id="notes"><b>{wording.NOTES}:</b>\n{_problems(whole.notes)}</li>\n'
    yield "</ul>\n</section>\n"


def _problems(problems: Iterable[str]) -> str:
    each = "".join(f"<li>{said(problem)}</li>\n" for problem in problems)
    return f'<ul class="problems">\n{each}</ul>'


def glance_html(
    questions: Sequence[Question], mistakes: Sequence[Mistake], histogram: str, legend: Legend
) -> Iterator[str]:
    """Yield the class at a glance: points, verdicts and a map of the mistakes."""
    yield _part("glance", "The class at a glance") + '<div class="glance">\n'
    if histogram:
        yield "<figure><figcaption>Points, the dashed line is the median</figcaption>\n"
        yield f"{histogram}\n</figure>\n"
    yield (
        "<figure><figcaption>Verdicts on the answers to each question, and mean points"
        "</figcaption>\n"
    )
    for number, question in enumerate(questions, start=1):
        column = question.column
        yield (
            f'<div class="verdicts"><p><a href="#answers-{number}">{escaped(column.id)}</a> '
            f'<span class="title">{escaped(column.title)}</span>'
            f'<span class="points">{question.mean}</span></p>\n{question.bar}</div>\n'
        )
    yield '<ul class="key">\n'
    for verdict, word in legend:
        yield (
            '<li><svg class="chart" width="14" height="14" aria-hidden="true">'
            f'<rect class="{verdict}" width="14" height="14"/></svg> '
            f"{word.glyph} {escaped(word.label)}</li>\n"
        )
    yield "</ul>\n</figure>\n</div>\n"
    if shown := mapped(mistakes):
        yield from _map(questions, shown, len(mistakes))
    yield "</section>\n"


def _map(questions: Sequence[Question], shown: Sequence[Mistake], every: int) -> Iterator[str]:
    some = f": the {len(shown)} that most made" if len(shown) < every else ""
    heads = "".join(f'<th scope="col">{escaped(one.column.id)}</th>' for one in questions)
    yield (
        '<div class="sheet" tabindex="0" role="region" aria-label="Mistakes and questions">\n'
        '<table class="map">\n'
        f"<caption>How many students show a mistake in each question{some}</caption>\n"
        f'<thead><tr><th scope="col">Mistake</th>{heads}<th scope="col">All</th></tr></thead>\n'
        "<tbody>\n"
    )
    for mistake in shown:
        cells = "".join(
            f'<td class="h{shade}">{count or ""}</td>' for count, shade in mistake.cells
        )
        yield (
            f'<tr><th scope="row"><a href="#{mistake.anchor}">{escaped(mistake.id)}</a></th>'
            f'{cells}<td class="main">{mistake.count}</td></tr>\n'
        )
    yield "</tbody>\n</table>\n</div>\n"


def answers_html(questions: Iterable[Question]) -> Iterator[str]:
    """Yield what the class wrote."""
    yield _part("answers", "What the class wrote")
    yield f'<p class="count">{escaped(wording.GROUPED)}</p>\n<div class="folds">\n'
    for number, question in enumerate(questions, start=1):
        column = question.column
        yield (
            f'<details id="answers-{number}">\n<summary><b>{escaped(column.id)}</b> '
            f'{escaped(column.title)} <span class="points">{question.mean}</span></summary>\n'
        )
        for answer in question.answers:
            yield from _answer(answer)
        yield "</details>\n"
    yield "</div>\n</section>\n"


def _answer(answer: Answer) -> Iterator[str]:
    name = escaped(answer.groups.answer)
    yield (
        f'<section class="wrote" id="{answer.anchor}">\n'
        f'<h3><code>{name}</code> <span class="points">mean {answer.mean}</span></h3>\n'
        f"{answer.bar}\n"
    )
    if answer.rows:
        heads = ("Students", "Wrote", "Verdict", "Who")
        yield _table(f"{name}, by what was written", "tally groups", *heads)
        for row in answer.rows:
            told = f": {said(row.told)}" if row.told else ""
            if row.alone and not told:
                told = f": {wording.NOTHING_GIVES}"
            alone = ' class="alone"' if row.alone else ""
            yield (
                f'<tr{alone}><td class="count">{row.count}</td><td>{_written(row)}</td>\n'
                f'<td>{row.word.glyph} {escaped(row.word.label)}{told}</td><td class="who">'
            )
            yield from row.students
            yield "</td></tr>\n"
        yield "</tbody></table></div>\n"
    if answer.singles:
        count = wording.plural(len(answer.singles), "answer")
        yield f"<details><summary>{count} of one student each</summary>\n"
        yield '<ul class="singles">\n'
        for row in answer.singles:
            yield "<li>"
            yield from row.students
            told = said(row.told) if row.told else escaped(row.word.label)
            yield f": {_written(row)} {row.word.glyph} {told}</li>\n"
        yield "</ul></details>\n"
    yield "</section>\n"


def _written(row: Row) -> str:
    whole = f' title="{escaped(row.whole)}"' if row.whole else ""
    return f"<code{whole}>{escaped(row.text)}</code>"


def mistakes_html(mistakes: Iterable[Mistake]) -> Iterator[str]:
    """Yield the mistakes most made, with their places and who made them."""
    yield _part("mistakes", "The mistakes most made")
    if not mistakes:
        yield "<p>No mistake was recognised.</p>\n</section>\n"
        return
    yield '<div class="folds">\n'
    for mistake in mistakes:
        count = wording.plural(mistake.count, "student")
        yield (
            f'<details id="{mistake.anchor}">\n<summary><b>{count}:</b> {said(mistake.says)} '
            f'<small><code>{escaped(mistake.id)}</code></small></summary>\n<ul class="places">\n'
        )
        for place in mistake.places:
            where = f"At <code>{escaped(place.where)}</code>: " if place.where else ""
            yield f'<li><p>{where}{said(place.message)}</p>\n<p class="who">'
            yield from place.students
            yield "</p></li>\n"
        yield "</ul>\n</details>\n"
    yield "</div>\n</section>\n"


def _part(id: str, title: str) -> str:
    return (
        f'<section class="part" id="{id}" aria-labelledby="{id}-title">\n'
        f'<h2 id="{id}-title">{escaped(title)}</h2>\n'
    )


def _table(label: str, kind: str, *heads: str) -> str:
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<div class="sheet" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="{kind}">\n<thead><tr>{cells}</tr></thead>\n<tbody>\n'
    )
