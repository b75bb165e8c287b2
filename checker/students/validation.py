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
from typing import Literal

import numpy as np

from checker.answer_kinds import kind_of
from checker.answer_kinds.kind import Reading, Sheet
from checker.answer_kinds.reading.arrays import read_array
from checker.answer_kinds.reading.formulas import read_formula, unknown_quantity
from checker.answer_kinds.reading.orders import read_order
from checker.answer_kinds.reading.quantities import expand_sums
from checker.answer_kinds.reading.written import PLACEHOLDERS, Unreadable, is_missing
from checker.grading.locating import locate
from checker.reports.wording import plural
from checker.students.handout import AnswerForm, Handout, names_of, split_name
from checker.students.wording import words_wanted
from reference_solutions.assignment import Assignment
from reference_solutions.graph import Array, Family, Graph, Key
from reference_solutions.language.expression import Name
from reference_solutions.language.formula import FormulaError, parse_formula
from reference_solutions.operations import callable_operations
from submissions_schema.assignment_file import ChoiceAnswer
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.submission import PLACEHOLDER_ID, Submission
from submissions_schema.validation import validate
from submissions_schema.written_number import NotANumberError, read_number
from submissions_schema.yaml_reader import DEFAULT, Document, Tree, TreePath, parse_document

Level = Literal["error", "note"]

_CONSTANTS = ("e", "pi")
_ANSWERS = re.compile(rb"^(?:\xef\xbb\xbf)?['\"]?answers['\"]?[ \t]*:", re.MULTILINE)
"""The key by which a submission is known, where the file can't be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of a file: an error keeps it from being graded as it is meant."""

    problem: Problem
    level: Level

    def __str__(self) -> str:
        return f"{self.problem.place}: {self.level}: {self.problem.text}"


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found in one file, in the order of the file."""

    file: str
    findings: tuple[Finding, ...]
    answered: int = 0
    asked: int = 0

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(finding.level == "error" for finding in self.findings)

    @property
    def summary(self) -> str:
        """How the file stands, in a line."""
        given = f"{self.answered} of {self.asked} answers are given"
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
    def graphs(self) -> Sequence[Graph]:
        """Graphs to try a formula in: the reference, or quantities with made-up values."""
        if self.assignment is not None:
            return [self.assignment.reference.graph]
        return [_made_up(self.handout, values) for values in _VALUES]

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
    findings = [*_envelope(document, form)]
    data = document.data
    block = data.get("answers") if isinstance(data, dict) else None
    answered = 0
    if isinstance(block, dict):
        known = form.answers
        found, problems = locate(document, block, known)
        findings += [Finding(problem, "error") for problem in problems]
        for question_id, answer_id, answer in form.handout.forms:
            tree, path = found.get((question_id, answer_id), (None, None))
            if path is not None and not is_missing(tree, form.placeholders):
                answered += 1
                findings += _answer(tree, path, answer, form, document)
        findings += _missing(document, form, found)
    findings.sort(key=lambda f: (f.problem.place.line or 0, f.problem.place.column or 0))
    if len(findings) > DEFAULT.problems:
        findings.sort(key=lambda finding: finding.level == "note")
        rest = Problem(
            f"there is more to say; only {DEFAULT.problems} are listed", document.place()
        )
        findings = [*findings[: DEFAULT.problems], Finding(rest, "note")]
    asked = sum(1 for _ in form.handout.forms)
    return Validation(document.name, tuple(findings), answered, asked)


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
    return Validation(name, tuple(Finding(problem, "error") for problem in error.problems))


def _envelope(document: Document, form: Form) -> Iterator[Finding]:
    """Whose submission it is, and to what."""
    try:
        validate(Submission, document)
    except InputError as error:
        yield from (Finding(problem, "error") for problem in error.problems)
    data = document.data if isinstance(document.data, dict) else {}
    said = data.get("assignment")
    if isinstance(said, str) and said.strip() and said.strip() != form.handout.assignment:
        problem = Problem(
            "this submission answers another assignment",
            document.place(("assignment",)),
            f"`{form.handout.assignment}`",
            f"`{said.strip()}`",
        )
        yield Finding(problem, "error")
    student = data.get("student")
    path: TreePath = ("student", "id") if isinstance(student, dict) else ("student",)
    id = student.get("id") if isinstance(student, dict) else student
    if isinstance(id, str) and id.strip() == PLACEHOLDER_ID:
        problem = Problem(
            "the student is still the template's", document.place(path), "your own id", f"`{id}`"
        )
        yield Finding(problem, "error")


def _missing(
    document: Document, form: Form, found: Mapping[tuple[str, str], tuple[Tree, TreePath]]
) -> Iterator[Finding]:
    """Say what is not answered: once for a question of which nothing is."""
    for question, ids in form.answers.items():
        path: TreePath = ("answers", question)
        open_ids = [
            id
            for id in ids
            if (question, id) not in found or is_missing(found[question, id][0], form.placeholders)
        ]
        if len(open_ids) == len(ids):
            of = f" ({len(ids)} answers)" if len(ids) > 1 else ""
            problem = Problem(f"`{question}` is not answered{of}", _key_place(document, path))
            yield Finding(problem, "note")
            continue
        for id in open_ids:
            problem = Problem(
                f"`{id}` of `{question}` is not answered", _key_place(document, (*path, id))
            )
            yield Finding(problem, "note")


def _key_place(document: Document, path: TreePath) -> Place:
    """Return the place of a key, or of the nearest one above it that is there."""
    tree: Tree = document.data
    for depth, part in enumerate(path):
        if not isinstance(tree, dict) or not isinstance(part, str) or part not in tree:
            return document.key_place(path[:depth])
        tree = tree[part]
    return document.key_place(path)


# --- one answer -------------------------------------------------------------------------------


def _answer(
    tree: Tree, path: TreePath, answer: AnswerForm, form: Form, document: Document
) -> Iterator[Finding]:
    match answer.kind:
        case "number" | "integer":
            yield from _numbers(tree, path, answer, document)
        case "choice":
            yield from _choice(tree, path, answer, form, document)
        case "formula":
            yield from _formula(tree, path, answer, form, document)
        case "order":
            yield from _order(tree, path, form, document)
        case "text" | "notebook":
            yield from _text(tree, path, answer, document)


def _errors(problems: Sequence[Problem]) -> Iterator[Finding]:
    return (Finding(problem, "error") for problem in problems)


def _numbers(
    tree: Tree, path: TreePath, answer: AnswerForm, document: Document
) -> Iterator[Finding]:
    read = read_array(tree, answer.shape, document, path)
    leaves = list(_leaves(tree, path))
    if isinstance(read, Unreadable):
        problems = list(read.problems)
        for text, at in leaves if read.numbers is None and isinstance(tree, list) else ():
            entry = read_array(text, (), document, at)
            problems += entry.problems if isinstance(entry, Unreadable) else ()
        yield from _errors(list(dict.fromkeys(problems)))
        return
    coarse: dict[str, TreePath] = {}
    least = answer.min_significant_figures or 0
    for text, at in leaves:
        try:
            number = read_number(text)
        except NotANumberError:
            continue
        if answer.kind == "integer":
            if not number.value.is_integer():
                message = f"`{text.strip()}` is no whole number, and one is asked for"
                yield Finding(Problem(message, document.place(at)), "note")
        elif not number.is_integer and number.value and number.significant_figures < least:
            coarse.setdefault(text.strip(), at)
    if coarse:
        shown = ", ".join(f"`{text}`" for text in [*coarse][:3])
        more = f" and {len(coarse) - 3} more" if len(coarse) > 3 else ""
        digits = plural(least, "significant digit")
        message = f"{shown}{more}: write at least {digits}, unless the value is exact"
        yield Finding(Problem(message, document.place(next(iter(coarse.values())))), "note")


def _leaves(tree: Tree, path: TreePath) -> Iterator[tuple[str, TreePath]]:
    if isinstance(tree, str):
        yield tree, path
    elif isinstance(tree, list):
        for at, item in enumerate(tree):
            yield from _leaves(item, (*path, at))


def _choice(
    tree: Tree, path: TreePath, answer: AnswerForm, form: Form, document: Document
) -> Iterator[Finding]:
    # What is right is not known here, and not asked: only whether the options are offered.
    spec = ChoiceAnswer(kind="choice", options=answer.options, correct=[])
    sheet = Sheet(form.graphs[0], form.handout.ranges, form.handout.symbols)
    read = kind_of(spec).read(Reading(spec, tree, path, document, sheet))
    if isinstance(read, Unreadable):
        yield from _errors(read.problems)


def _formula(
    tree: Tree, path: TreePath, answer: AnswerForm, form: Form, document: Document
) -> Iterator[Finding]:
    if not isinstance(tree, str):
        what = "a list" if isinstance(tree, list) else "a mapping"
        yield from _errors([Problem("this is no formula", document.place(path), "a formula", what)])
        return
    problems = list(_unknown_names(tree, path, answer, form, document))
    if problems:
        yield from _errors(problems)
        return
    first: Unreadable | None = None
    for graph in form.graphs:
        read = read_formula(tree, graph, form.handout.ranges, answer.shape, document, path)
        if not isinstance(read, Unreadable):
            return
        if form.assignment is None and "is not defined" in read.message:
            # It can be read; whether it has a value depends on values that are not known here.
            return
        first = first or read
    if first is not None:
        yield from _errors(first.problems)


def _unknown_names(
    text: str, path: TreePath, answer: AnswerForm, form: Form, document: Document
) -> Iterator[Problem]:
    """Find every name that may not stand in a formula, or what keeps it from being read."""
    handout = form.handout
    try:
        expression = parse_formula(text, list(callable_operations()), handout.ranges)
        expression = expand_sums(expression, handout.ranges)
    except FormulaError as error:
        yield Problem(error.message, document.text_offset_place(path, error.offset))
        return
    allowed = {split_name(key)[0] for key in names_of(handout, answer)}
    asked_for = [(name, ranges) for name, ranges in map(split_name, answer.but_not)]
    known = {split_name(key)[0] for key in handout.names}
    said: set[str] = set()
    for node in expression.walk():
        if not isinstance(node, Name):
            continue
        place = document.text_offset_place(path, node.start)
        what = next(filter(None, (_names_it(node, *one) for one in asked_for)), "")
        if what:
            if node.name not in said:
                yield Problem(f"`{node.name}` {what}; write it out", place)
            said.add(node.name)
            continue
        if node.name in allowed | said | set(handout.ranges):
            continue
        if node.name in _CONSTANTS and not node.index:
            continue
        said.add(node.name)
        if node.name in known:
            message = f"`{node.name}` may not be used in this answer"
            yield Problem(message, place, ", ".join(f"`{name}`" for name in sorted(allowed)))
        else:
            message = unknown_quantity(node, form.graphs[0], handout.ranges, sorted(allowed))
            yield Problem(message, place)


def _names_it(node: Name, name: str, ranges: Sequence[range]) -> str:
    """Return what to say of a name that is what is asked for, or holds it; empty for another."""
    index = [part.offset if part.variable is None else None for part in node.index[: len(ranges)]]
    if node.name != name or index != [r[0] for r in ranges][: len(index)]:
        return ""
    return "is what is asked for" if len(index) == len(ranges) else "holds what is asked for"


def _order(tree: Tree, path: TreePath, form: Form, document: Document) -> Iterator[Finding]:
    if not isinstance(tree, str):
        what = "a list" if isinstance(tree, list) else "a mapping"
        expected = "one expression, such as `O(n**2)`"
        problem = Problem("this is no order of growth", document.place(path), expected, what)
        yield Finding(problem, "error")
        return
    read = read_order(tree, dict.fromkeys(form.handout.symbols), document, path)
    if isinstance(read, Unreadable):
        yield from _errors(read.problems)


def _text(tree: Tree, path: TreePath, answer: AnswerForm, document: Document) -> Iterator[Finding]:
    if isinstance(tree, dict) and len(tree) == 1:
        tree = next(iter(tree.values()))
    if not isinstance(tree, str):
        what = "a list" if isinstance(tree, list) else "a mapping"
        yield from _errors([Problem("a text is asked for", document.place(path), "text", what)])
        return
    words = len(tree.split())
    low, high = answer.min_words or 0, answer.max_words
    if words < low or (high is not None and words > high):
        which = "short" if words < low else "long"
        message = f"this text is too {which}"
        got = plural(words, "word")
        yield from _errors([Problem(message, document.place(path), words_wanted(answer), got)])


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
