"""A file of decisions: its model, and reading it with every error at once.

Each entry either names a file's student, or decides for all answers that it holds of: those of an
answer's id, of some students, with a value or with a mistake, as far as it says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Self, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.submission import StudentId
from submissions_schema.validation import (
    Found,
    RawTree,
    StrictModel,
    describe,
    problem_error,
    validate,
)
from submissions_schema.yaml_reader import Document, Limits, Tree, parse_document

LIMITS = Limits(bytes=16 << 20, nodes=500_000)

Source: TypeAlias = tuple[str, bytes]
"""What places call a file of decisions, and its bytes."""

_PERCENT = re.compile(r"(\d+(?:\.\d*)?)\s*%", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Points:
    """Points as they are decided: so many, or a share of what an answer has."""

    amount: float
    is_share: bool = False

    def of(self, max_points: float) -> float:
        """Return how many they are of an answer's."""
        return self.amount * max_points if self.is_share else self.amount


def _points(value: object) -> object:
    if isinstance(value, Points) or value is None:
        return value
    text = value.strip() if isinstance(value, str) else ""
    if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return Points(float(text))
    share = _PERCENT.fullmatch(text)
    if share and float(share[1]) <= 100:
        return Points(float(share[1]) / 100, is_share=True)
    message = "these are no points"
    raise problem_error(Found(message, expected="a number, or `0%` to `100%`", got=describe(value)))


Text = Annotated[str, Field(min_length=1)]


class Entry(StrictModel):
    """One decision as it is written."""

    answer: Text | None = None
    student: StudentId | None = None
    students: Annotated[list[StudentId] | None, Field(min_length=1)] = None
    accept: RawTree = None
    value: RawTree = None
    mistake: Text | None = None
    points: Annotated[Points | None, BeforeValidator(_points)] = None
    say: Text | None = None
    by: Text | None = None
    file: Text | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = list(self._of_file() if self.file is not None else self._of_answers())
        if found:
            raise problem_error(*found)
        return self

    def _of_file(self) -> Iterator[Found]:
        if self.student is None:
            yield Found("nothing says whose file this is", ("file",), "`student`", at_key=True)
        for name in type(self).model_fields:
            if name not in ("file", "student", "by") and getattr(self, name) is not None:
                yield Found(f"`{name}` has no meaning for a file", (name,), at_key=True)

    def _of_answers(self) -> Iterator[Found]:
        if self.answer is None and self.mistake is None:
            yield Found("nothing says which answers this is about", (), "`answer` or `mistake`")
        if self.accept is None and self.points is None and self.say is None:
            yield Found("this decides nothing", (), "`accept`, `points` or `say`")
        for one, other in (("student", "students"), ("accept", "value"), ("accept", "mistake")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                message = f"`{one}` and `{other}` can't stand together"
                yield Found(message, (other,), "one of them", at_key=True)
        for name in ("accept", "value"):
            if getattr(self, name) is not None and self.answer is None:
                message = f"`{name}` needs to know of which answer"
                yield Found(message, (name,), "`answer`", at_key=True)
        if self.answer is None and self.points is not None and not self.points.is_share:
            message = "points of several answers are a share of theirs"
            yield Found(message, ("points",), "a percentage", f"`{self.points.amount:g}`")


class DecisionsFile(StrictModel):
    """A file of decisions."""

    assignment: str | None = None
    decisions: list[Entry] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry and where it stands: its number in a document."""

    entry: Entry
    document: Document
    position: int

    def place(self, *path: str) -> Place:
        """Return where it, or a part of it, stands."""
        return self.document.place(("decisions", self.position, *path))

    @property
    def tree(self) -> Tree:
        """The entry as it was read."""
        data = self.document.data
        entries = data.get("decisions") if isinstance(data, dict) else None
        assert isinstance(entries, list)
        return entries[self.position]


def read_entries(sources: Sequence[Source], assignment: str) -> tuple[list[Written], list[Problem]]:
    """Return the entries of all files, and everything that is wrong with the others."""
    entries: list[Written] = []
    problems: list[Problem] = []
    for name, data in sources:
        try:
            document = parse_document(data, name, LIMITS)
        except InputError as error:
            problems += error.problems
            continue
        try:
            file = validate(DecisionsFile, document)
        except InputError as error:
            problems += [*error.problems, *_of_another(document, assignment)]
            entries += _those_that_can_be_read(document)
            continue
        problems += _of_another(document, assignment)
        entries += [Written(entry, document, n) for n, entry in enumerate(file.decisions or ())]
    return entries, problems


def _of_another(document: Document, assignment: str) -> Iterator[Problem]:
    said = document.data.get("assignment") if isinstance(document.data, dict) else None
    if isinstance(said, str) and said != assignment:
        message = "these decisions are for another assignment"
        yield Problem(message, document.place(("assignment",)), f"`{assignment}`", f"`{said}`")


def _those_that_can_be_read(document: Document) -> Iterator[Written]:
    found = document.data.get("decisions") if isinstance(document.data, dict) else None
    for position, tree in enumerate(found if isinstance(found, list) else ()):
        try:
            yield Written(Entry.model_validate(tree), document, position)
        except ValidationError:
            continue
