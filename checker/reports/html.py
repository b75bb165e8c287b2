"""One submission as one self-contained HTML page, for the student.

The page needs no script and no network, and says so in its content security policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from checker.report import QuestionReport, RunReport, SubmissionReport
from checker.reports import layout, wording
from checker.reports.cards import badge, card
from checker.reports.common import KEPT
from checker.reports.templating import escaped, said, style
from checker.reports.told_once import Place, Placed, ToldOnce, first_sentence


def submission_html(
    run: RunReport, submission: SubmissionReport, told: ToldOnce | None = None
) -> str:
    """Return the page of one submission; ``told`` is of the submission."""
    told = told or ToldOnce(submission)
    file = escaped(submission.file)
    words = frozenset(map(wording.answer_word, submission.answers))
    parts = [
        _head(run.title, wording.heading(submission)),
        *_top(submission),
        "</header>\n<main>\n",
        *_summary(told),
        *_problems(submission),
    ]
    for place, (question, answers) in enumerate(
        zip(submission.questions, told.questions, strict=True), start=1
    ):
        parts += _section(place, question, answers, file)
    parts += (
        "</main>\n<footer>\n",
        _legend(words),
        f'<p class="made">Assignment {escaped(run.assignment)} · {escaped(run.content_hash)}</p>\n'
        "</footer>\n</body>\n</html>\n",
    )
    return "".join(parts)


def _head(title: str, heading: str) -> str:
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{escaped(heading)}: {escaped(title)}</title>
<style>
{style()}
</style>
</head>
<body>
<header class="top">
<p class="assignment">{escaped(title)}</p>
<h1><bdi>{escaped(heading)}</bdi></h1>
"""


def _top(submission: SubmissionReport) -> Iterator[str]:
    """Yield who it is, the points, and a link to each question."""
    heading, student = wording.heading(submission), submission.student
    yield '<p class="who">'
    if student and student != heading:
        yield f"<bdi>{escaped(student)}</bdi> · "
    if submission.file != heading:
        yield f'<span class="file">{escaped(submission.file)}</span>'
    yield "</p>\n"
    most = submission.max_score
    if submission.status == "unreadable":
        status = wording.STATUSES["unreadable"]
        yield (
            f'<p class="score"><span class="total">{wording.points_of(None, most)}</span> '
            f'<span class="badge {status.tone}"><i aria-hidden="true">{status.glyph}</i>'
            f"{escaped(status.label)}</span></p>\n"
        )
        return
    pending = wording.pending_sentence(submission.pending, most)
    score = wording.points_of(submission.score, most)
    yield (
        f'<p class="score"><span class="total">{score}</span> '
        f'<span class="unit">points{" so far" if pending else ""}</span></p>\n'
        f'<div class="bar" aria-hidden="true">'
        f'<span class="earned" style="width:{_percent(submission.score or 0, most)}"></span>'
        f'<span class="waits" style="width:{_percent(submission.pending, most)}"></span></div>\n'
    )
    if pending:
        sign = wording.STATUSES["needs_review"].glyph
        yield f'<p class="pending"><i aria-hidden="true">{sign}</i>{pending}.</p>\n'
    if submission.questions:
        yield '<nav aria-label="Questions"><ol class="strip">\n'
        for place, question in enumerate(submission.questions, start=1):
            word, points = wording.question_word(question), wording.question_points(question)
            yield _link(place, question.id, word, points)
        yield "</ol></nav>\n"


def _summary(told: ToldOnce) -> Iterator[str]:
    """Yield what matters first: the mistakes, each with its answers, and what else isn't right."""
    if not (told.all or told.others):
        return
    title = wording.mistakes_title(len(told.all), told.answers)
    yield (
        '<section class="card warn summary" aria-labelledby="summary">\n'
        f'<h2 id="summary">{escaped(title or wording.OTHERS_ALONE)}</h2>\n'
    )
    if told.all:
        yield "<ol>\n"
        for one in told.all:
            links = ", ".join([_to(place) for place in one.places])
            first = said(first_sentence(one.mistake.message))
            yield f'<li>{first} <span class="in">In {links}.</span></li>\n'
        yield "</ol>\n"
    if told.others:
        opening = f"{escaped(wording.OTHERS)} " if told.all else ""
        links = ", ".join(
            [
                f"{_to(place)} ({escaped(wording.VERDICTS[place.answer.verdict].label.lower())})"
                for place in told.others
            ]
        )
        yield f"<p>{opening}{links}.</p>\n"
    yield "</section>\n"


def _to(place: Place) -> str:
    return f'<a href="#{place.anchor}">{escaped(place.name)}</a>'


def _problems(submission: SubmissionReport) -> Iterator[str]:
    """Yield why the file can't be read, or what there is to say of it."""
    unreadable = submission.status == "unreadable"
    problems = submission.problems or (wording.NO_REASON,) * unreadable
    if not problems:
        return
    yield (
        f'<section class="card bad">\n<h2>{escaped(wording.UNREADABLE_TITLE)}</h2>\n'
        if unreadable
        else f'<section class="card warn">\n<h2 class="small">{escaped(wording.REMARKS)}</h2>\n'
    )
    yield '<ul class="problems">\n'
    yield from (f"<li>{said(problem)}</li>\n" for problem in problems)
    yield "</ul>\n"
    if unreadable:
        yield f"<p>{escaped(wording.UNREADABLE_POINTS)}</p>\n"
    yield "</section>\n"


def _percent(part: float, whole: float) -> str:
    return f"{min(max(part / whole, 0), 1):.1%}" if whole > 0 else "0%"


def _section(
    place: int, question: QuestionReport, answers: tuple[Placed, ...], file: str
) -> Iterator[str]:
    points = wording.question_points(question)
    yield _opening(place, question.id, question.title, question.prompt, points)
    for placed in answers:
        yield card(placed, file)
    yield "</section>\n"


@lru_cache(maxsize=KEPT)
def _opening(place: int, id: str, title: str, prompt: str, points: str) -> str:
    anchor = layout.question_anchor(id, place)
    above = f'<p class="prompt">{said(prompt)}</p>\n' if prompt else ""
    return (
        f'<section class="question" id="{anchor}" aria-labelledby="{anchor}/0">\n'
        f'<header><h2 id="{anchor}/0"><span class="id">{escaped(id)}</span> '
        f'{escaped(title)}</h2><p class="points">{points}</p></header>\n{above}'
    )


@lru_cache(maxsize=KEPT)
def _link(place: int, id: str, word: wording.Word, points: str) -> str:
    return (
        f'<li><a class="{word.tone}" href="#{layout.question_anchor(id, place)}">'
        f'<b>{escaped(id)}</b><span><i aria-hidden="true">{escaped(word.glyph)}</i>'
        f"{points}</span></a></li>\n"
    )


@lru_cache(maxsize=64)
def _legend(words: frozenset[wording.Word]) -> str:
    """Return what the words of a report mean, in the order of all words."""
    meanings = "".join(
        f"<div><dt>{badge(word, titled=False)}</dt><dd>{escaped(word.meaning)}</dd></div>\n"
        for word in (*wording.VERDICTS.values(), wording.MARKED)
        if word in words
    )
    if not meanings:
        return ""
    return f'<h2>What the words mean</h2>\n<dl class="legend">\n{meanings}</dl>\n'
