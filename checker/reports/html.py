"""One submission as one self-contained HTML page, for the student.

The page needs no script and no network, and says so in its content security policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from checker.report import (
    AnswerReport,
    EntryReport,
    MistakeReport,
    QuestionReport,
    RunReport,
    SubmissionReport,
)
from checker.reports import layout, wording
from checker.reports.mathml import formula, mathml
from checker.reports.templating import escaped, template
from checker.reports.told_once import Told, ToldOnce, first_sentence

_SHOWN_WRONG = 200
_LONG_NUMBER = 24
_SIGNS = {True: "✓", False: "✗", None: ""}
_CLASSES = {True: "ok", False: "no", None: "na"}
_TITLES = {True: "right", False: "wrong", None: "not marked"}


@dataclass(frozen=True, slots=True)
class _Mistake:
    """One mistake in an answer, as the template prints it; ``signals`` are deltas to explain.

    ``told`` has its number and its places; it is explained at the ``first`` of them.
    """

    report: MistakeReport
    told: Told
    first: bool
    certainty: str
    where: str
    right: Markup
    used: Markup
    signals: tuple[tuple[Markup, Markup], ...]


@dataclass(frozen=True, slots=True)
class _Card:
    """One answer, as the template prints it."""

    report: AnswerReport
    anchor: str
    asked: Markup | None
    badge: Markup
    tone: str
    points: str
    numbers: Markup
    expected: Markup | None
    message: str
    reason: str
    mistakes: tuple[_Mistake, ...]
    place: str
    folded: bool
    free: bool


@dataclass(frozen=True, slots=True)
class _Section:
    """One question, as the template prints it."""

    report: QuestionReport
    anchor: str
    word: wording.Word
    points: str
    cards: tuple[_Card, ...]


def submission_html(run: RunReport, submission: SubmissionReport) -> str:
    """Return the page of one submission."""
    told = ToldOnce(submission)
    sections = tuple(
        _section(place, question, submission.file, told)
        for place, question in enumerate(submission.questions, start=1)
    )
    unreadable = submission.status == "unreadable"
    used = {wording.answer_word(answer) for answer in submission.answers}
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
        sections=sections,
        told=told,
        summary=wording.mistakes_title(len(told.all), told.answers),
        first_sentence=first_sentence,
        legend=[word for word in (*wording.VERDICTS.values(), wording.MARKED) if word in used],
    )


def _percent(part: float, whole: float) -> str:
    return f"{min(max(part / whole, 0), 1):.1%}" if whole > 0 else "0%"


@lru_cache(maxsize=16)
def _badge(word: wording.Word) -> Markup:
    return Markup('<span class="badge {}" title="{}"><i aria-hidden="true">{}</i>{}</span>').format(
        word.tone, word.meaning, word.glyph, word.label
    )


def _section(place: int, question: QuestionReport, file: str, told: ToldOnce) -> _Section:
    anchor = layout.question_anchor(question.id, place)
    return _Section(
        question,
        anchor,
        wording.question_word(question),
        wording.question_points(question),
        tuple(
            _card(layout.answer_anchor(question.id, place, number), answer, file, told)
            for number, answer in enumerate(question.answers, start=1)
        ),
    )


def _card(anchor: str, answer: AnswerReport, file: str, told: ToldOnce) -> _Card:
    return _Card(
        answer,
        anchor,
        mathml(answer.asked),
        _badge(wording.answer_word(answer)),
        wording.answer_word(answer).tone,
        wording.points_of(answer.points, answer.max_points),
        numbers_html(answer),
        mathml(answer.expected_latex),
        layout.own_message(answer),
        layout.own_reason(answer),
        tuple(_mistake(answer, mistake, told) for mistake in answer.mistakes),
        ""
        if answer.verdict == "correct"
        else wording.joined(
            "" if answer.line is None else wording.place(file, answer.line, answer.column),
            *dict.fromkeys([mistake.id for mistake in answer.mistakes]),
        ),
        _folded(answer),
        layout.costs_nothing(answer),
    )


def _folded(answer: AnswerReport) -> bool:
    """Whether an answer is one line to open: right, or a text that nobody has said anything of."""
    if answer.remark or answer.decided is not None:
        return False
    if answer.verdict == "ungraded":
        return answer.points is None
    return answer.verdict in ("correct", "follow_through") and not answer.mistakes


def _mistake(answer: AnswerReport, mistake: MistakeReport, told: ToldOnce) -> _Mistake:
    return _Mistake(
        mistake,
        told.of(mistake),
        told.is_first(answer, mistake),
        wording.CERTAINTIES[mistake.certainty],
        layout.place_words(place) if (place := layout.where(answer, mistake)) else "",
        formula(mistake.right) if mistake.right else Markup(),
        formula(mistake.used) if mistake.used else Markup(),
        tuple(
            (formula(equation), formula(of) if of else Markup()) for equation, of in mistake.signals
        ),
    )


def numbers_html(answer: AnswerReport) -> Markup:
    """Return the student's numbers as tables with the wrong entries marked."""
    if not answer.entries:
        return Markup()
    if not layout.fits(answer):
        return Markup(_large(answer))
    if not answer.shape:
        return Markup(f'<p class="scalar">{_value(answer.entries[0])}</p>')
    marked = any(entry.right is False for entry in answer.entries)
    each = layout.shared_off(answer)
    vector = len(answer.shape) == 1 and not layout.in_a_row(answer)
    tables = []
    for part in layout.slices(answer):
        caption = f"<caption>{part.label}</caption>" if part.label else ""
        rows = "".join([_row(row, marked, vector, not each) for row in part.rows])
        tables.append(
            f'<table class="array{" vector" if vector else ""}"'
            f' aria-label="numbers, {layout.shape_text(answer.shape)}">{caption}{rows}</table>'
        )
    note = f'<p class="each">{wording.EACH_WRONG}: {escaped(each)}</p>' if each else ""
    return Markup(f'<div class="arrays">{"".join(tables)}</div>{note}')


def _sign(entry: EntryReport) -> str:
    return f'<i aria-hidden="true">{_SIGNS[entry.right]}</i>'


def _hidden(entry: EntryReport) -> str:
    return '<span class="hidden">wrong: </span>' if entry.right is False else ""


def _title(entry: EntryReport) -> str:
    said = f"{layout.index_text(entry.index)} {_TITLES[entry.right]}".strip()
    return f"{said}: {escaped(entry.off)}" if entry.off else said


def _value(entry: EntryReport) -> str:
    off = f' <small class="off">{escaped(entry.off)}</small>' if entry.off else ""
    return (
        f'<span class="n {_CLASSES[entry.right]}" title="{_title(entry)}">'
        f"{_hidden(entry)}{escaped(entry.text)}{_sign(entry)}</span>{off}"
    )


def _plain(text: str) -> str:
    start = '<td class="long">' if len(text) > _LONG_NUMBER else "<td>"
    return f"{start}{escaped(text)}</td>"


def _row(row: Sequence[EntryReport], marked: bool, vector: bool, with_off: bool) -> str:
    if not marked:
        return f"<tr>{''.join([_plain(entry.text) for entry in row])}</tr>"
    cells = []
    for entry in row:
        off = escaped(entry.off) if with_off and entry.off else ""
        inside, beside = (
            ("", f'<td class="off">{off}</td>')
            if vector
            else (f"<small>{off}</small>" if off else "", "")
        )
        long = " long" if len(entry.text) > _LONG_NUMBER else ""
        cells.append(
            f'<td class="{_CLASSES[entry.right]}{long}" title="{_title(entry)}">'
            f"{_hidden(entry)}{escaped(entry.text)}{_sign(entry)}{inside}</td>{beside}"
        )
    return f"<tr>{''.join(cells)}</tr>"


def _large(answer: AnswerReport) -> str:
    wrong = layout.wrong_entries(answer)
    count = f'<p class="count">{layout.wrong_count(answer, len(wrong))}</p>'
    if not wrong:
        return count
    rows = "".join(
        f"<tr><td>{layout.index_text(entry.index)}</td><td>{_value(entry)}</td></tr>"
        for entry in wrong[:_SHOWN_WRONG]
    )
    more = len(wrong) - _SHOWN_WRONG
    rest = f'<p class="count">and {more} more wrong entries.</p>' if more > 0 else ""
    return (
        f'{count}<div class="scroll" tabindex="0" role="region" aria-label="wrong entries">'
        '<table class="list"><thead><tr><th scope="col">entry</th>'
        '<th scope="col">you wrote</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{rest}"
    )
