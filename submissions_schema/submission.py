"""What a student hands in: the models of a submission, and reading one from a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from submissions_schema.validation import (
    Found,
    RawTree,
    Shorthand,
    StrictModel,
    problem_error,
    refuse_another,
    validate,
)
from submissions_schema.yaml_reader import (
    DEFAULT,
    Document,
    Limits,
    Tree,
    parse_document,
    read_document,
)

AnswerBlock: TypeAlias = RawTree
"""The answers to one question, unconverted: answer id -> value, or a bare value, or nothing."""

MAX_ID_LENGTH = 100
MAX_NAME_LENGTH = 200
PLACEHOLDER_ID = "your-student-id"
"""The student's id in a template: no one's."""

INVISIBLE_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))

_PLAIN_STEM = re.compile(r"[a-z0-9][a-z0-9._-]*(?<!\.)")
_RESERVED_STEM = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_NOT_IN_STEM = re.compile(r"[^a-z0-9_]+")


def _visible(text: str) -> str:
    for char in text:
        if unicodedata.category(char) in INVISIBLE_CATEGORIES:
            raise problem_error(
                Found(
                    "the text holds an invisible character",
                    expected="letters, digits and signs",
                    got=f"U+{ord(char):04X}",
                )
            )
    return text


def _expand_student(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


StudentId = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID_LENGTH),
    AfterValidator(_visible),
]


class Student(StrictModel):
    """Who hands in."""

    id: Annotated[
        StudentId,
        Field(description="The id under which the student is known in the gradebook."),
    ]
    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=MAX_NAME_LENGTH),
        AfterValidator(_visible),
        Field(description="The student's name; it is not needed."),
    ] = ""


class Submission(StrictModel):
    """A student's answers to an assignment."""

    assignment: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
        Field(description="The id of the assignment that is answered."),
    ]
    student: Annotated[
        Student,
        Shorthand(
            _expand_student,
            {"type": ["string", "number"], "description": "The student's id alone."},
        ),
        Field(description="Who hands in: an id, or a mapping with `id` and `name`."),
    ]
    answers: Annotated[
        dict[str, AnswerBlock],
        Field(
            description="Question id -> answers: a mapping of answer ids to values, "
            "or a bare value where the question has a single answer."
        ),
    ]


@dataclass(frozen=True, slots=True)
class LoadedSubmission:
    """A submission, and the document that says where everything in it stands."""

    submission: Submission
    document: Document
    says_student: bool = True
    """Whether the file itself says from whom it is."""

    def handed_in_by(self, student: Student) -> LoadedSubmission:
        """Return the same submission as another student's, whoever the file says."""
        submission = self.submission.model_copy(update={"student": student})
        return replace(self, submission=submission, says_student=True)


def load_submission(
    path: Path, *, name: str | None = None, limits: Limits = DEFAULT, student: Student | None = None
) -> LoadedSubmission:
    """Read a submission from a file; raise ``InputError`` with every problem and its place.

    ``student`` is who handed it in, if the file doesn't say.
    """
    return submission_from(read_document(path, limits=limits, name=name), student)


def parse_submission(data: bytes | str, name: str, *, limits: Limits = DEFAULT) -> LoadedSubmission:
    """Read a submission from bytes or text; ``name`` is what places call it."""
    return submission_from(parse_document(data, name, limits))


def submission_from(document: Document, student: Student | None = None) -> LoadedSubmission:
    """Validate a document as a submission; ``student`` is who handed in, if it doesn't say."""
    refuse_another(document, "a submission", "answers", "an assignment", "questions")
    data = document.data
    if student is None or not isinstance(data, dict) or _says_student(data.get("student")):
        return LoadedSubmission(validate(Submission, document), document)
    said = data.get("student")
    name = said.get("name") if isinstance(said, dict) else None
    who: dict[str, Tree] = {"id": student.id, "name": name or student.name}
    named = replace(document, data={**data, "student": who})
    return LoadedSubmission(validate(Submission, named), document, says_student=False)


def _says_student(tree: Tree) -> bool:
    """Whether a file says from whom it is: an id other than the one in a template."""
    known = isinstance(tree, dict) and set(tree) <= {"id", "name"}
    id = tree.get("id") if known and isinstance(tree, dict) else tree
    return id is not None and not (isinstance(id, str) and id.strip() in ("", PLACEHOLDER_ID))


def safe_file_stem(student_id: str) -> str:
    """Return a file name, without its extension, for a student id.

    Ordinary ids such as ``student-a`` stay as they are. Any other id gets a digest, so two ids
    never share a name, not even where the file system ignores case or normalises Unicode.
    """
    if (
        len(student_id) <= MAX_ID_LENGTH
        and _PLAIN_STEM.fullmatch(student_id)
        and not _RESERVED_STEM.match(student_id)
    ):
        return student_id
    readable = _NOT_IN_STEM.sub("-", student_id.lower()).strip("-")[:40] or "id"
    # `=` is in no ordinary id, so the two kinds of names never meet.
    digest = hashlib.sha256(student_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{readable}={digest[:32]}"
