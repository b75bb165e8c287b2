"""A file of marks by a person: its model, and reading one.

The file holds each answer's text with its hash. So a later run knows whether an answer is still the
one that was marked, and what a person wrote stays in the file whatever becomes of the submission.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, Field

from checker.reports.wording import number
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.validation import Found, StrictModel, describe, problem_error, validate
from submissions_schema.yaml_reader import Document, Limits, parse_document

MARKS_LIMITS = Limits(bytes=64 << 20, nodes=2_000_000)
QUEUE = "ungraded.yaml"

_HASH = re.compile(r"sha256:[0-9a-f]{64}")


def _is_hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        message = "this is no hash of an answer's text"
        expected = "the hash that `checker grade` wrote"
        raise problem_error(Found(message, expected=expected, got=describe(text)))
    return text


class Mark(StrictModel):
    """One answer that a person marks."""

    student: Annotated[str, Field(min_length=1)]
    name: str | None = None
    question: Annotated[str, Field(min_length=1)]
    answer: Annotated[str, Field(min_length=1)]
    text: str | None = None
    max_points: float | None = None
    hash: Annotated[str, AfterValidator(_is_hash)]
    points: Annotated[float | None, Field(ge=0)] = None
    comment: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What the mark is for, whatever stood there."""
        return self.student, self.question, self.answer

    @property
    def given(self) -> bool:
        """Whether a person wrote something."""
        return self.points is not None or bool(self.comment)


class Asked(StrictModel):
    """What the sheet says above an answer, for whoever marks it."""

    title: str = ""
    prompt: str = ""


class MarksFile(StrictModel):
    """A file of marks.

    A queue for one ``marker`` is of a ``split``, and ``blind`` if it has pseudonyms for students.
    """

    assignment: str
    split: str | None = None
    marker: str | None = None
    blind: bool = False
    questions: dict[str, Asked] | None = None
    marks: list[Mark] | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One mark, its file and its number in it, and who gave it, if that is said."""

    mark: Mark
    document: Document
    position: int
    marker: str = ""

    def place(self, *path: str) -> Place:
        """Return its place, or that of a part of it."""
        return self.document.place(("marks", self.position, *path))


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one file or of several.

    ``document`` is the (first) file, ``questions`` are what it says of what is asked, and
    ``assigned`` how many answers each marker has to mark, as far as that is known.
    """

    assignment: str
    given: tuple[Given, ...]
    document: Document
    questions: Mapping[str, Asked] = field(default_factory=dict)
    assigned: Mapping[str, int] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks alone."""
        return tuple(given.mark for given in self.given)


def text_hash(text: str) -> str:
    """Return the hash of an answer's text."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def parse_marks(data: bytes | str, name: str, *, assignment: str | None = None) -> Marks:
    """Read marks from bytes or text; ``name`` is what places call the file.

    Raises :class:`InputError` with every problem.
    """
    _, marks = read_marks(parse_document(data, name, MARKS_LIMITS))
    problems = [*of_another(marks, assignment), *contradictions(marks.given)]
    if problems:
        raise InputError(problems)
    return marks


def read_marks(document: Document) -> tuple[MarksFile, Marks]:
    """Return what a document says, and its marks. Raises :class:`InputError`."""
    file = validate(MarksFile, document)
    given = tuple(
        Given(mark, document, position, file.marker or "")
        for position, mark in enumerate(file.marks or ())
    )
    return file, Marks(file.assignment, given, document, file.questions or {})


def of_another(marks: Marks, assignment: str | None) -> Iterator[Problem]:
    """Yield what is wrong with marks that are not for an assignment."""
    if assignment is not None and marks.assignment != assignment:
        place = marks.document.place(("assignment",))
        message = "these marks are for another assignment"
        yield Problem(message, place, f"`{assignment}`", f"`{marks.assignment}`")


def contradictions(marks: Iterable[Given]) -> Iterator[Problem]:
    """Yield where an answer has points twice, or comments with them, that differ."""
    first: dict[tuple[object, ...], Given] = {}
    for given in marks:
        mark = given.mark
        if mark.points is None:
            continue
        key = (mark.key, mark.hash)
        other = first.setdefault(key, given)
        if _says(other) == _says(given) or _adds_comment(other, given):
            first[key] = other if other.mark.comment else given
            continue
        same_file = other.document.name == given.document.name
        where = f"on line {other.place().line}" if same_file else f"at {other.place()}"
        part = "points" if other.mark.points != mark.points else "comment"
        yield Problem(
            f"this answer of {mark.student} is marked differently {where}",
            given.place(part),
            _shown(other, part),
            _shown(given, part),
        )


def _says(given: Given) -> tuple[float | None, str]:
    return given.mark.points, (given.mark.comment or "").strip()


def _adds_comment(one: Given, other: Given) -> bool:
    (points, said), (other_points, other_said) = _says(one), _says(other)
    return points == other_points and not (said and other_said)


def _shown(given: Given, part: str) -> str:
    return number(given.mark.points) if part == "points" else describe(given.mark.comment)
