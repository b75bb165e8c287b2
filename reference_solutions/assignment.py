"""An assignment: its file, its reference graph, and what each answer asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import compress, islice
from pathlib import Path

import numpy as np

from reference_solutions.declared_mistakes import Declared, WrongFormula, WrongValue
from reference_solutions.definition_text import DefinitionError
from reference_solutions.drawing import parse_condition, tries, which_hold
from reference_solutions.error_by_error import Definitions, errors_of
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.graph import Array, Graph
from reference_solutions.language.evaluation import evaluate_number
from reference_solutions.language.formula import names_in, parse_formula
from reference_solutions.operations import callable_operations, catalogue
from reference_solutions.reference import Reference, Target, build_reference
from reference_solutions.sampling import sample_reference
from submissions_schema.answers import AnswerSpec, ValuedAnswer
from submissions_schema.assignment_file import (
    AssignmentFile,
    LoadedAssignmentFile,
    load_assignment_file,
)
from submissions_schema.grading_settings import Marking, Matching
from submissions_schema.nearness import nearest
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import Tree, TreePath

SHIPPED = Path(__file__).parent / "assignments"


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer that is asked for. ``target`` is None where nothing is computed (a text).

    ``matching`` is what it must agree with, and ``marking`` what it earns.
    """

    question: str
    answer: str
    spec: AnswerSpec
    points: float
    matching: Matching
    marking: Marking
    target: Target | None


_AT_ONCE = 16
"""How many sets of numbers are drawn before conditions on them are looked at."""


@dataclass(frozen=True, slots=True)
class Draws:
    """How the numbers of each student are drawn.

    ``worlds`` are the sampled values of symbols, the same for all.
    """

    loaded: LoadedAssignmentFile
    worlds: tuple[Mapping[str, Array], ...]


@dataclass(frozen=True)
class Assignment:
    """An assignment that is ready to grade with."""

    file: AssignmentFile
    content_hash: str
    reference: Reference
    asked: tuple[Asked, ...]
    draws: Draws | None = None
    """How its numbers are drawn, if each student has numbers of their own.

    Those that stand in ``file`` and ``reference`` are then an example, and nobody's.
    """

    @property
    def id(self) -> str:
        """The assignment's id."""
        return self.file.assignment

    @cached_property
    def by_question(self) -> Mapping[str, tuple[Asked, ...]]:
        """The answers of each question, in order."""
        found: dict[str, list[Asked]] = {question: [] for question in self.file.questions}
        for asked in self.asked:
            found[asked.question].append(asked)
        return {question: tuple(answers) for question, answers in found.items()}

    def of_student(self, student: str, seed: bytes) -> Assignment:
        """Return the assignment with one student's own numbers.

        It shares its graph's structure with this one. Raises :class:`InputError` where no numbers
        are found that are as required.
        """
        if self.draws is None:
            return self
        loaded, worlds = self.draws.loaded, self.draws.worlds
        found = tries(loaded.file.given, self.id, seed, student)
        count = 1
        while some := list(islice(found, min(count, _AT_ONCE))):
            count *= 2
            drawn = [_with_given(loaded, given) for given in some]
            sets = [
                [{**arrays, **world} for world in worlds]
                for arrays in (dict(_given_arrays(one)) for one in drawn)
            ]
            fitting = _as_required(loaded, self.reference, sets)
            for one, own in compress(zip(drawn, sets, strict=True), fitting):
                try:
                    (reference,) = self.reference.each_with_given([own])
                except DefinitionError:
                    continue
                return replace(self, file=one.file, reference=reference, draws=None)
        raise _no_draw(loaded)


def load_assignment(path: Path, *, name: str | None = None) -> Assignment:
    """Read an assignment and build its reference solution.

    Raises :class:`InputError` with every problem found and its place in the file.
    """
    loaded = load_assignment_file(path, name=name)
    return build_assignment(loaded)


def build_assignment(loaded: LoadedAssignmentFile) -> Assignment:
    """Return the assignment of a file that was read. Raises :class:`InputError`."""
    if not loaded.file.draws:
        reference, _ = _reference(loaded)
        return Assignment(
            loaded.file, loaded.content_hash, reference, _asked(loaded.file, reference)
        )
    refused: InputError | None = None
    for given in islice(tries(loaded.file.given, loaded.file.assignment, _EXAMPLE, ""), _BUILT):
        drawn = _with_given(loaded, given)
        try:
            reference, worlds = _reference(drawn)
        except InputError as error:
            refused = error
            continue
        own = [{**dict(_given_arrays(drawn)), **world} for world in worlds]
        if all(_as_required(loaded, reference, [own])):
            asked = _asked(drawn.file, reference)
            draws = Draws(loaded, tuple(worlds))
            return Assignment(drawn.file, loaded.content_hash, reference, asked, draws)
    raise refused or _no_draw(loaded)


_EXAMPLE = b"example"
"""The seed of numbers that are nobody's: they show what an assignment is like."""

_BUILT = 200
"""How often an example is drawn."""


def _with_given(loaded: LoadedAssignmentFile, given: Mapping[str, Tree]) -> LoadedAssignmentFile:
    return replace(loaded, file=loaded.file.model_copy(update={"given": dict(given)}))


def _as_required(
    loaded: LoadedAssignmentFile,
    reference: Reference,
    sets: Sequence[Sequence[Mapping[str, Array]]],
) -> list[bool]:
    """Say which drawn numbers are as required. Raises :class:`InputError`."""
    try:
        conditions = [parse_condition(text, reference.ranges) for text in loaded.file.require]
        return which_hold(conditions, reference, sets)
    except FormulaError:
        raise InputError(list(_wrong_conditions(loaded, reference, sets[:1]))) from None


def _wrong_conditions(
    loaded: LoadedAssignmentFile,
    reference: Reference,
    sets: Sequence[Sequence[Mapping[str, Array]]],
) -> Iterator[Problem]:
    for at, text in enumerate(loaded.file.require):
        try:
            which_hold([parse_condition(text, reference.ranges)], reference, sets)
        except FormulaError as error:
            place = loaded.document.text_offset_place(("require", at), error.offset)
            yield Problem(error.message, place)


def _no_draw(loaded: LoadedAssignmentFile) -> InputError:
    message = "no numbers were found that are as required: widen what is drawn, or require less"
    return InputError([Problem(message, loaded.document.place(("require",)))])


def draws(assignment: Assignment, count: int) -> Iterator[Assignment]:
    """Yield an assignment with the numbers of so many made-up students.

    Raises :class:`InputError` for one for whom no numbers are found.
    """
    for number in range(count):
        yield assignment.of_student(f"example {number}", _EXAMPLE)


def _reference(
    loaded: LoadedAssignmentFile,
) -> tuple[Reference, Sequence[Mapping[str, Array]]]:
    """Return the reference, and the sampled values of its symbols. Raises :class:`InputError`."""
    file = loaded.file
    given = dict(_given_arrays(loaded))
    answers: dict[tuple[str, str], str] = {}
    for question_id, question in file.questions.items():
        for answer_id, answer in question.answers.items():
            if isinstance(answer, ValuedAnswer) and answer.computed:
                answers[question_id, answer_id] = answer.value
    ranges = {name: index.values for name, index in file.index.items()}
    everything = Definitions(given, file.steps, answers)
    mistakes = list(_declared(loaded))
    worlds: Sequence[Mapping[str, Array]] = ()

    def build(definitions: Definitions) -> Reference:
        given, steps, answers = definitions.given, definitions.steps, definitions.answers
        declared = mistakes if definitions is everything else []

        def at(sampled: Sequence[Mapping[str, Array]]) -> Reference:
            nonlocal worlds
            worlds = sampled
            own = [{**given, **world} for world in sampled]
            return build_reference(ranges, own, steps, answers, declared)

        return sample_reference(file.symbols, at)

    try:
        reference = build(everything)
    except DefinitionError as error:
        errors = errors_of(error, everything, build, sampled=bool(file.symbols))
        raise InputError(_problems(loaded, errors)) from None
    if wrong := list(_wrong_kinds(loaded, reference)):
        raise InputError(_problems(loaded, wrong))
    return reference, worlds


def _asked(file: AssignmentFile, reference: Reference) -> tuple[Asked, ...]:
    targets = {(target.question, target.answer): target for target in reference.targets}
    asked = []
    for question_id, question in file.questions.items():
        points = question.answer_points
        marking = file.marking_for(question_id)
        for answer_id, answer in question.answers.items():
            asked.append(
                Asked(
                    question_id,
                    answer_id,
                    answer,
                    points[answer_id],
                    file.matching_for(question_id, answer_id),
                    marking,
                    targets.get((question_id, answer_id)),
                )
            )
    return tuple(asked)


def _problems(loaded: LoadedAssignmentFile, errors: Sequence[DefinitionError]) -> list[Problem]:
    """Return errors with their places, in the order of the file."""
    found = [Problem(error.message, _place(loaded, error)) for error in errors]
    return sorted(found, key=lambda one: (one.place.line or 0, one.place.column or 0))


def _wrong_kinds(loaded: LoadedAssignmentFile, reference: Reference) -> Iterator[DefinitionError]:
    """Yield what is no answer of its kind: numbers don't depend on symbols, formulas need some."""
    for target in reference.targets:
        spec = loaded.file.questions[target.question].answers[target.answer]
        message = _misfit_of_kind(loaded, reference.graph, target.node, spec)
        if message:
            yield DefinitionError(message, ("questions", target.question, target.answer))
    names = list(loaded.file.symbols)
    for question_id, question in loaded.file.questions.items():
        for answer_id, answer in question.answers.items():
            if isinstance(answer, ValuedAnswer) and not answer.computed:
                try:
                    _check_in_symbols(answer, names, ("questions", question_id, answer_id))
                except DefinitionError as error:
                    yield error


def _misfit_of_kind(loaded: LoadedAssignmentFile, graph: Graph, node: int, spec: AnswerSpec) -> str:
    """Return why a value is not one of the kind that is asked for; empty if it is."""
    values = [graph.value(node, world) for world in range(graph.worlds)]
    first = values[0]
    if first is None or any(value is None for value in values):
        return "this can't be computed from what is given"
    same = all(value is not None and np.array_equal(value, first) for value in values)
    if not spec.symbolic and not same:
        return "this depends on a symbol, so it is a formula: write `kind: formula`"
    if spec.symbolic and not loaded.file.symbols:
        return "a formula is compared at sampled values: declare what varies under `symbols`"
    return ""


def _check_in_symbols(
    answer: ValuedAnswer, names: Sequence[str], definition: tuple[str, ...]
) -> None:
    try:
        used = names_in(parse_formula(answer.value, list(callable_operations())))
    except FormulaError as error:
        raise DefinitionError(error.message, definition, error.offset) from None
    for name, offset in used.items():
        if name not in names:
            raise DefinitionError(
                f"unknown quantity `{name}`: an order of growth is stated in symbols",
                definition,
                offset,
            )


def _place(loaded: LoadedAssignmentFile, error: DefinitionError) -> Place:
    path: TreePath = error.definition
    if path[0] == "questions":
        path = ("questions", path[1], "answers", path[2])
        tree: Tree = loaded.document.data
        for part in path:
            tree = tree[part] if isinstance(tree, dict) and isinstance(part, str) else None
        if isinstance(tree, dict):
            path = (*path, "value")
    if error.in_key:
        return loaded.document.key_place(path)
    return loaded.document.text_offset_place(path, error.offset)


def _declared(loaded: LoadedAssignmentFile) -> Iterator[Declared]:
    """Yield the mistakes that the file declares. Raises :class:`InputError`."""
    answers = {
        f"{question_id}.{answer_id}": (question_id, answer_id)
        for question_id, question in loaded.file.questions.items()
        for answer_id in question.answers
    }
    for id, mistake in loaded.file.mistakes.items():
        path: TreePath = ("mistakes", id)
        if id in catalogue():
            place = loaded.document.key_place(path)
            raise InputError([Problem(f"`{id}` is a mistake that is known already", place)])
        if mistake.at is not None and mistake.used is not None:
            yield WrongFormula(id, mistake.says, mistake.commonness, mistake.at, mistake.used)
            continue
        assert mistake.answer is not None
        answer = answers.get(mistake.answer)
        if answer is None:
            near = nearest(mistake.answer, answers)
            hint = f"; did you mean `{near}`?" if near else ""
            place = loaded.document.place((*path, "answer"))
            raise InputError([Problem(f"there is no answer `{mistake.answer}`{hint}", place)])
        tree: Tree = mistake.value
        value = tree if isinstance(tree, str) else _array(loaded, tree, (*path, "value"))
        yield WrongValue(id, mistake.says, mistake.commonness, answer, value)


def _given_arrays(loaded: LoadedAssignmentFile) -> Iterator[tuple[str, Array]]:
    problems: list[Problem] = []
    for name, tree in loaded.file.given.items():
        try:
            yield name, _array(loaded, tree, ("given", name))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)


def _array(loaded: LoadedAssignmentFile, tree: Tree, path: TreePath) -> Array:
    numbers = _numbers(loaded, tree, path)
    try:
        return np.array(numbers, dtype=np.float64)
    except (TypeError, ValueError):
        place = loaded.document.place(path)
        problem = Problem("these are no rows of one length", place, "lists of numbers")
        raise InputError([problem]) from None


@lru_cache(maxsize=10_000)
def _number(text: str) -> float:
    # Of numbers that are drawn the same few come again and again.
    return evaluate_number(text)


def _numbers(loaded: LoadedAssignmentFile, tree: Tree, path: TreePath) -> object:
    if isinstance(tree, list):
        return [_numbers(loaded, item, (*path, i)) for i, item in enumerate(tree)]
    try:
        return _number(str(tree))
    except FormulaError as error:
        place = loaded.document.text_offset_place(path, error.offset)
        raise InputError([Problem(error.message, place, "a number", f"`{tree}`")]) from None


# --- shipped assignments ----------------------------------------------------------------------


def shipped_assignments() -> dict[str, Path]:
    """Return the assignments that come with the package, by id."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def find_assignment(id_or_path: str) -> Path:
    """Return the file of an assignment, by the id of a shipped one or by its path.

    An id is never looked up among files: a repository could bring a file of that name. Raises
    :class:`InputError` with a suggestion where there is none.
    """
    shipped = shipped_assignments()
    if id_or_path in shipped:
        return shipped[id_or_path]
    path = Path(id_or_path)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    near = nearest(id_or_path, shipped)
    hint = f"; did you mean `{near}`?" if near else ""
    raise InputError(
        [
            Problem(
                f"there is no assignment `{id_or_path}`{hint}",
                Place("--assignment"),
                f"a file, or one of {', '.join(shipped)}",
                "a folder" if path.is_dir() else None,
            )
        ]
    )
