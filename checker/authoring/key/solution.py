"""What a worked solution holds: every quantity with its formula and values, every right answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from checker.answer_kinds import kind_of
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.definition_text import functions, read_key
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Array, Family, Graph
from reference_solutions.graph.index_variables import with_indices_as_numbers
from reference_solutions.language.formula import parse_formula
from reference_solutions.language.notation import Notation
from reference_solutions.language.standing import as_written
from submissions_schema.answers import ValuedAnswer
from submissions_schema.quantities import Symbol

QuantityKind = Literal["given", "symbol", "step", "gradient"]


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a quantity. ``value`` is None where it depends on symbols."""

    name: str
    latex: str
    shape: tuple[int, ...]
    value: Array | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity with all its instances.

    ``formula`` is what the sheet has on the right-hand side; ``latex`` is the whole equation, which
    derived gradients have as well. ``says`` is what is said of a symbol.
    """

    name: str
    kind: QuantityKind
    formula: str
    latex: str
    says: str
    instances: tuple[Instance, ...]

    @property
    def is_family(self) -> bool:
        """Whether there is more than one instance to tell apart by name."""
        return [instance.name for instance in self.instances] != [self.name]


@dataclass(frozen=True, slots=True)
class RightAnswer:
    """What is right for one answer: a value, a formula as LaTeX, a text; nothing for a person.

    ``asks`` is the formula that asks for it.
    """

    question: str
    answer: str
    kind: str
    points: float
    asks: str
    value: Array | None
    latex: str
    text: str


@dataclass(frozen=True, slots=True)
class Solution:
    """A worked solution; ``whose`` are the numbers, where each student has some of their own."""

    whose: str
    assignment: str
    title: str
    content_hash: str
    quantities: tuple[Quantity, ...]
    answers: tuple[RightAnswer, ...]

    def of_kind(self, *kinds: QuantityKind) -> list[Quantity]:
        """Return the quantities of some kinds, in order."""
        return [quantity for quantity in self.quantities if quantity.kind in kinds]

    @property
    def by_question(self) -> Mapping[str, list[RightAnswer]]:
        """The answers to each question."""
        found: dict[str, list[RightAnswer]] = {}
        for answer in self.answers:
            found.setdefault(answer.question, []).append(answer)
        return found


def solution(assignment: Assignment, student: str = "") -> Solution:
    """Return the worked solution of an assignment, with the numbers that it has."""
    graph = assignment.reference.graph
    scalar = {name: _is_scalar(graph, family) for name, family in graph.families.items()}
    notation = Notation(graph.families, is_scalar=lambda name: scalar.get(name, False))
    file = assignment.file
    return Solution(
        student or ("an example" if assignment.draws is not None else ""),
        file.assignment,
        file.title,
        assignment.content_hash,
        tuple(_quantities(assignment, notation)),
        tuple(_right(asked, graph, notation) for asked in assignment.asked),
    )


def _formulas(assignment: Assignment) -> dict[str, str]:
    """Return the formulas of the steps as they were written, by the names of their families."""
    found = {}
    for key, formula in assignment.file.steps.items():
        name, index = read_key(key, assignment.reference.ranges)
        single = any(part.variable is None for part in index)
        found[f"{name}[{', '.join(map(str, index))}]" if single else name] = formula
    return found


def known_value(graph: Graph, node: int) -> Array | None:
    """Return the value of a node, or None if it depends on symbols."""
    value = graph.value(node)
    others = (graph.value(node, world) for world in range(1, graph.worlds))
    same = value is not None and all(o is not None and np.array_equal(o, value) for o in others)
    return value if same else None


def _is_scalar(graph: Graph, family: Family) -> bool:
    node = next((graph.ids[key] for key in _keys(graph, family)), None)
    value = None if node is None else graph.value(node)
    return value is not None and value.shape == ()


def _keys(graph: Graph, family: Family) -> Iterator[tuple[str, tuple[int, ...]]]:
    for index in family.instances:
        if (family.name, index) in graph.ids:
            yield family.name, index


def _quantities(assignment: Assignment, notation: Notation) -> Iterator[Quantity]:
    graph, symbols = assignment.reference.graph, assignment.file.symbols
    formulas, ranges = _formulas(assignment), assignment.reference.ranges
    gradients = []
    with_cases = {family.start_of for family in graph.families.values() if _is_case(family)}
    for family in graph.families.values():
        if family.is_named and not (family.is_index or family.rows_of or _is_case(family)):
            formula = formulas.get(family.name, "")
            found = _quantity(graph, notation, family, symbols.get(family.name), formula)
            if family.name in with_cases:
                found = replace(found, latex=_all_cases(family, formula, ranges, notation))
            yield found
        elif family.kind == "adjoint" and _is_shown(graph, notation, family):
            gradients.append(_gradient(graph, notation, family))
    yield from gradients


def _is_case(family: Family) -> bool:
    """Whether a family is a quantity of the sheet at those indices where a condition holds."""
    return family.is_start and family.start == tuple(Index(v) for v in family.variables)


def _all_cases(family: Family, formula: str, variables: Collection[str], notation: Notation) -> str:
    """Return a quantity with the whole of its formula, `where` and all, as LaTeX."""
    expression = parse_formula(formula, functions(), variables)
    right = notation.latex(with_indices_as_numbers(expression, variables))
    return f"{notation.left_side(family.name)} = {right}"


def _quantity(
    graph: Graph, notation: Notation, family: Family, symbol: Symbol | None, formula: str
) -> Quantity:
    kind: QuantityKind = "symbol" if symbol else "given" if family.kind == "given" else "step"
    name, at = as_written(family, family.variables)
    return Quantity(
        f"{name}[{', '.join(map(str, at))}]" if at else name,
        kind,
        " ".join(formula.split()),
        notation.equation(family.name),
        _symbol_words(symbol) if symbol else "",
        tuple(_instances(graph, notation, family)),
    )


def _symbol_words(symbol: Symbol) -> str:
    low_high = symbol.domain
    whole = "whole numbers " if symbol.integer else ""
    domain = f"{whole}from {low_high[0]:g} to {low_high[1]:g}" if low_high else whole.strip()
    return ", ".join(part for part in (symbol.describe, domain) if part)


def _is_shown(graph: Graph, notation: Notation, family: Family) -> bool:
    """Whether a gradient is more than a copy of another one."""
    below = graph.families[family.of]
    if below.is_start or family.rule is None or not any(True for _ in _keys(graph, family)):
        return False
    if below.name == family.root:
        return False
    return below.is_named or (
        notation.standing.alias(family, family.variables) is None
        and notation.standing.stacked(below.name) is None
    )


def _gradient(graph: Graph, notation: Notation, family: Family) -> Quantity:
    return Quantity(
        notation.words(family.name),
        "gradient",
        "",
        notation.equation(family.name),
        "",
        tuple(_instances(graph, notation, family)),
    )


def _instances(graph: Graph, notation: Notation, family: Family) -> Iterator[Instance]:
    for key in _keys(graph, family):
        node = graph.ids[key]
        value = graph.value(node)
        if value is None:
            continue
        yield Instance(
            notation.words(*key),
            notation.left_side(*key),
            value.shape,
            known_value(graph, node),
        )


def _right(asked: Asked, graph: Graph, notation: Notation) -> RightAnswer:
    spec = asked.spec
    node = None if asked.target is None else asked.target.node
    revealed = kind_of(spec).reveal(spec, node, graph, notation)
    return RightAnswer(
        asked.question,
        asked.answer,
        spec.kind,
        asked.points,
        spec.value if isinstance(spec, ValuedAnswer) else "",
        None if node is None or spec.symbolic else graph.value(node),
        revealed.latex,
        revealed.text or "",
    )
