"""Is a submission in the right form? Everything that can be said of it without the key, at once.

The answers are read by the same readers that grading uses; where only a handout is at hand, its
names stand with made-up values of the right shapes, so that a formula's names, indices and shapes
are checked all the same.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from checker.answer_kinds import kind_of_form
from checker.answer_kinds.forms.form import Remark
from checker.answer_kinds.forms.names import symbols_among
from checker.answer_kinds.forms.sheet import Reading, Sheet
from checker.answer_kinds.reading.written import PLACEHOLDERS, is_missing
from checker.grading.locating import Located, locate
from checker.students.handout import Handout
from checker.words import plural
from reference_solutions.assignment import Assignment
from reference_solutions.graph import Array, Family, Graph, Key
from submissions_schema.problems import InputError, Problem
from submissions_schema.submission import PLACEHOLDER_ID, Submission
from submissions_schema.validation import validate
from submissions_schema.yaml_reader import DEFAULT, Document, TreePath, parse_document

_CONSTANTS = ("e", "pi")
_LISTED = 12
_ANSWERS = re.compile(rb"^(?:\xef\xbb\xbf)?['\"]?answers['\"]?[ \t]*:", re.MULTILINE)
"""The key by which a submission is known, where the file can't be read."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found in one file, in the order of the file."""

    file: str
    findings: tuple[Remark, ...]
    answered: int = 0
    asked: int = 0
    unanswered: tuple[str, ...] = ()
    """What has no answer: a question (`q1`), or an answer of one (`q3.1 h_2`)."""

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(finding.level == "error" for finding in self.findings)

    @property
    def summary(self) -> str:
        """How the file stands, in a line."""
        given = f"{self.answered} of {self.asked} answers are given"
        if self.unanswered and self.answered:
            listed = ", ".join(self.unanswered[:_LISTED])
            more = len(self.unanswered) - _LISTED
            given += f"; not yet: {listed}{f' and {more} more' if more > 0 else ''}"
        if not self.errors:
            return f"{self.file}: in the right form; {given}"
        errors = plural(self.errors, "error")
        return f"{self.file}: {errors}; {given}" if self.asked else f"{self.file}: {errors}"


@dataclass
class Form:
    """What submissions to one assignment are compared with."""

    handout: Handout
    assignment: Assignment | None = None
    """The assignment with its key, where it is at hand."""

    placeholders: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.placeholders = PLACEHOLDERS | {
            text.strip().casefold() for text in self.handout.placeholders
        }

    @cached_property
    def sheet(self) -> Sheet:
        """What answers are tried in: the reference, or quantities with made-up values."""
        handout, key = self.handout, self.assignment
        if key is not None:
            graphs = [key.reference.graph]
        else:
            graphs = [_made_up(handout, values) for values in _VALUES]
        symbols = symbols_among(handout.names)
        return Sheet(graphs, handout.ranges, symbols, handout.names, made_up=key is None)

    @property
    def answers(self) -> dict[str, list[str]]:
        """The ids of all answers, by question."""
        return {id: list(question.answers) for id, question in self.handout.questions.items()}


# --- made-up values ---------------------------------------------------------------------------


def _uniform(low: float, high: float) -> Callable[[str, tuple[int, ...]], Array]:
    def values(name: str, shape: tuple[int, ...]) -> Array:
        generator = np.random.default_rng(zlib.crc32(name.encode()))
        return np.asarray(generator.uniform(low, high, shape))

    return values


_VALUES: Sequence[Callable[[str, tuple[int, ...]], Array]] = (
    _uniform(0.2, 0.8),
    lambda _, shape: np.ones(shape),
    lambda _, shape: np.zeros(shape),
    lambda _, shape: np.full(shape, 4.0),
    _uniform(-0.8, -0.2),
)
"""A formula is readable if it is so with any of these: it may count, index, or take a root."""


def _made_up(handout: Handout, values: Callable[[str, tuple[int, ...]], Array]) -> Graph:
    given: dict[Key, Array] = {}
    instances: dict[str, list[tuple[int, ...]]] = {}
    for name, index, quantity in handout.instances():
        given[name, index] = values(f"{name}{list(index)}", quantity.shape)
        instances.setdefault(name, []).append(index)
    families = {
        name: Family(
            name, "given", tuple(f"index {axis}" for axis in range(len(found[0]))), tuple(found)
        )
        for name, found in instances.items()
    }
    return Graph(families, [given])


# --- one file ---------------------------------------------------------------------------------


def validate_document(document: Document, form: Form) -> Validation:
    """Say everything that can be said of the form of a submission that was read."""
    findings = [Remark(problem, "note") for problem in document.remarks]
    findings += _envelope(document, form)
    data = document.data
    block = data.get("answers") if isinstance(data, dict) else None
    answered = 0
    unanswered: tuple[str, ...] = ()
    if isinstance(block, dict):
        known = form.answers
        found, problems = locate(document, block, known)
        findings += [Remark(problem, "error") for problem in problems]
        for question_id, answer_id, answer in form.handout.forms:
            one = found.get((question_id, answer_id))
            if one is not None and not is_missing(one.tree, form.placeholders):
                answered += 1
                if one.remark:
                    findings.append(Remark(Problem(one.remark, document.place(one.path)), "note"))
                shape, question = getattr(answer, "shape", ()), form.handout.questions[question_id]
                words = f"{question.title} {question.prompt}"
                reading = Reading(
                    answer, one.tree, one.path, document, form.sheet, shape, question=words
                )
                findings += kind_of_form(answer).inspect(reading)
        unanswered = tuple(_missing(form, found))
    findings.sort(key=lambda f: (f.problem.place.line or 0, f.problem.place.column or 0))
    if len(findings) > DEFAULT.problems:
        findings.sort(key=lambda finding: finding.level == "note")
        rest = Problem(
            f"there is more to say; only {DEFAULT.problems} are listed", document.place()
        )
        findings = [*findings[: DEFAULT.problems], Remark(rest, "note")]
    asked = sum(1 for _ in form.handout.forms)
    return Validation(document.name, tuple(findings), answered, asked, unanswered)


def validate_bytes(data: bytes, name: str, form_of: Callable[[Document], Form]) -> Validation:
    """Validate the bytes of a file; ``form_of`` finds the form for a document that was read.

    ``form_of`` raises :class:`InputError` where there is none.
    """
    try:
        document = parse_document(data, name)
        form = form_of(document)
    except InputError as error:
        return unusable(name, error)
    return validate_document(document, form)


def unusable(name: str, error: InputError) -> Validation:
    """Return what is said of a file that can't be read."""
    return Validation(name, tuple(Remark(problem, "error") for problem in error.problems))


def _envelope(document: Document, form: Form) -> Iterator[Remark]:
    """Whose submission it is, and to what."""
    try:
        validate(Submission, document)
    except InputError as error:
        yield from (Remark(problem, "error") for problem in error.problems)
    data = document.data if isinstance(document.data, dict) else {}
    said = data.get("assignment")
    if isinstance(said, str) and said.strip() and said.strip() != form.handout.assignment:
        problem = Problem(
            "this submission answers another assignment",
            document.place(("assignment",)),
            f"`{form.handout.assignment}`",
            f"`{said.strip()}`",
        )
        yield Remark(problem, "error")
    student = data.get("student")
    path: TreePath = ("student", "id") if isinstance(student, dict) else ("student",)
    id = student.get("id") if isinstance(student, dict) else student
    if isinstance(id, str) and id.strip() == PLACEHOLDER_ID:
        problem = Problem(
            "the student is still the template's", document.place(path), "your own id", f"`{id}`"
        )
        yield Remark(problem, "error")


def _missing(form: Form, found: Mapping[tuple[str, str], Located]) -> Iterator[str]:
    """Yield what is not answered: a question by itself where nothing of it is."""
    for question, ids in form.answers.items():
        open_ids = [
            id
            for id in ids
            if (question, id) not in found
            or is_missing(found[question, id].tree, form.placeholders)
        ]
        if len(open_ids) == len(ids):
            yield question
        else:
            yield from (f"{question} {id}" for id in open_ids)


# --- finding the form -------------------------------------------------------------------------


def said_assignment(document: Document) -> str:
    """Return the assignment that a submission says it answers. Raises :class:`InputError`."""
    data = document.data
    said = data.get("assignment") if isinstance(data, dict) else None
    if not isinstance(said, str) or not said.strip():
        message = "the file does not say which assignment it answers"
        raise InputError([Problem(message, document.place(), "`assignment:` and the id")])
    return said.strip()


def handout_beside(id: str, folders: Sequence[Path]) -> Path | None:
    """Return the handout ``<id>.handout.yaml`` in one of some folders."""
    if not id.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return None
    for folder in folders:
        path = folder / f"{id}.handout.yaml"
        if path.is_file():
            return path
    return None


def looks_like_a_submission(data: bytes, name: str) -> bool:
    """Whether a file means to be a submission: it has ``answers:`` and is no other file of ours."""
    try:
        document = parse_document(data, name)
    except InputError:
        return _ANSWERS.search(data) is not None
    return isinstance(document.data, dict) and "answers" in document.data
