"""The results for other programs: JSON, of the form that :mod:`checker.reports.results_model` says.

The same report gives the same bytes. A line has an answer, or a group of answers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checker.report import AnswerReport, MistakeReport, RunReport, SubmissionReport
from checker.reports import results_model as model
from checker.reports.clean import encodable
from checker.reports.common import Shown, made_once
from checker.reports.overview import Overview, overview
from checker.reports.told_once import ToldOnce

_INDENT = " " * 4
# Characters that JSON allows as they are, but that a terminal or an editor may act on.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Fragment:
    """The JSON of one submission, as UTF-8, in two parts: its notes belong between them.

    What a note says may depend on the other submissions; all else is known at once.
    """

    before: bytes
    after: bytes


def fragment(report: SubmissionReport, told: ToldOnce | None = None) -> Fragment:
    """Return the part of the results that is about one submission; ``told`` is of it, too."""
    told = told or ToldOnce(report)
    answers = ",".join(
        [
            f"\n{_INDENT * 2}{_answer_json(placed.answer, placed.shown)}"
            for question in told.questions
            for placed in question
        ]
    )
    if answers:
        answers += f"\n{_INDENT}  "
    return Fragment(
        _head(report).encode(), f',\n{_INDENT}  "answers": [{answers}]\n{_INDENT}}}'.encode()
    )


def results_head(run: RunReport, whole: Overview) -> bytes:
    """Return the beginning of the results; ``whole`` is the overview of ``run``."""
    head = _json(
        {
            "schema": model.SCHEMA,
            "checker_version": encodable(run.version),
            "assignment": _assignment(run),
            "decisions": _decisions(run),
            "alarms": _alarms(run, whole),
        },
        indented=True,
    )
    return head.removesuffix("\n}").encode() + b',\n  "submissions": ['


def results_part(part: Fragment, notes: Sequence[str], *, first: bool) -> bytes:
    """Return what stands of a submission between the beginning and the end."""
    opening = b"\n" if first else b",\n"
    said = _json([encodable(note) for note in notes])
    return b"".join((opening, part.before, f',\n{_INDENT}  "notes": {said}'.encode(), part.after))


def results_tail(run: RunReport, whole: Overview) -> Iterator[bytes]:
    """Yield the end of the results."""
    yield b"\n  ]" if run.submissions else b"]"
    yield b',\n  "groups": ['
    opening = b"\n"
    for group, students in _groups(whole):
        head = _json(group).removesuffix("[]}")
        yield b"".join((opening, _INDENT.encode(), head.encode(), b"["))
        for at in range(0, len(students), _PIECE):
            between = ", " if at else ""
            yield f"{between}{', '.join(map(str, students[at : at + _PIECE]))}".encode()
        yield b"]}"
        opening = b",\n"
    yield b"]\n}\n" if opening == b"\n" else b"\n  ]\n}\n"


def results_json(run: RunReport, whole: Overview | None = None) -> str:
    """Return the results as JSON text, the same bytes for the same report.

    A number that is not finite is an error.
    """
    whole = whole or overview(run)
    parts = (
        results_part(fragment(submission), submission.notes, first=position == 0)
        for position, submission in enumerate(run.submissions)
    )
    return b"".join((results_head(run, whole), *parts, *results_tail(run, whole))).decode()


_PIECE = 1000
"""So many numbers of submissions are written at once."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_INDENTED = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=2).encode


def _json(value: object, *, indented: bool = False) -> str:
    text = _INDENTED(value) if indented else _ENCODE(value)
    if not text.isascii():
        text = _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text.replace("\x7f", "\\u007f")


def _assignment(run: RunReport) -> model.Assignment:
    return {
        "id": encodable(run.assignment),
        "title": encodable(run.title),
        "content_hash": encodable(run.content_hash),
    }


def _decisions(run: RunReport) -> list[model.Decision]:
    return [
        {
            "file": encodable(decision.file),
            "line": decision.line,
            "text": encodable(decision.text),
            "answers": decision.answers,
            "overruled": decision.overruled,
        }
        for decision in run.decisions
    ]


def _alarms(run: RunReport, whole: Overview) -> list[model.Alarm]:
    found: list[model.Alarm] = []
    for alarm in whole.alarms:
        plain: model.Alarm = {
            "question": encodable(alarm.question),
            "answer": encodable(alarm.answer),
            "students": alarm.students,
            "answered": alarm.answered,
            "agreeing": alarm.agreeing,
            "written": encodable(alarm.value),
            "change": encodable(alarm.change),
            "mistake": encodable(alarm.mistake),
            "doubt": encodable(alarm.doubt),
            "decision": encodable(alarm.decision),
        }
        if run.revealed:
            plain["key"] = encodable(alarm.key)
        found.append(plain)
    return found


def _groups(whole: Overview) -> Iterator[tuple[model.Group, Sequence[int]]]:
    """Yield the groups, with the submissions of each apart: there may be very many."""
    for answer in whole.answers:
        for group in answer.groups:
            plain: model.Group = {
                "question": encodable(answer.question),
                "answer": encodable(answer.answer),
                "verdict": group.verdict,
                "written": encodable(group.text),
                "mistakes": [encodable(mistake.id) for mistake in group.mistakes],
                "explained": group.explained,
                "submissions": [],
            }
            yield plain, group.students


def _head(report: SubmissionReport) -> str:
    """Return what stands of a submission before its notes and its answers."""
    score = None if report.status == "unreadable" else report.score
    fields: dict[str, object] = {
        "student": encodable(report.student),
        "name": encodable(report.name),
        "file": encodable(report.file),
        "status": report.status,
        "content_hash": encodable(report.content_hash),
        "score": None if score is None else _number(score),
        "max_score": _number(report.max_score),
        "pending": _number(report.pending),
    }
    inside = f"{_INDENT}  "
    lines = [f'{inside}"{key}": {_json(value)}' for key, value in fields.items()]
    problems = _json([encodable(problem) for problem in report.problems], indented=True)
    lines.append(f'{inside}"problems": {problems}'.replace("\n", f"\n{inside}"))
    return f"{_INDENT}{{\n" + ",\n".join(lines)


def _answer_json(report: AnswerReport, what: Shown) -> str:
    before, after = _around_place(what)
    return f"{before}{_place(report)}{after}"


@made_once
def _around_place(what: Shown) -> tuple[str, str]:
    """Return the JSON of an answer before and after the place where it stands."""
    # Within a string its quotes would be escaped, so this is found nowhere else.
    before, _, after = _json(_answer(what.answer)).partition(_place(what.answer))
    return before, after


def _place(report: AnswerReport) -> str:
    line, column = (number or "null" for number in (report.line, report.column))
    return f'"line": {line}, "column": {column}'


def _answer(report: AnswerReport) -> model.Answer:
    answer: model.Answer = {
        "question": encodable(report.question),
        "answer": encodable(report.answer),
        "verdict": report.verdict,
        "points": None if report.points is None else _number(report.points),
        "max_points": _number(report.max_points),
        "message": encodable(report.message),
        "reason": encodable(report.reason),
        "line": report.line,
        "column": report.column,
        "written": encodable(report.written),
        "shape": list(report.shape),
        "texts": [encodable(entry.text) for entry in report.entries],
        "numbers": [_finite(entry.value) for entry in report.entries],
        "mistakes": [_mistake(mistake) for mistake in report.mistakes],
    }
    if report.decided is not None:
        answer["decided"] = {
            "points": report.decided.points,
            "words": report.decided.words,
            "accepted": report.decided.accepted,
            "by": encodable(report.decided.by),
            "decisions": list(report.decided.decisions),
        }
    if report.remark:
        answer["remark"] = encodable(report.remark)
    if report.expected is not None:
        answer["expected"] = encodable(report.expected)
    return answer


def _mistake(report: MistakeReport) -> model.Mistake:
    return {
        "id": encodable(report.id),
        "where": encodable(report.where),
        "certainty": report.certainty,
        "message": encodable(report.message),
        "charged": report.charged,
        "alternatives": [encodable(text) for text in report.alternatives],
        "alternative_ids": [encodable(id) for id in report.alternative_ids],
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"points must be finite numbers, got {value}")
    return round(float(value), 6) + 0.0  # adding zero turns -0.0 into 0.0
