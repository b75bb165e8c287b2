"""A student's formula: read safely, evaluated at the sampled inputs, never run.

A formula may use the sheet's quantities and symbols, numbers, and the functions of the formula
language. It is compared by its values, so every equivalent writing is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from checker.answer_kinds.reading.quantities import (
    expand_sums,
    family_of,
    formula_value,
    known_names,
    nodes_of,
    origin_of,
    take_whole,
)
from checker.answer_kinds.reading.written import Unreadable, WrittenArray, shape_words
from reference_solutions.expressions.constants import CONSTANTS
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Name, Number
from reference_solutions.graph import Graph
from reference_solutions.graph.ranging import runs_over
from reference_solutions.language.by_hand import written_out
from reference_solutions.language.evaluation import Allowance
from reference_solutions.language.formula import MAX_LENGTH, parse_formula, parse_written
from reference_solutions.language.implicit_products import split_names
from reference_solutions.language.replacing import Known
from reference_solutions.language.written_formula import written_formula
from reference_solutions.operations import callable_operations, operation_called
from submissions_schema.nearness import nearest
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import Document, TreePath


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
    written: Expression | None = None
    try:
        parsed, remark = read_expression(text, graph, ranges, may_use)
        expression = expand_sums(take_whole(parsed, graph), ranges)
        _check_names(expression, graph, asked, may_use)
        written = parsed
        allowance = Allowance()
        values = [
            formula_value(expression, graph, world, allowance) for world in range(graph.worlds)
        ]
    except FormulaError as error:
        place = document.text_offset_place(path, error.offset)
        return Unreadable((Problem(error.message, place, None, None),), formula=written)
    for value in values:
        if value.shape != shape:
            message, offset = _shape_hint(expression, graph, ranges)
            problem = Problem(
                message,
                document.place(path)
                if offset is None
                else document.text_offset_place(path, offset),
                shape_words(shape),
                shape_words(value.shape),
            )
            return Unreadable((problem,), formula=written)
    flat = np.concatenate([np.atleast_1d(value).ravel() for value in values])
    if not np.isfinite(flat).any():
        part = _without_value(expression, graph)
        too_large = _is_too_large(part, graph)
        start = part.start if isinstance(part, Apply | Name | Number) else 0
        message = _TOO_LARGE if too_large else _UNDEFINED
        problem = Problem(message, document.text_offset_place(path, start), None, None)
        return Unreadable((problem,), undefined=not too_large)
    return WrittenArray((text,), flat, np.zeros_like(flat), shape, written, remark)


def read_expression(
    text: str, graph: Graph, ranges: Mapping[str, range], may_use: Sequence[str] | None
) -> tuple[Expression, str]:
    """Return a formula, and how it was read where that isn't how it stands there.

    What can't be read as it stands is read as people write by hand, where that means one thing
    only. Raises :class:`FormulaError`.
    """
    functions = list(callable_operations())
    parsed: Expression | None = None
    try:
        parsed = parse_formula(text, functions, ranges)
        _check_known(parsed, graph, ranges, may_use)
    except FormulaError as error:
        if len(text) > MAX_LENGTH:
            raise
        known = Known(_subscripts_of(graph), functions, ranges)
        meant = written_out(written_formula(text), known)
        try:
            by_hand = parse_written(meant, functions, ranges)
        except FormulaError:
            raise error from None
        try:
            _check_known(by_hand, graph, ranges, may_use)
        except FormulaError as unknown:
            raise (unknown if parsed is None else error) from None
        return by_hand, f"It was read as `{' '.join(meant.source.split())}`."
    return parsed, ""


def _subscripts_of(graph: Graph) -> dict[str, int]:
    """Return how many subscripts each quantity of the sheet can have."""
    found = {}
    for name in known_names(graph):
        family = graph.families[name]
        numbers = (graph.ids.get((name, index)) for index in family.instances)
        first = next((number for number in numbers if number is not None), None)
        value = None if first is None else graph.value(first)
        found[name] = len(family.variables) + (0 if value is None else value.ndim)
    return found


def _check_known(
    expression: Expression,
    graph: Graph,
    ranges: Mapping[str, range],
    may_use: Sequence[str] | None,
) -> None:
    """Refuse what the sheet doesn't know, and what needs an index. Raises :class:`FormulaError`."""
    for name, bound in _bound_names(expression, frozenset()):
        family = family_of(graph, name)
        if family is None and name.name in bound and not name.index:
            continue
        if family is None:
            if name.index or name.name not in CONSTANTS:
                raise FormulaError(unknown_quantity(name, graph, ranges, may_use), name.start)
            continue
        if name.index and not family.variables:
            value = graph.value(graph.ids[name.name, ()])
            if value is not None and value.ndim == 0:
                raise FormulaError(
                    f"`{name.name}` is a single number: write `{name.name}` without an index",
                    name.start,
                )
        free = [index.variable for index in name.index if index.variable not in (None, *bound)]
        if free:
            raise FormulaError(
                f"write a number as the index of `{name.name}`, or a sum over `{free[0]}`: "
                f"`sum({_shown(name)}, {free[0]})`",
                name.start,
            )


def _bound_names(
    expression: Expression, bound: frozenset[str]
) -> Iterator[tuple[Name, frozenset[str]]]:
    """Yield the quantities of a formula, each with the indices that a sum around it runs over."""
    if isinstance(expression, Name):
        yield expression, bound
    elif isinstance(expression, Apply):
        args = expression.args
        over = runs_over(expression)
        if over is not None:
            bound = bound | {*over.variables}
            args = args[:1]
        for arg in args:
            yield from _bound_names(arg, bound)


def _shown(name: Name) -> str:
    return name.name + "".join(f"[{index}]" for index in name.index)


_FEW = 8
_ENDING = re.compile(r"(?P<name>.+?)_?(?P<index>\d{1,3}|t)")


def unknown_quantity(
    name: Name, graph: Graph, ranges: Mapping[str, range], may_use: Sequence[str] | None
) -> str:
    """Return what to say of a name that the sheet doesn't know."""
    known = known_names(graph) if may_use is None else list(may_use)
    message = f"unknown quantity `{name.name}`"
    ending = _ENDING.fullmatch(name.name)
    base = nearest(ending["name"], known) if ending is not None else None
    near = nearest(name.name, known)
    if ending is not None and base is not None and base == ending["name"] and not name.index:
        family = graph.families[base]
        first = family.instances[0] if family.instances else ()
        value = graph.value(graph.ids[base, first]) if (base, first) in graph.ids else None
        indexed = bool(family.variables) or (value is not None and value.ndim > 0)
        at = ending["index"] if ending["index"] != "t" else "".join(map(str, first[:1])) or "0"
        near = f"{base}[{at}]" if indexed else base
    if name.name in ranges:
        return f"{message}: `{name.name}` is an index, and stands in square brackets only"
    parts = split_names(name.name, frozenset(known), frozenset())
    if parts is not None and not name.index:
        return f"{message}; for a product write `{'*'.join(parts)}`"
    if near is not None:
        return f"{message}; did you mean `{near}`?"
    names = list(dict.fromkeys(known))
    if len(names) <= _FEW:
        return f"{message}: expected {', '.join(f'`{one}`' for one in names)}"
    return message


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
        nodes = nodes_of(name, graph)
        for node in nodes:
            if origin_of(graph, node) == origin_of(graph, asked):
                what = "is what is asked for" if len(nodes) == 1 else "holds what is asked for"
                raise FormulaError(f"`{name.name}` {what}; write it out", name.start)


def _shape_hint(
    expression: Expression, graph: Graph, ranges: Mapping[str, range]
) -> tuple[str, int | None]:
    """Return what to say of a value of the wrong shape, and the offset that it is about."""
    message = "the formula has the wrong shape"
    for name in expression.walk():
        if not isinstance(name, Name) or name.index:
            continue
        family = family_of(graph, name)
        if family is not None and family.variables and family.instances:
            variable = next((v for v in family.variables if v in ranges), next(iter(ranges), "t"))
            first = "".join(f"[{at}]" for at in family.instances[0])
            return (
                f"{message}; `{name.name}` runs over `{variable}`: write one of them, as in "
                f"`{name.name}{first}`, or `sum({name.name}[{variable}], {variable})`",
                name.start,
            )
    return message, None


_TOO_LARGE = "a number here is too large to be computed (beyond about 1e308)"
_UNDEFINED = (
    "the formula is not defined for any of the sampled inputs (a logarithm or a root of a "
    "negative number, or a division by zero?)"
)


def _without_value(expression: Expression, graph: Graph) -> Expression:
    """Return the innermost part of a formula that has no value anywhere."""
    part = expression
    while isinstance(part, Apply):
        inside = [arg for arg in part.args if not _finite(arg, graph)]
        if not inside:
            break
        part = inside[0]
    return part


def _is_too_large(part: Expression, graph: Graph) -> bool:
    """Whether a part of a formula has no value because that would be too large."""
    operation = operation_called(part.operation) if isinstance(part, Apply) else None
    if not isinstance(part, Apply) or operation is None or not operation.overflows:
        return False
    operands = [np.abs(formula_value(arg, graph, 0, Allowance())) for arg in part.args]
    of_zero = operation.form == "power" and bool((operands[0] == 0).any())
    return not of_zero and bool(np.isinf(formula_value(part, graph, 0, Allowance())).any())


def _finite(expression: Expression, graph: Graph) -> bool:
    """Whether a part of a formula has a finite value somewhere."""
    allowance = Allowance()
    return any(
        bool(np.isfinite(formula_value(expression, graph, world, allowance)).any())
        for world in range(min(graph.worlds, 2))
    )
