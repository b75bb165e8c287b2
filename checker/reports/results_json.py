"""The results for other programs: a documented, versioned JSON contract.

The typed dictionaries below are the one source of both the output and its JSON Schema
(``results-v2.schema.json``, kept current by a test). The same report gives the same bytes.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, with_config

# pydantic needs this one below Python 3.12, and depends on it itself.
from typing_extensions import TypedDict

from checker.report import (
    AnswerReport,
    Certainty,
    MistakeReport,
    RunReport,
    Status,
    SubmissionReport,
    Verdict,
)
from checker.reports.clean import encodable

SCHEMA: Literal["homework-checker/results/v2"] = "homework-checker/results/v2"
"""The name and version of the contract, the value of ``schema`` at the top."""

_INDENT = " " * 4
_CLOSED = ConfigDict(extra="forbid")
# Characters that JSON allows as they are, but that a terminal or an editor may act on.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")

Place = Annotated[int, Field(ge=1)]


@with_config(_CLOSED)
class Mistake(TypedDict):
    """A mistake that explains an answer."""

    id: Annotated[str, Field(description="What `checker explain` takes.")]
    where: Annotated[str, Field(description="The quantity of the sheet at which it was made.")]
    certainty: Certainty
    message: str
    charged: Annotated[
        bool,
        Field(description="Whether it costs points here; made again, it is not charged again."),
    ]
    alternatives: Annotated[
        list[str], Field(description="Explanations that the numbers can't tell from this one.")
    ]
    alternative_ids: Annotated[
        list[str], Field(description="What `checker explain` takes, for each alternative.")
    ]


@with_config(_CLOSED)
class Decided(TypedDict):
    """What a person decided of an answer."""

    points: Annotated[bool, Field(description="Whether its points.")]
    words: Annotated[bool, Field(description="Whether what is said of it: its message.")]
    accepted: Annotated[bool, Field(description="Whether it is taken for right.")]
    by: Annotated[str, Field(description="Who, if that is said.")]
    decisions: Annotated[
        list[int], Field(description="Which of the `decisions` at the top, counted from 0.")
    ]


@with_config(_CLOSED)
class Answer(TypedDict):
    """One answer and its verdict."""

    question: str
    answer: str
    verdict: Verdict
    points: Annotated[float | None, Field(description="null while a person has still to mark it.")]
    max_points: float
    message: str
    reason: Annotated[str, Field(description="Why it has these points.")]
    line: Annotated[Place | None, Field(description="1-based line in the file.")]
    column: Annotated[Place | None, Field(description="1-based column in the line.")]
    written: Annotated[str, Field(description="What was handed in, on one line.")]
    shape: Annotated[
        list[int], Field(description="The shape of the numbers; empty for a single one.")
    ]
    texts: Annotated[
        list[str],
        Field(
            description="Each number as it is written, in row-major order; empty where the answer "
            "is not compared number by number."
        ),
    ]
    numbers: Annotated[
        list[float | None], Field(description="What was read from each text; null if not finite.")
    ]
    mistakes: list[Mistake]
    decided: NotRequired[
        Annotated[Decided, Field(description="There only if a person decided something.")]
    ]
    remark: NotRequired[
        Annotated[str, Field(description="What was read otherwise than it stands in the file.")]
    ]
    expected: NotRequired[
        Annotated[str, Field(description="The right value; there only if the teacher reveals it.")]
    ]


@with_config(_CLOSED)
class Submission(TypedDict):
    """One submission."""

    student: str
    name: str
    file: Annotated[str, Field(description="Relative to the graded folder, with forward slashes.")]
    status: Status
    content_hash: Annotated[
        str,
        Field(
            pattern="^(sha256:[0-9a-f]{64})?$",
            description="The hash of the file's bytes; empty if these could not be had.",
        ),
    ]
    score: Annotated[float | None, Field(description="null if the file could not be read.")]
    max_score: float
    pending: Annotated[float, Field(description="Points that wait for a person.")]
    problems: Annotated[
        list[str], Field(description="Why the file can't be read, or remarks on it.")
    ]
    notes: Annotated[
        list[str],
        Field(description="Remarks for the teacher alone, which may name other students."),
    ]
    answers: Annotated[list[Answer], Field(description="In the assignment's order.")]


@with_config(_CLOSED)
class Assignment(TypedDict):
    """The assignment that was graded against."""

    id: str
    title: str
    content_hash: Annotated[
        str,
        Field(
            pattern="^sha256:[0-9a-f]{64}$", description="The hash of the assignment file's bytes."
        ),
    ]


@with_config(_CLOSED)
class Decision(TypedDict):
    """A decision that was given."""

    file: Annotated[str, Field(description="The file of decisions, as it was named.")]
    line: Place | None
    text: Annotated[str, Field(description="The decision, on one line.")]
    answers: Annotated[int, Field(description="Of how many answers, or files, it held.")]
    overruled: Annotated[
        int, Field(description="For how many of these a narrower one was stronger.")
    ]


@with_config(_CLOSED)
class Results(TypedDict):
    """The results of one run over a folder of submissions."""

    schema: Literal["homework-checker/results/v2"]
    checker_version: Annotated[str, Field(description="The version that `checker` graded with.")]
    assignment: Assignment
    decisions: list[Decision]
    submissions: list[Submission]


def results(run: RunReport) -> Results:
    """Return the results as plain data. A number that is not finite is an error."""
    return {
        "schema": SCHEMA,
        "checker_version": encodable(run.version),
        "assignment": {
            "id": encodable(run.assignment),
            "title": encodable(run.title),
            "content_hash": encodable(run.content_hash),
        },
        "decisions": [
            {
                "file": encodable(decision.file),
                "line": decision.line,
                "text": encodable(decision.text),
                "answers": decision.answers,
                "overruled": decision.overruled,
            }
            for decision in run.decisions
        ],
        "submissions": [_submission(submission) for submission in run.submissions],
    }


@dataclass(frozen=True, slots=True)
class Fragment:
    """The JSON of one submission, as UTF-8, in two parts: its notes belong between them.

    What a note says may depend on the other submissions; all else is known at once.
    """

    before: bytes
    after: bytes


def fragment(report: SubmissionReport) -> Fragment:
    """Return the part of the results that is about one submission."""
    plain = _submission(report)
    before = {key: value for key, value in plain.items() if key not in ("notes", "answers")}
    head = _json(before, indent=2)[:-2].replace("\n", f"\n{_INDENT}")
    answers = ",".join(f"\n{_INDENT * 2}{_json(answer)}" for answer in plain["answers"])
    if answers:
        answers += f"\n{_INDENT}  "
    return Fragment(
        f"{_INDENT}{head}".encode(),
        f',\n{_INDENT}  "answers": [{answers}]\n{_INDENT}}}'.encode(),
    )


def results_chunks(
    run: RunReport, submissions: Iterable[tuple[Fragment, Sequence[str]]]
) -> Iterator[bytes]:
    """Yield the results as UTF-8, piece by piece: the fragments of ``run``, with their notes."""
    head = _json(results(replace(run, submissions=())), indent=2)
    yield head[: -len("[]\n}")].encode()
    opening = b"[\n"
    for part, notes in submissions:
        said = _json([encodable(note) for note in notes])
        yield b"".join(
            (opening, part.before, f',\n{_INDENT}  "notes": {said}'.encode(), part.after)
        )
        opening = b",\n"
    yield b"[]\n}\n" if opening == b"[\n" else b"\n  ]\n}\n"


def results_json(run: RunReport) -> str:
    """Return the results as JSON text, the same bytes for the same report."""
    parts = ((fragment(submission), submission.notes) for submission in run.submissions)
    return b"".join(results_chunks(run, parts)).decode()


def _json(value: object, *, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    if not text.isascii():
        text = _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text.replace("\x7f", "\\u007f")


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the results."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        **TypeAdapter(Results).json_schema(),
    }


def schema_text() -> str:
    """Return the text of the committed schema file."""
    return json.dumps(results_schema(), indent=2, ensure_ascii=False) + "\n"


def _submission(report: SubmissionReport) -> Submission:
    return {
        "student": encodable(report.student),
        "name": encodable(report.name),
        "file": encodable(report.file),
        "status": report.status,
        "content_hash": encodable(report.content_hash),
        "score": None
        if report.status == "unreadable" or report.score is None
        else _number(report.score),
        "max_score": _number(report.max_score),
        "pending": _number(report.pending),
        "problems": [encodable(problem) for problem in report.problems],
        "notes": [encodable(note) for note in report.notes],
        "answers": [_answer(answer) for answer in report.answers],
    }


def _answer(report: AnswerReport) -> Answer:
    answer: Answer = {
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


def _mistake(report: MistakeReport) -> Mistake:
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
