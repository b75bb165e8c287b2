"""What the names in a formula stand for in a reference, and the value of a formula."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from reference_solutions.expressions.constants import CONSTANTS
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Index, Name, Number, Param
from reference_solutions.graph import Array, Family, Graph
from reference_solutions.graph.ranging import Over, decided, runs_over
from reference_solutions.language.evaluation import Allowance, evaluate
from reference_solutions.operations import operation_called
from reference_solutions.operations.operation import Operation

MAX_TERMS = 2_000
"""How many terms the sums of a student's formula may have, written out."""
MAX_PARTS = 20_000
"""How many parts a student's formula may have when its sums are written out."""


def known_names(graph: Graph) -> list[str]:
    """Return the quantities that a formula may use: the sheet's own, without derived ones."""
    return [
        family.name
        for family in graph.families.values()
        if family.is_named and not family.is_start and not family.is_index
    ]


def family_of(graph: Graph, name: Name) -> Family | None:
    """Return the family that a name in a formula belongs to; None for one that it may not use."""
    family = graph.families.get(name.name)
    return None if family is None or family.kind not in ("given", "step") else family


def instances_of(graph: Graph, family: Family, index: tuple[int, ...]) -> list[int]:
    """Return the nodes that a name with too few indices stands for, or its one node."""
    if len(index) == len(family.variables):
        node = graph.ids.get((family.name, index))
        return [] if node is None else [node]
    return [
        graph.ids[family.name, instance]
        for instance in family.instances
        if instance[: len(index)] == index
    ]


def origin_of(graph: Graph, node: int) -> int:
    """Return the node that another one is only a name for."""
    while True:
        rule = graph.families[graph.nodes[node].key[0]].rule
        inputs = graph.nodes[node].inputs
        if rule is None or rule.operation.role != "copy" or len(inputs) != 1:
            return node
        node = inputs[0]


def named_nodes(formula: Expression, graph: Graph, ranges: Mapping[str, range]) -> frozenset[int]:
    """Return the computed nodes that a formula takes by name: for the formula they are right."""
    found = set()
    for name in expand_sums(formula, ranges).walk():
        if isinstance(name, Name) and (family := family_of(graph, name)) and family.kind == "step":
            for node in nodes_of(name, graph):
                found |= {node, origin_of(graph, node)}
    return frozenset(found)


def nodes_of(name: Name, graph: Graph) -> list[int]:
    """Return the nodes that a name with numbers for its index stands for."""
    family = graph.families.get(name.name)
    if family is None:
        return []
    return instances_of(
        graph, family, tuple(part.offset for part in name.index[: len(family.variables)])
    )


def indices_of(family: Family) -> list[tuple[int, ...]]:
    """Return all indices of a quantity in order, those that are given apart too."""
    return sorted({*family.instances, *family.extra})


def expand_sums(
    expression: Expression,
    ranges: Mapping[str, range],
    budget: list[int] | None = None,
    *,
    within: bool = False,
) -> Expression:
    """Return ``expression`` with every ``sum(…, t)`` and ``mean(…, t)`` written out over its index.

    ``budget`` holds how many terms may still be written; ``within`` says that it is a term itself.
    Raises :class:`FormulaError`.
    """
    if not isinstance(expression, Apply):
        return expression
    budget = [MAX_TERMS, MAX_PARTS] if budget is None else budget
    args = expression.args
    over = runs_over(expression)
    operation = operation_called(expression.operation)
    if over is not None and operation is not None and operation.for_two:
        # `max(a, b)` of two quantities is refused by what it takes.
        over = over if {*ranges}.intersection(over.variables) else None
    if over is not None:
        names = over.variables
        if not names or not {*ranges}.issuperset(names):
            raise FormulaError(
                f"`{expression.operation}` takes a formula and then the index to run over",
                expression.start,
            )
        terms_made = math.prod(len(ranges[name]) for name in names)
        budget[0] -= terms_made
        budget[1] -= terms_made * sum(1 for _ in args[0].walk()) if budget[0] >= 0 else 0
        if min(budget) < 0:
            raise FormulaError(
                f"the sums have too many terms (more than {MAX_TERMS})", expression.start
            )
        terms = [
            expand_sums(term, ranges, budget, within=True)
            for term in _terms(expression, over, ranges)
        ]
        return _joined(expression, operation, terms, within)
    expanded = tuple(expand_sums(arg, ranges, budget, within=within) for arg in args)
    return Apply(expression.operation, expanded, expression.params, expression.start)


def _joined(
    expression: Apply, operation: Operation | None, terms: Sequence[Expression], within: bool
) -> Expression:
    """Return what an operation makes of the terms that it runs over, written out."""
    if not terms:
        if operation is None or not operation.of_nothing or not within:
            raise FormulaError(f"`{expression.operation}` has no terms here", expression.start)
        return Number(float(operation.compute(np.zeros(0))), start=expression.start)
    if operation is None or operation.name not in ("sum", "mean", "prod"):
        listed = Apply("stack", tuple(terms), {}, expression.start)
        return Apply(expression.operation, (listed,), {"axis": 0}, expression.start)
    total: Expression = terms[0]
    for term in terms[1:]:
        total = total * term if operation.name == "prod" else total + term
    if operation.name == "mean":
        total /= len(terms)
    return total


def _terms(expression: Apply, over: Over, ranges: Mapping[str, range]) -> Iterator[Expression]:
    """Yield the terms of a sum, for each index for which its conditions hold."""
    for values in product(*(ranges[name] for name in over.variables)):
        term = expression.args[0]
        conditions = over.conditions
        for name, value in zip(over.variables, values, strict=True):
            term = _at(term, name, value)
            conditions = tuple(_at(condition, name, value) for condition in conditions)
        try:
            holds = all(decided(condition, {}) for condition in conditions)
        except ValueError as error:
            raise FormulaError(str(error), expression.start) from None
        if holds:
            yield term


def _at(expression: Expression, variable: str, value: int) -> Expression:
    """``expression`` where an index variable has a value."""
    if isinstance(expression, Name):
        if expression.name == variable and not expression.index:
            return Number(float(value), str(value), expression.start)
        index = tuple(
            Index(None, part.at({variable: value})) if part.variable == variable else part
            for part in expression.index
        )
        return Name(expression.name, index, expression.start)
    if isinstance(expression, Apply):
        over = runs_over(expression)
        if over is not None and variable in over.variables:
            return expression
        args = tuple(_at(arg, variable, value) for arg in expression.args)
        params = {
            key: tuple(_at_index(one, variable, value) for one in param)
            if isinstance(param, tuple)
            else param
            for key, param in expression.params.items()
        }
        return Apply(expression.operation, args, params, expression.start)
    return expression


def _at_index(part: Index | int, variable: str, value: int) -> Index | int:
    if isinstance(part, Index) and part.variable == variable:
        return part.at({variable: value})
    return part


def take_whole(expression: Expression, graph: Graph) -> Expression:
    """Return ``expression`` where a sum of a whole indexed quantity runs over its index.

    As in the sheet's own formulas, ``sum(h)`` of vectors ``h[t]`` is a vector; a given array is
    one array, however it is read.
    """
    if not isinstance(expression, Apply):
        return expression
    args = tuple(take_whole(arg, graph) for arg in expression.args)
    params: Mapping[str, Param] = expression.params
    whole = args[0] if len(args) == 1 else None
    operation = operation_called(expression.operation)
    if (
        operation is not None
        and operation.takes_index
        and isinstance(whole, Name)
        and not whole.index
        and "axis" not in params
    ):
        family = graph.families.get(whole.name)
        if family is not None and family.variables and family.kind == "step":
            params = {**params, "axis": tuple(range(len(family.variables)))}
    return Apply(expression.operation, args, params, expression.start)


_NOTHING: Mapping[str, Array] = {}


def formula_value(
    expression: Expression,
    graph: Graph,
    world: int,
    allowance: Allowance,
    known: Mapping[str, Array] = _NOTHING,
) -> Array:
    """Return the value of a formula in a world; ``known`` has further names.

    Raises :class:`FormulaError`.
    """

    def quantity(name: Name) -> Array | None:
        return known[name.name] if name.name in known else quantity_value(name, graph, world)

    return evaluate(expression, quantity, allowance=allowance)


def quantity_value(name: Name, graph: Graph, world: int) -> Array | None:
    """Return the value of a name; of an indexed quantity without its index, all of them stacked."""
    family = family_of(graph, name)
    if family is None:
        constant = None if name.index else CONSTANTS.get(name.name)
        return None if constant is None else np.asarray(constant)
    index = tuple(part.offset for part in name.index)
    depth = len(family.variables)
    nodes = instances_of(graph, family, index[:depth])
    if not nodes:
        raise FormulaError(_no_instance(family, index[:depth], graph), name.start)
    values = [graph.value(node, world) for node in nodes]
    found = [value for value in values if value is not None]
    if len(found) < len(values):
        return None
    if len(index) >= depth:
        try:
            return np.asarray(found[0][index[depth:]])
        except IndexError:
            raise FormulaError(_no_entry(name, found[0], index[depth:]), name.start) from None
    counts = [len(set(at)) for at in zip(*family.instances, strict=True)][len(index) :]
    return np.reshape(np.stack(found), (*counts, *found[0].shape))


def _no_instance(family: Family, index: tuple[int, ...], graph: Graph) -> str:
    message = f"there is no `{graph.show((family.name, index))}`"
    known = [*family.extra, *family.instances]
    if len(family.variables) != 1 or not known:
        return message
    low, high = min(known)[0], max(known)[0]
    return f"{message}: the index of `{family.name}` runs from {low} to {high}"


def _no_entry(name: Name, value: Array, index: tuple[int, ...]) -> str:
    message = f"`{name.name}` has shape {value.shape}"
    if len(index) > value.ndim:
        return message
    sizes = zip(index, value.shape, strict=False)
    size = next(size for at, size in sizes if not -size <= at < size)
    return f"{message}: the index runs from 0 to {size - 1}"
