"""The reference of an assignment file, and what is wrong with a file at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.declared_mistakes import Declared, WrongFormula, WrongValue
from reference_solutions.definition_text import DefinitionError
from reference_solutions.error_by_error import Definitions, errors_of
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.file_numbers import array_in, given_arrays
from reference_solutions.graph import Graph
from reference_solutions.language.formula import names_in, parse_formula
from reference_solutions.operations import callable_operations, catalogue
from reference_solutions.reference import Reference, build_reference
from reference_solutions.sampling import sample_reference
from submissions_schema.answers import AnswerSpec, ValuedAnswer
from submissions_schema.assignment_file import LoadedAssignmentFile
from submissions_schema.nearness import nearest
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import Tree, TreePath


def reference_of(
    loaded: LoadedAssignmentFile,
) -> tuple[Reference, Sequence[Mapping[str, Array]]]:
    """Return the reference, and the sampled values of its symbols. Raises :class:`InputError`."""
    file = loaded.file
    given = dict(given_arrays(loaded))
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
        value = tree if isinstance(tree, str) else array_in(loaded, tree, (*path, "value"))
        yield WrongValue(id, mistake.says, mistake.commonness, answer, value)
