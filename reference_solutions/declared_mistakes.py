"""Mistakes that a sheet declares: what stands in place of a step, or of an answer's value.

A formula used instead of a step becomes a family of its own, which nothing of the reference takes;
an edit puts it in the step's place. It is read as the step's own formula is, in its index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reference_solutions.definition_text import DefinitionError, Step, parse_definition
from reference_solutions.definitions import Definitions
from reference_solutions.graph import Array, Family, Graph, Key
from reference_solutions.graph.index_variables import with_indices_as_numbers
from submissions_schema.declared_mistakes import Commonness
from submissions_schema.nearness import nearest

AnswerKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class WrongFormula:
    """A formula used instead of the step ``at``."""

    id: str
    says: str
    commonness: Commonness
    at: str
    used: str


@dataclass(frozen=True, slots=True)
class WrongValue:
    """A wrong value of an answer: a formula, or numbers."""

    id: str
    says: str
    commonness: Commonness
    answer: AnswerKey
    value: str | Array


Declared = WrongFormula | WrongValue


@dataclass(frozen=True, slots=True)
class DeclaredEdit:
    """What a declared mistake puts in place of ``replaced``, a family or an answer's quantity.

    ``family`` computes it, or it is ``value``.
    """

    id: str
    says: str
    commonness: Commonness
    replaced: str | Key
    family: str = ""
    value: Array | None = None


def define_mistakes(
    made: Definitions,
    steps: Sequence[Step],
    ranges: Mapping[str, range],
    answers: Mapping[AnswerKey, Key],
    declared: Sequence[Declared],
) -> tuple[DeclaredEdit, ...]:
    """Add what mistakes compute to the families. Raises :class:`DefinitionError`."""
    found: list[DeclaredEdit] = []
    for mistake in declared:
        if isinstance(mistake, WrongFormula):
            found.append(_of_step(made, steps, ranges, mistake))
        else:
            found.append(_of_answer(made, ranges, answers, mistake))
    return tuple(found)


def _of_step(
    made: Definitions, steps: Sequence[Step], ranges: Mapping[str, range], mistake: WrongFormula
) -> DeclaredEdit:
    names = {name: step for step in steps for name in (step.key, step.family)}
    step = names.get(mistake.at.strip())
    place = ("mistakes", mistake.id, "at")
    if step is None:
        near = nearest(mistake.at, names)
        hint = f"; did you mean `{near}`?" if near else ""
        raise DefinitionError(f"there is no step `{mistake.at}`{hint}", place)
    place = ("mistakes", mistake.id, "used")
    expression = with_indices_as_numbers(
        parse_definition(mistake.used, ranges, place), step.variables
    )
    instances = made.builder.families[step.family].instances
    family = Family(f"mistake {mistake.id}", "variant", step.variables, instances)
    made.define_variant(family, expression, place)
    return DeclaredEdit(mistake.id, mistake.says, mistake.commonness, step.family, family.name)


def _of_answer(
    made: Definitions,
    ranges: Mapping[str, range],
    answers: Mapping[AnswerKey, Key],
    mistake: WrongValue,
) -> DeclaredEdit:
    key = answers.get(mistake.answer)
    if key is None:
        message = "nothing is computed for this answer, so it has no wrong value"
        raise DefinitionError(message, ("mistakes", mistake.id, "answer"))
    if not isinstance(mistake.value, str):
        value = mistake.value
        return DeclaredEdit(mistake.id, mistake.says, mistake.commonness, key, value=value)
    place = ("mistakes", mistake.id, "value")
    expression = parse_definition(mistake.value, ranges, place)
    family = Family(f"mistake {mistake.id}", "variant")
    made.define_variant(family, expression, place)
    return DeclaredEdit(mistake.id, mistake.says, mistake.commonness, key, family.name)


def check_mistakes(graph: Graph, edits: Sequence[DeclaredEdit]) -> None:
    """Refuse a mistake that can't be computed, or gives another shape than what it replaces."""
    for edit in edits:
        part = "used" if isinstance(edit.replaced, str) else "value"
        place = ("mistakes", edit.id, part)
        if isinstance(edit.replaced, str):
            indices = graph.families[edit.replaced].instances
            pairs = [((edit.replaced, at), (edit.family, at)) for at in indices]
        else:
            pairs = [(edit.replaced, (edit.family, ()))]
        for right, wrong in pairs:
            expected = graph.value(graph.ids[right])
            value = edit.value if edit.value is not None else _value(graph, wrong)
            if value is None or not np.isfinite(value).all():
                reason = graph.errors().get(graph.ids.get(wrong, -1), "it has no finite value")
                raise DefinitionError(f"this can't be computed: {reason}", place)
            if expected is not None and value.shape != expected.shape:
                raise DefinitionError(
                    f"this gives {_size(value)}, but {graph.show(right)} is {_size(expected)}",
                    place,
                )


def _value(graph: Graph, key: Key) -> Array | None:
    number = graph.ids.get(key)
    return None if number is None else graph.value(number)


def _size(value: Array) -> str:
    return f"{' x '.join(map(str, value.shape))} numbers" if value.shape else "a single number"
