"""One submission as one self-contained HTML page, for the student.

The page needs no script and no network, and says so in its content security policy.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from checker.report import QuestionReport, RunReport, SubmissionReport
from checker.reports import layout, wording
from checker.reports.cards import badge, card
from checker.reports.templating import escaped, said, template
from checker.reports.told_once import ToldOnce, first_sentence


def submission_html(run: RunReport, submission: SubmissionReport) -> str:
    """Return the page of one submission."""
    told = ToldOnce(submission)
    placed = list(enumerate(submission.questions, start=1))
    sections = [_section(place, question, submission.file, told) for place, question in placed]
    unreadable = submission.status == "unreadable"
    return template("submission.html").render(
        run=run,
        submission=submission,
        heading=wording.heading(submission),
        words=wording,
        unreadable=unreadable,
        status=wording.STATUSES[submission.status],
        score=wording.points_of(None if unreadable else submission.score, submission.max_score),
        pending=wording.pending_sentence(submission.pending, submission.max_score),
        earned_percent=_percent(submission.score or 0, submission.max_score),
        pending_percent=_percent(submission.pending, submission.max_score),
        links=Markup("".join([_link(place, question) for place, question in placed])),
        sections=Markup("".join(sections)),
        told=told,
        summary=wording.mistakes_title(len(told.all), told.answers),
        first_sentence=first_sentence,
        legend=_legend(frozenset(map(wording.answer_word, submission.answers))),
    )


def _percent(part: float, whole: float) -> str:
    return f"{min(max(part / whole, 0), 1):.1%}" if whole > 0 else "0%"


def _section(place: int, question: QuestionReport, file: str, told: ToldOnce) -> str:
    anchor = layout.question_anchor(question.id, place)
    cards = [
        card(layout.answer_anchor(question.id, place, number), answer, file, told)
        for number, answer in enumerate(question.answers, start=1)
    ]
    prompt = f'<p class="prompt">{said(question.prompt)}</p>\n' if question.prompt else ""
    return (
        f'<section class="question" id="{anchor}" aria-labelledby="{anchor}/0">\n'
        f'<header><h2 id="{anchor}/0"><span class="id">{escaped(question.id)}</span> '
        f'{escaped(question.title)}</h2><p class="points">{wording.question_points(question)}</p>'
        f"</header>\n{prompt}{''.join(cards)}</section>\n"
    )


def _link(place: int, question: QuestionReport) -> str:
    word = wording.question_word(question)
    return (
        f'<li><a class="{word.tone}" href="#{layout.question_anchor(question.id, place)}">'
        f'<b>{escaped(question.id)}</b><span><i aria-hidden="true">{escaped(word.glyph)}</i>'
        f"{wording.question_points(question)}</span></a></li>\n"
    )


@lru_cache(maxsize=64)
def _legend(words: frozenset[wording.Word]) -> Markup:
    """Return what the words of a report mean, in the order of all words."""
    return Markup(
        "".join(
            f"<div><dt>{badge(word, titled=False)}</dt><dd>{escaped(word.meaning)}</dd></div>\n"
            for word in (*wording.VERDICTS.values(), wording.MARKED)
            if word in words
        )
    )
