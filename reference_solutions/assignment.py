"""An assignment: its file, its reference graph, and what each answer asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from reference_solutions.declared_mistakes import Declared, WrongFormula, WrongValue
from reference_solutions.definition_text import DefinitionError
from reference_solutions.error_by_error import Definitions, errors_of
from reference_solutions.graph import Array, Graph
from reference_solutions.language.evaluation import evaluate_number
from reference_solutions.language.formula import names_in, parse_formula
from reference_solutions.language.formula_error import FormulaError
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
    """One answer that is asked for. ``target`` is None where nothing is computed (a text)."""

    question: str
    answer: str
    spec: AnswerSpec
    points: float
    matching: Matching
    target: Target | None


@dataclass(frozen=True)
class Assignment:
    """An assignment that is ready to grade with."""

    file: AssignmentFile
    content_hash: str
    reference: Reference
    asked: tuple[Asked, ...]

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

    def marking(self, question: str) -> Marking:
        """Return what answers of a question earn."""
        return self.file.marking_for(question)


def load_assignment(path: Path, *, name: str | None = None) -> Assignment:
    """Read an assignment and build its reference solution.

    Raises :class:`InputError` with every problem found and its place in the file.
    """
    loaded = load_assignment_file(path, name=name)
    return build_assignment(loaded)


def build_assignment(loaded: LoadedAssignmentFile) -> Assignment:
    """Return the assignment of a file that was read. Raises :class:`InputError`."""
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

    def build(definitions: Definitions) -> Reference:
        given, steps, answers = definitions.given, definitions.steps, definitions.answers
        declared = mistakes if definitions is everything else []
        return sample_reference(
            file.symbols,
            lambda worlds: build_reference(
                ranges, [{**given, **sampled} for sampled in worlds], steps, answers, declared
            ),
        )

    try:
        reference = build(everything)
    except DefinitionError as error:
        errors = errors_of(error, everything, build, sampled=bool(file.symbols))
        raise InputError(_problems(loaded, errors)) from None
    if wrong := list(_wrong_kinds(loaded, reference)):
        raise InputError(_problems(loaded, wrong))
    targets = {(target.question, target.answer): target for target in reference.targets}
    asked = []
    for question_id, question in file.questions.items():
        points = question.answer_points
        for answer_id, answer in question.answers.items():
            asked.append(
                Asked(
                    question_id,
                    answer_id,
                    answer,
                    points[answer_id],
                    file.matching_for(question_id, answer_id),
                    targets.get((question_id, answer_id)),
                )
            )
    return Assignment(file, loaded.content_hash, reference, tuple(asked))


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


def _numbers(loaded: LoadedAssignmentFile, tree: Tree, path: TreePath) -> object:
    if isinstance(tree, list):
        return [_numbers(loaded, item, (*path, i)) for i, item in enumerate(tree)]
    try:
        return evaluate_number(str(tree))
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
                None,
            )
        ]
    )
