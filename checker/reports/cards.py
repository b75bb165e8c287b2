"""One answer of a student's page in HTML: a card, or one line to open.

Much of a class's pages is alike: right answers in the same digits, the same mistake explained. Such
parts are made once, and found by all that they show.
"""

from __future__ import annotations

from functools import lru_cache

from checker.report import AnswerReport, MistakeReport
from checker.reports import layout, wording
from checker.reports.common import KEPT, Shown, made_once
from checker.reports.mathml import formula, mathml
from checker.reports.numbers_html import numbers_html
from checker.reports.templating import escaped, said
from checker.reports.told_once import Link, Placed, Reference


def card(placed: Placed, file: str) -> str:
    """Return an answer of a submission; ``file`` is its name, escaped."""
    before, after = _around_place(placed.shown, placed.anchor, placed.references, placed.counts_at)
    return f"{before}{_place(placed.answer, file)}{after}"


@made_once
def _around_place(
    shown: Shown, anchor: str, references: tuple[Reference, ...], counts_at: Link | None
) -> tuple[str, str]:
    """Return what stands before and after the place of an answer in its file."""
    answer = shown.answer
    word = wording.answer_word(answer)
    points = wording.points_of(answer.points, answer.max_points)
    named = f"<code>{escaped(answer.answer)}</code>"
    if asked := mathml(answer.asked):
        named = f'{asked} <code class="name">{escaped(answer.answer)}</code>'
    contents = "".join(f"{part}\n" for part in _contents(answer, references) if part)
    if _folded(answer):
        return (
            f'<details class="card line {word.tone}" id="{anchor}">\n'
            f'<summary><span class="what">{named}</span> {badge(word)} '
            f'<span class="points">{points}</span></summary>\n{contents}'
        ), "\n</details>\n"
    return (
        f'<article class="card {word.tone}" id="{anchor}">\n<header>\n'
        f'<h3>{named}</h3>\n{badge(word)}\n<p class="points">{points}</p>\n'
        f"{_free(answer, counts_at)}</header>\n{contents}"
    ), "\n</article>\n"


@lru_cache(maxsize=32)
def badge(word: wording.Word, *, titled: bool = True) -> str:
    """Return how an answer stands, as a badge; its title says what that means."""
    title = f' title="{escaped(word.meaning)}"' if titled else ""
    return (
        f'<span class="badge {word.tone}"{title}>'
        f'<i aria-hidden="true">{escaped(word.glyph)}</i>{escaped(word.label)}</span>'
    )


def _folded(answer: AnswerReport) -> bool:
    """Whether an answer is one line to open: right, or a text that nobody has said anything of."""
    if answer.remark or answer.decided is not None:
        return False
    if answer.verdict == "ungraded":
        return answer.points is None
    return answer.verdict in ("correct", "follow_through") and not answer.mistakes


def _free(answer: AnswerReport, counts_at: Link | None) -> str:
    if not layout.costs_nothing(answer):
        return ""
    why = escaped(wording.NOTHING_LOST)
    if counts_at is not None:
        why = f"{escaped(wording.COUNTS_AT)} {_link(counts_at)}"
    return f'<p class="free">{why}</p>\n'


def _link(to: Link) -> str:
    return f'<a href="#{to.anchor}">{escaped(to.name)}</a>'


def _contents(answer: AnswerReport, references: tuple[Reference, ...]) -> list[str]:
    parts = []
    if message := layout.own_message(answer):
        parts.append(f'<p class="message">{said(message)}</p>')
    if numbers := numbers_html(answer):
        parts.append(numbers)
    elif answer.written:
        parts.append(f'<p class="label">{escaped(wording.YOU_WROTE)}</p>')
        parts.append(f'<pre class="written" dir="auto">\n{escaped(answer.written)}</pre>')
    if answer.remark:
        remark = said(answer.remark)
        parts.append(f'<p class="reason"><b>{escaped(wording.READ_AS)}:</b> {remark}</p>')
    right = f'<p class="label">{escaped(wording.RIGHT_VALUE)}</p>'
    if expected := mathml(answer.expected_latex):
        parts += [right, f'<p class="written expected">{expected}</p>']
    elif answer.expected is not None:
        parts += [right, f'<pre class="written expected">\n{escaped(answer.expected)}</pre>']
    for mistake, reference in zip(answer.mistakes, references, strict=True):
        parts.append(_mistake(answer, mistake, reference))
    if reason := layout.own_reason(answer):
        parts.append(f'<p class="reason"><b>{escaped(wording.POINTS)}:</b> {said(reason)}</p>')
    return parts


def _place(answer: AnswerReport, file: str) -> str:
    if answer.verdict == "correct":
        return ""
    text = wording.joined(
        "" if answer.line is None else wording.place(file, answer.line, answer.column),
        *dict.fromkeys([escaped(mistake.id) for mistake in answer.mistakes]),
    )
    return f'<p class="place">{text}</p>\n' if text else ""


def _mistake(answer: AnswerReport, mistake: MistakeReport, reference: Reference) -> str:
    if reference.explained_at is None:
        return _explained(reference.number, mistake, layout.where(answer, mistake))
    return (
        f'<p class="mistake"><i aria-hidden="true">↺</i> '
        f"{escaped(wording.mistake_number(reference.number))} "
        f"{escaped(wording.EXPLAINED_AT)} {_link(reference.explained_at)}.</p>"
    )


@lru_cache(maxsize=KEPT)
def _explained(number: int, mistake: MistakeReport, place: str) -> str:
    where = f", at {said(layout.place_words(place))}" if place else ""
    certainty = escaped(wording.CERTAINTIES[mistake.certainty])
    parts = [
        '<section class="mistake">',
        f"<h4>{escaped(wording.mistake_number(number))} · {certainty}{where}</h4>",
        f'<p class="message">{said(mistake.message)}</p>',
    ]
    formulas = ((wording.SHEET_MEANS, mistake.right), (wording.YOU_COMPUTED, mistake.used))
    if any(latex for _, latex in formulas):
        parts.append('<dl class="formulas">')
        parts += [
            f"<div><dt>{escaped(label)}</dt><dd>{formula(latex)}</dd></div>"
            for label, latex in formulas
            if latex
        ]
        parts.append("</dl>")
        for equation, of in mistake.signals:
            signal = f" {escaped(wording.ERROR_SIGNAL)} {formula(of)}" if of else ""
            parts.append(f'<p class="signal">{formula(equation)}{signal}</p>')
    if mistake.alternatives:
        parts.append(f'<div class="alternatives"><p>{escaped(wording.CANNOT_TELL)}</p><ul>')
        parts += [f"<li>{said(alternative)}</li>" for alternative in mistake.alternatives]
        parts.append("</ul></div>")
    parts.append("</section>")
    return "\n".join(parts) + "\n"
