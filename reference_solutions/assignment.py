"""An assignment: its file, its reference graph, and what each answer asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, islice
from pathlib import Path

from reference_solutions.definition_text import DefinitionError
from reference_solutions.drawing import parse_condition, tries, which_hold
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.file_numbers import given_arrays
from reference_solutions.file_reference import reference_of
from reference_solutions.graph import Array
from reference_solutions.reference import Reference, Target
from submissions_schema.answers import AnswerSpec
from submissions_schema.assignment_file import (
    AssignmentFile,
    LoadedAssignmentFile,
    load_assignment_file,
)
from submissions_schema.grading_settings import Marking, Matching
from submissions_schema.problems import InputError, Problem
from submissions_schema.yaml_reader import Tree


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
                for arrays in (dict(given_arrays(one)) for one in drawn)
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
        reference, _ = reference_of(loaded)
        return Assignment(
            loaded.file, loaded.content_hash, reference, _asked(loaded.file, reference)
        )
    refused: InputError | None = None
    for given in islice(tries(loaded.file.given, loaded.file.assignment, _EXAMPLE, ""), _BUILT):
        drawn = _with_given(loaded, given)
        try:
            reference, worlds = reference_of(drawn)
        except InputError as error:
            refused = error
            continue
        own = [{**dict(given_arrays(drawn)), **world} for world in worlds]
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
