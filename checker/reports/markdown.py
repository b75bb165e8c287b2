"""One submission as GitHub-flavoured Markdown, for a CI job's summary or a comment.

Formulas are written in GitHub's (and GitLab's) code-like form of ``$…$``, a dollar and a backtick,
in which ``_`` and ``*`` are left alone. Text from strangers is escaped so that it makes no heading,
link, mention or markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from checker.report import (
    AnswerReport,
    EntryReport,
    MistakeReport,
    QuestionReport,
    RunReport,
    SubmissionReport,
)
from checker.reports import layout, wording
from checker.reports.clean import is_number, one_line, visible
from checker.reports.common import KEPT, Shown, kept, made_once
from checker.reports.told_once import Link, Reference, ToldOnce, first_sentence

_SHOWN_WRONG = 50
_ROW_LENGTH = 8
_SPECIAL = re.compile(r"[\\`*_\[\]|~]")
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=:](?![\d.])))")
_NO_BREAK = (
    "\u2060"  # keeps GitHub from seeing a mention, a reference or an address, and isn't seen
)
_LINKED = re.compile(r"(?i)(@|#|://|\bwww(?=\.)|\bGH(?=-)|\bmailto(?=:)|\bxmpp(?=:))")


def submission_markdown(
    run: RunReport, submission: SubmissionReport, told: ToldOnce | None = None
) -> str:
    """Return the report of one submission as Markdown; ``told`` is of the submission."""
    return "\n\n".join(_blocks(run, submission, told or ToldOnce(submission))) + "\n"


@kept
def text(value: str) -> str:
    """Return text escaped for a paragraph, a heading or a table cell, on one line."""
    return _LINE_START.sub(r"\1\\", _escaped(one_line(value).strip()))


@kept
def said(value: str) -> str:
    """Return a sentence: what stands between backticks is code, the rest is escaped."""
    parts = [
        code(part) if is_code else _escaped(part)
        for is_code, part in layout.quoted(one_line(value).strip())
    ]
    return _LINE_START.sub(r"\1\\", "".join(parts))


def _escaped(value: str) -> str:
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    value = _SPECIAL.sub(r"\\\g<0>", value)
    value = _LINKED.sub(rf"\1{_NO_BREAK}", value)
    return value.replace("#", "\\#").replace("$", "<span>$</span>")


def code(value: str) -> str:
    """Return text as a code span that it can't close; pipes are escaped for tables."""
    value = one_line(value).replace("|", "\\|")
    if not value:
        return ""
    ticks = "`" * (_longest_run(value) + 1)
    space = " " if value[0] in "` " or value[-1] in "` " else ""
    return f"{ticks}{space}{value}{space}{ticks}"


def block(value: str) -> str:
    """Return text as a fenced block that it can't close."""
    value = visible(value).strip("\n")
    fence = "`" * max(3, _longest_run(value) + 1)
    return f"{fence}text\n{value}\n{fence}"


def math(latex: str) -> str:
    """Return LaTeX as inline mathematics, or as code if it could end the mathematics."""
    latex = latex.strip()
    if not latex:
        return ""
    if not latex.isprintable() or "`" in latex or "$" in latex:
        return code(latex)
    return f"$`{latex}`$"


def _longest_run(value: str) -> int:
    return max(map(len, re.findall("`+", value))) if "`" in value else 0


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join([_row(head), _row(["---"] * len(head)), *map(_row, rows)])


def _blocks(run: RunReport, submission: SubmissionReport, told: ToldOnce) -> Iterator[str]:
    yield f"# {text(run.title)}"
    who = [f"**{text(wording.heading(submission))}**"]
    if submission.student and submission.student != wording.heading(submission):
        who.append(code(submission.student))
    if submission.file != wording.heading(submission):
        who.append(code(submission.file))
    yield wording.joined(*who)
    if submission.status == "unreadable":
        label = wording.STATUSES["unreadable"].label
        yield f"**{wording.points_of(None, submission.max_score)}** · {label}"
        yield f"## {wording.UNREADABLE_TITLE}"
        yield "\n".join(
            f"- {said(problem)}" for problem in submission.problems or (wording.NO_REASON,)
        )
        yield wording.UNREADABLE_POINTS
    else:
        pending = wording.pending_sentence(submission.pending, submission.max_score)
        score = wording.points_of(submission.score, submission.max_score)
        yield f"**{score} points so far** · {pending}" if pending else f"**{score} points**"
        if submission.problems:
            yield f"**{wording.REMARKS}**"
            yield "\n".join(f"- {said(problem)}" for problem in submission.problems)
        if submission.questions:
            rows = "\n".join(
                [_question_row(*_parts(question)) for question in submission.questions]
            )
            yield f"{_table(['Question', '', 'Points'], [])}\n{rows}"
    yield from _summary(told)
    # What follows a name decides how that is escaped; which number it is does not.
    file = text(wording.place(submission.file, 0, None)).removesuffix(":0")
    for question, answers in zip(submission.questions, told.questions, strict=True):
        yield _question_head(question.prompt, *_parts(question))
        for answer, shown, _, references, counts_at in answers:
            yield _answer(shown, references, counts_at)
            if answer.line is not None and answer.verdict != "correct":
                yield f"<sub>{wording.place(file, answer.line, answer.column)}</sub>"
    yield f"<sub>Assignment {text(run.assignment)} · {text(run.content_hash)}</sub>"


def _parts(question: QuestionReport) -> tuple[str, str, str, str]:
    word = wording.question_word(question)
    return question.id, question.title, word.glyph, wording.question_points(question)


@lru_cache(maxsize=KEPT)
def _question_row(id: str, title: str, glyph: str, points: str) -> str:
    return _row([text(id), text(title), f"{glyph} {points}"])


@lru_cache(maxsize=KEPT)
def _question_head(prompt: str, id: str, title: str, _glyph: str, points: str) -> str:
    head = f"## {' '.join(filter(None, (text(id), text(title))))} ({points})"
    return f"{head}\n\n{said(prompt)}" if prompt else head


def _summary(told: ToldOnce) -> Iterator[str]:
    """Yield what matters first: the mistakes, each with its answers, and what else isn't right."""
    if told.all:
        yield f"**{wording.mistakes_title(len(told.all), told.answers)}**"
        yield "\n".join(
            f"{one.number}. {said(first_sentence(one.mistake.message))} "
            f"({', '.join(text(place.name) for place in one.places)})"
            for one in told.all
        )
    if told.others:
        names = ", ".join(
            f"{text(place.name)} ({wording.VERDICTS[place.answer.verdict].label.lower()})"
            for place in told.others
        )
        yield f"{wording.OTHERS if told.all else wording.OTHERS_ALONE} {names}."


@made_once
def _answer(shown: Shown, references: tuple[Reference, ...], counts_at: Link | None) -> str:
    """Return an answer but for its place in the file."""
    return "\n\n".join(_answer_blocks(shown.answer, references, counts_at))


def _answer_blocks(
    answer: AnswerReport, references: tuple[Reference, ...], counts_at: Link | None
) -> Iterator[str]:
    word = wording.answer_word(answer)
    name = " ".join(part for part in (math(answer.asked), code(answer.answer)) if part)
    points = wording.points_of(answer.points, answer.max_points)
    yield f"### {name}\n\n{word.glyph} **{word.label}** · {points}"
    message = layout.own_message(answer)
    if message:
        yield said(message)
    if answer.entries:
        yield from _numbers(answer)
    elif answer.written:
        yield f"{wording.YOU_WROTE}:"
        yield block(answer.written)
    if answer.remark:
        yield f"{wording.READ_AS}: {said(answer.remark)}"
    if answer.expected is not None:
        yield f"{wording.RIGHT_VALUE}:"
        yield math(answer.expected_latex) or block(answer.expected)
    for mistake, (number, explained_at) in zip(answer.mistakes, references, strict=True):
        if explained_at is None:
            yield _mistake(number, mistake, layout.where(answer, mistake))
        else:
            name = text(explained_at.name)
            yield f"> {wording.mistake_number(number)} {wording.EXPLAINED_AT} {name}."
    if layout.costs_nothing(answer):
        yield wording.free_sentence("" if counts_at is None else counts_at.name)
    if reason := layout.own_reason(answer):
        yield f"{wording.POINTS}: {said(reason)}"


@lru_cache(maxsize=KEPT)
def _mistake(number: int, mistake: MistakeReport, place: str) -> str:
    where = f", at {said(layout.place_words(place))}" if place else ""
    head = f"{wording.mistake_number(number)} · {wording.CERTAINTIES[mistake.certainty]}"
    parts = [f"**{head}{where}:** {said(mistake.message)}"]
    formulas = [
        f"- {label}: {math(latex)}"
        for label, latex in (
            (wording.SHEET_MEANS, mistake.right),
            (wording.YOU_COMPUTED, mistake.used),
        )
        if latex.strip()
    ]
    if formulas:
        parts.append("\n".join(formulas))
        parts += [
            f"{math(equation)} {wording.ERROR_SIGNAL} {math(of)}" if of else math(equation)
            for equation, of in mistake.signals
        ]
    if mistake.alternatives:
        others = "\n".join(f"- {said(other)}" for other in mistake.alternatives)
        parts.append(f"{wording.CANNOT_TELL}\n\n{others}")
    parts.append(f"<sub>{text(mistake.id)}</sub>")
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(parts).split("\n"))


def _entry(entry: EntryReport, marked: bool, off: bool = True) -> str:
    value = entry.text if is_number(entry.text) else text(entry.text)
    if entry.right is False:
        value = f"**✗ {value}**"
    elif marked and entry.right:
        value = f"✓ {value}"
    return f"{value} ({text(entry.off)})" if off and entry.off else value


def _numbers(answer: AnswerReport) -> Iterator[str]:
    wrong = layout.wrong_entries(answer)
    if not layout.fits(answer):
        yield layout.wrong_count(answer, len(wrong))
        if wrong:
            rows = [
                [layout.index_text(e.index), _entry(e, marked=True)] for e in wrong[:_SHOWN_WRONG]
            ]
            yield _table(["entry", "you wrote"], rows)
        if len(wrong) > _SHOWN_WRONG:
            yield f"and {len(wrong) - _SHOWN_WRONG} more wrong entries."
        return
    if not answer.shape:
        yield f"{wording.YOU_WROTE}: {_entry(answer.entries[0], marked=False)}"
        return
    each = layout.shared_off(answer)
    for part in layout.slices(answer):
        if part.label:
            yield code(part.label)
        flat = len(answer.shape) == 1 and len(part.rows) <= _ROW_LENGTH
        lines = (answer.entries,) if flat else part.rows
        width = len(lines[0]) if lines else 0
        if width == 0:
            continue
        numbered = len(lines) > 1
        head = ([""] if numbered else []) + [str(column) for column in range(width)]
        if width == 1:
            head[-1] = wording.YOU_WROTE
        yield _table(
            head,
            [
                ([str(place)] if numbered else []) + [_entry(e, bool(wrong), not each) for e in row]
                for place, row in enumerate(lines)
            ],
        )
    if each:
        yield f"{wording.EACH_WRONG}: {text(each)}"
