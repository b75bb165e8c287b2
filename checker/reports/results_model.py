"""What ``results.json`` may hold: a documented, versioned contract.

The typed dictionaries below are the one source of both the output and its JSON Schema
(``results-v2.schema.json``, kept current by a test).
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, with_config

# pydantic needs this one below Python 3.12, and depends on it itself.
from typing_extensions import TypedDict

from checker.report import Certainty, Status, Verdict

SCHEMA: Literal["homework-checker/results/v2"] = "homework-checker/results/v2"
"""The name and version of the contract, the value of ``schema`` at the top."""

_CLOSED = ConfigDict(extra="forbid")

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
class Alarm(TypedDict):
    """An answer at which many agree on a value that the key hasn't."""

    question: str
    answer: str
    students: Annotated[int, Field(description="How many wrote it.")]
    answered: Annotated[int, Field(description="Of how many who answered.")]
    agreeing: Annotated[int, Field(description="How many have the key's.")]
    written: Annotated[str, Field(description="The value as one of them wrote it.")]
    change: Annotated[
        str, Field(description="Which change of the sheet makes them right; empty for none known.")
    ]
    mistake: Annotated[str, Field(description="Its id, or empty.")]
    doubt: Annotated[str, Field(description="What can't be told, or empty.")]
    decision: Annotated[str, Field(description="The line that accepts it, for a decisions file.")]
    key: NotRequired[
        Annotated[str, Field(description="The key's value; there only if the teacher reveals it.")]
    ]


@with_config(_CLOSED)
class Group(TypedDict):
    """One distinct answer of the class: those that agree within rounding."""

    question: str
    answer: str
    verdict: Annotated[Verdict, Field(description="The one that most of them have.")]
    written: Annotated[str, Field(description="The answer as one of them wrote it.")]
    mistakes: Annotated[list[str], Field(description="Ids of those that explain most of them.")]
    explained: Annotated[int, Field(description="How many have any mistake named.")]
    submissions: Annotated[
        list[int], Field(description="Whose it is: places in `submissions`, counted from 0.")
    ]


@with_config(_CLOSED)
class Results(TypedDict):
    """The results of one run over a folder of submissions."""

    schema: Literal["homework-checker/results/v2"]
    checker_version: Annotated[str, Field(description="The version that `checker` graded with.")]
    assignment: Assignment
    decisions: list[Decision]
    alarms: list[Alarm]
    submissions: Annotated[list[Submission], Field(description="Sorted by file.")]
    groups: Annotated[list[Group], Field(description="By answer, the largest first.")]


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
