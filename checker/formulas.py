"""A student's formula: read safely, evaluated at the sampled inputs, never run.

A formula may use the sheet's quantities and symbols, numbers, and the functions of the formula
language. It is compared by its values, so every equivalent writing is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import product as combinations_of

import numpy as np

from checker.answers import Unreadable, WrittenArray, shape_words
from checker.formula_slips import find_formula_slips, leaves_beside
from checker.slips import Slip
from reference_solutions.evaluation import evaluate
from reference_solutions.expression import Apply, Expression, Index, Name
from reference_solutions.formula import FormulaError, parse_formula
from reference_solutions.graph import Array, Graph
from reference_solutions.operations import callable_operations
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import Document, TreePath

_CONSTANTS = {"e": np.e, "pi": np.pi}
MAX_TERMS = 2_000
"""How many terms the sums of a student's formula may have, written out."""

_ORDER = re.compile(r"\s*[OoΘθ]\s*\((.*)\)\s*\Z", re.DOTALL)


def known_names(graph: Graph) -> list[str]:
    """Return the quantities that a formula may use: the sheet's own, without derived ones."""
    return [
        family.name
        for family in graph.families.values()
        if family.kind in ("given", "step")
        and "/" not in family.name
        and not family.name.endswith("]")
    ]


def read_formula(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
    text: str,
    graph: Graph,
    ranges: Mapping[str, range],
    shape: tuple[int, ...],
    document: Document,
    path: TreePath,
    *,
    asked: int | None = None,
    may_use: Sequence[str] | None = None,
) -> WrittenArray | Unreadable:
    """Read and evaluate a formula in every world; the values are laid out world after world.

    ``asked`` is the node that is asked for, which the formula may not use by any of its names;
    ``may_use`` are the quantities that it may use, all if it is None.
    """
    try:
        written = parse_formula(text, list(callable_operations()), ranges)
        expression = expand_sums(written, ranges)
        _check_names(expression, graph, asked, may_use)
        values = [_value(expression, graph, world) for world in range(graph.worlds)]
    except FormulaError as error:
        place = document.text_offset_place(path, error.offset)
        return Unreadable((Problem(error.message, place, None, None),))
    for value in values:
        if value.shape != shape:
            problem = Problem(
                "the formula has the wrong shape",
                document.place(path),
                shape_words(shape),
                shape_words(value.shape),
            )
            return Unreadable((problem,))
    flat = np.concatenate([np.atleast_1d(value).ravel() for value in values])
    if not np.isfinite(flat).any():
        problem = Problem(
            "the formula is not defined for any of the sampled inputs (a logarithm or a root of a "
            "negative number, or a division by zero?)",
            document.place(path),
            None,
            None,
        )
        return Unreadable((problem,))
    return WrittenArray((text,), flat, np.zeros_like(flat), shape, written)


def expand_sums(
    expression: Expression, ranges: Mapping[str, range], budget: list[int] | None = None
) -> Expression:
    """Return ``expression`` with every ``sum(…, t)`` and ``mean(…, t)`` written out over its index.

    ``budget`` holds how many terms may still be written. Raises :class:`FormulaError`.
    """
    if not isinstance(expression, Apply):
        return expression
    budget = [MAX_TERMS] if budget is None else budget
    args = expression.args
    if expression.operation in ("sum", "mean") and len(args) > 1:
        names = [arg.name for arg in args[1:] if isinstance(arg, Name)]
        if len(names) != len(args) - 1 or any(name not in ranges for name in names):
            raise FormulaError(
                f"`{expression.operation}` takes a formula and then the index to run over",
                expression.start,
            )
        budget[0] -= math.prod(len(ranges[name]) for name in names)
        if budget[0] < 0:
            raise FormulaError(
                f"the sums have too many terms (more than {MAX_TERMS})", expression.start
            )
        terms = [args[0]]
        for name in names:
            terms = [_at(term, name, value) for term in terms for value in ranges[name]]
        total = expand_sums(terms[0], ranges, budget)
        for term in terms[1:]:
            total = total + expand_sums(term, ranges, budget)
        return total / len(terms) if expression.operation == "mean" else total
    expanded = tuple(expand_sums(arg, ranges, budget) for arg in args)
    return Apply(expression.operation, expanded, expression.params, expression.start)


def _at(expression: Expression, variable: str, value: int) -> Expression:
    """``expression`` where an index variable has a value."""
    if isinstance(expression, Name):
        index = tuple(
            Index(None, part.at({variable: value})) if part.variable == variable else part
            for part in expression.index
        )
        return Name(expression.name, index, expression.start)
    if isinstance(expression, Apply):
        args = tuple(_at(arg, variable, value) for arg in expression.args)
        return Apply(expression.operation, args, expression.params, expression.start)
    return expression


def _check_names(
    expression: Expression, graph: Graph, asked: int | None, may_use: Sequence[str] | None
) -> None:
    """Refuse what is asked for, and what the answer may not use. Raises :class:`FormulaError`."""
    known = known_names(graph)
    for name in expression.walk():
        if not isinstance(name, Name):
            continue
        if may_use is not None and name.name in known and name.name not in may_use:
            allowed = ", ".join(f"`{one}`" for one in may_use)
            raise FormulaError(
                f"`{name.name}` may not be used in this answer: expected {allowed}", name.start
            )
        if asked is None:
            continue
        for node in _nodes_of(name, graph):
            if _origin(graph, node) == _origin(graph, asked):
                raise FormulaError(f"`{name.name}` is what is asked for; write it out", name.start)


def named_nodes(formula: Expression, graph: Graph, ranges: Mapping[str, range]) -> frozenset[int]:
    """Return the computed nodes that a formula takes by name: for the formula they are right."""
    found = set()
    for name in expand_sums(formula, ranges).walk():
        if isinstance(name, Name):
            for node in _nodes_of(name, graph):
                if graph.families[name.name].kind == "step":
                    found |= {node, _origin(graph, node)}
    return frozenset(found)


def _nodes_of(name: Name, graph: Graph) -> Sequence[int]:
    """Return the node that a name with numbers for its index stands for, if there is one."""
    family = graph.families.get(name.name)
    if family is None or any(part.variable is not None for part in name.index):
        return ()
    index = tuple(part.offset for part in name.index[: len(family.variables)])
    node = graph.ids.get((name.name, index))
    return () if node is None else (node,)


def _origin(graph: Graph, node: int) -> int:
    """Return the node that another one is only a name for."""
    while True:
        rule = graph.families[graph.nodes[node].key[0]].rule
        inputs = graph.nodes[node].inputs
        if rule is None or rule.operation.name != "identity" or len(inputs) != 1:
            return node
        node = inputs[0]


def slips_in(
    written: WrittenArray,
    graph: Graph,
    ranges: Mapping[str, range],
    asked: int,
    may_use: Sequence[str] | None,
) -> list[Slip]:
    """Return the slips that explain a formula whose values are not those of the node ``asked``."""
    if written.formula is None:
        return []
    values = [graph.value(asked, world) for world in range(graph.worlds)]
    right = [value for value in values if value is not None]
    names = {}
    for name in may_use or known_names(graph):
        family = graph.families.get(name)
        if family is not None and family.kind in ("given", "step"):
            node = next(number for key, number in graph.ids.items() if key[0] == name)
            value = graph.value(node)
            depth = len(family.variables)
            names[name] = (depth, depth + (0 if value is None else value.ndim))

    def value_of(formula: Expression, world: int, known: Mapping[str, Array]) -> Array:
        return _value(expand_sums(formula, ranges), graph, world, known)

    leaves = [
        leaf
        for leaf in leaves_beside(written.formula, names)
        if all(_origin(graph, node) != _origin(graph, asked) for node in _nodes_of(leaf, graph))
    ]
    return find_formula_slips(written.formula, value_of, leaves, right)


def _value(
    expression: Expression, graph: Graph, world: int, known: Mapping[str, Array] | None = None
) -> Array:
    def quantity(name: Name) -> Array | None:
        if known and name.name in known:
            return known[name.name]
        family = graph.families.get(name.name)
        if family is None or family.kind not in ("given", "step"):
            if not name.index and name.name in _CONSTANTS:
                return np.asarray(_CONSTANTS[name.name])
            close = get_close_matches(name.name, known_names(graph), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            raise FormulaError(f"unknown quantity `{name.name}`{hint}", name.start)
        if any(index.variable is not None for index in name.index):
            raise FormulaError(f"write a number as the index of `{name.name}`", name.start)
        index = tuple(part.offset for part in name.index)
        depth = len(family.variables)
        node = graph.ids.get((name.name, index[:depth]))
        if node is None:
            raise FormulaError(
                f"there is no `{graph.show((name.name, index[:depth]))}`", name.start
            )
        value = graph.value(node, world)
        if value is None:
            return None
        try:
            return np.asarray(value[index[depth:]])
        except IndexError:
            raise FormulaError(f"`{name.name}` has shape {value.shape}", name.start) from None

    return evaluate(expression, quantity)


# --- orders of growth -------------------------------------------------------------------------


def read_order(
    text: str, symbols: Mapping[str, object], document: Document, path: TreePath
) -> Expression | Unreadable:
    """Read ``O(G**2 * H)``; the O is optional."""
    match = _ORDER.match(text)
    inside, shift = (match.group(1), match.start(1)) if match else (text, 0)
    try:
        expression = parse_formula(inside, list(callable_operations()))
        for node in expression.walk():
            if isinstance(node, Name) and node.name not in symbols:
                close = get_close_matches(node.name, list(symbols), n=1)
                hint = f"; did you mean `{close[0]}`?" if close else ""
                raise FormulaError(f"unknown quantity `{node.name}`{hint}", node.start)
    except FormulaError as error:
        place = document.text_offset_place(path, error.offset + shift)
        return Unreadable((Problem(error.message, place, None, None),))
    return expression


def same_order(
    written: Expression, expected: Expression, symbols: Mapping[str, object]
) -> bool | None:
    """Say whether two expressions grow alike, whichever way their symbols go to infinity.

    Along a ray where symbol s grows as n**a_s, an expression of an order grows as a power of n. The
    powers agree along all rays exactly when each is bounded by a multiple of the other, for
    expressions made of sums, products and powers. Whole exponents keep terms of different orders
    far apart. None where what was written can't be computed.
    """
    generator = np.random.default_rng(1729)
    rays = [{s: float(s == one) for s in symbols} for one in symbols]
    if len(symbols) <= 3:
        rays += [
            dict(zip(symbols, map(float, powers), strict=True))
            for powers in combinations_of(range(4), repeat=len(symbols))
        ]
    else:
        rays += [{s: float(generator.integers(0, 4)) for s in symbols} for _ in range(48)]
    same = True
    for ray in rays:
        slope, right = (_slope(expression, ray) for expression in (written, expected))
        if np.isnan(slope) and not np.isnan(right):
            return None
        same = same and abs(slope - right) <= 0.02
    return same


def _slope(expression: Expression, ray: Mapping[str, float]) -> float:
    logs = []
    for power in (7.0, 8.0):
        values = {name: np.asarray(3.0 * 10.0 ** (power * a)) for name, a in ray.items()}
        try:
            value = evaluate(expression, lambda name, values=values: values.get(name.name))  # type: ignore[misc]
        except FormulaError:
            return float("nan")
        with np.errstate(all="ignore"):
            logs.append(float(np.log10(np.abs(value))) if value.ndim == 0 else float("nan"))
    # Beyond all floats is another order than any that isn't.
    return float("inf") if float("inf") in logs else logs[1] - logs[0]
