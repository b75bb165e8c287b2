"""A student's formula: read safely, evaluated at the sampled inputs, never run.

A formula may use the sheet's quantities and symbols, numbers, and the functions of the formula
language. It is compared by its values, so every equivalent writing is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from checker.answer_kinds.written_array import Unreadable, WrittenArray, shape_words
from checker.diagnosis.formula_slips import find_formula_slips, leaves_beside
from checker.diagnosis.slips import Slip
from reference_solutions.graph import Array, Family, Graph
from reference_solutions.language.evaluation import Allowance, evaluate
from reference_solutions.language.expression import Apply, Expression, Index, Name, Number, Param
from reference_solutions.language.formula import FormulaError, parse_formula
from reference_solutions.language.implicit_products import split_names
from reference_solutions.operations import callable_operations
from submissions_schema.nearness import nearest
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import Document, TreePath

_CONSTANTS = {"e": np.e, "pi": np.pi}
MAX_TERMS = 2_000
"""How many terms the sums of a student's formula may have, written out."""
_FEW_ENTRIES = 4
_SEARCH = 60_000_000
"""What looking for the slips in one formula may cost; see :class:`Allowance`."""
_SEARCH_TERMS = 200_000
"""How many parts of sums it may write out."""
MAX_PARTS = 20_000
"""How many parts a student's formula may have when its sums are written out."""


def known_names(graph: Graph) -> list[str]:
    """Return the quantities that a formula may use: the sheet's own, without derived ones."""
    return [
        family.name
        for family in graph.families.values()
        if family.is_named and not family.is_start and not family.is_index
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
    written: Expression | None = None
    try:
        parsed = parse_formula(text, list(callable_operations()), ranges)
        _check_known(parsed, graph, ranges, may_use)
        expression = expand_sums(take_whole(parsed, graph), ranges)
        _check_names(expression, graph, asked, may_use)
        written = parsed
        allowance = Allowance()
        values = [_value(expression, graph, world, allowance) for world in range(graph.worlds)]
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
        message, offset = _undefined(expression, graph)
        problem = Problem(message, document.text_offset_place(path, offset), None, None)
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
    budget = [MAX_TERMS, MAX_PARTS] if budget is None else budget
    args = expression.args
    if expression.operation in ("sum", "mean") and len(args) > 1:
        names = [arg.name for arg in args[1:] if isinstance(arg, Name)]
        if len(names) != len(args) - 1 or any(name not in ranges for name in names):
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
    if (
        expression.operation in ("sum", "mean")
        and isinstance(whole, Name)
        and not whole.index
        and "axis" not in params
    ):
        family = graph.families.get(whole.name)
        if family is not None and family.variables and family.kind == "step":
            params = {**params, "axis": tuple(range(len(family.variables)))}
    return Apply(expression.operation, args, params, expression.start)


def _check_known(
    expression: Expression,
    graph: Graph,
    ranges: Mapping[str, range],
    may_use: Sequence[str] | None,
) -> None:
    """Refuse what the sheet doesn't know, and what needs an index. Raises :class:`FormulaError`."""
    for name, bound in _bound_names(expression, frozenset()):
        family = _family(graph, name)
        if family is None:
            if name.index or name.name not in _CONSTANTS:
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
        if expression.operation in ("sum", "mean") and len(args) > 1:
            bound = bound | {arg.name for arg in args[1:] if isinstance(arg, Name)}
            args = args[:1]
        for arg in args:
            yield from _bound_names(arg, bound)


def _family(graph: Graph, name: Name) -> Family | None:
    family = graph.families.get(name.name)
    return None if family is None or family.kind not in ("given", "step") else family


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
        nodes = _nodes_of(name, graph)
        for node in nodes:
            if origin_of(graph, node) == origin_of(graph, asked):
                what = "is what is asked for" if len(nodes) == 1 else "holds what is asked for"
                raise FormulaError(f"`{name.name}` {what}; write it out", name.start)


def _instances(graph: Graph, family: Family, index: tuple[int, ...]) -> list[int]:
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
        if rule is None or rule.operation.name != "identity" or len(inputs) != 1:
            return node
        node = inputs[0]


def named_nodes(formula: Expression, graph: Graph, ranges: Mapping[str, range]) -> frozenset[int]:
    """Return the computed nodes that a formula takes by name: for the formula they are right."""
    found = set()
    for name in expand_sums(formula, ranges).walk():
        if isinstance(name, Name) and (family := _family(graph, name)) and family.kind == "step":
            for node in _nodes_of(name, graph):
                found |= {node, origin_of(graph, node)}
    return frozenset(found)


def _nodes_of(name: Name, graph: Graph) -> list[int]:
    """Return the nodes that a name with numbers for its index stands for."""
    family = graph.families.get(name.name)
    if family is None:
        return []
    return _instances(
        graph, family, tuple(part.offset for part in name.index[: len(family.variables)])
    )


def slips_in(
    formula: Expression,
    graph: Graph,
    ranges: Mapping[str, range],
    asked: int,
    may_use: Sequence[str] | None,
) -> list[Slip]:
    """Return the slips that explain a formula whose values are not those of the node ``asked``."""
    subscripts = {}
    for name in may_use or known_names(graph):
        family = _family(graph, Name(name))
        nodes = [] if family is None else _instances(graph, family, ())
        value = graph.value(nodes[0]) if nodes else None
        if family is not None and value is not None:
            depth = len(family.variables)
            subscripts[name] = (depth, depth + value.ndim)
    beside = leaves_beside(formula, subscripts)
    leaves = [
        leaf
        for leaf in dict.fromkeys((*beside, *_few_entries(graph, subscripts)))
        if all(origin_of(graph, node) != origin_of(graph, asked) for node in _nodes_of(leaf, graph))
    ]
    allowance = Allowance(work=_SEARCH)
    budget = [_SEARCH_TERMS, _SEARCH_TERMS]

    def value_of(part: Expression, world: int, known: Mapping[str, Array]) -> Array:
        expanded = expand_sums(take_whole(part, graph), ranges, budget)
        return _value(expanded, graph, world, allowance, known)

    right = [graph.value(asked, world) for world in range(graph.worlds)]
    return find_formula_slips(
        formula, value_of, leaves, [value for value in right if value is not None]
    )


def _few_entries(graph: Graph, names: Iterable[str]) -> Iterator[Name]:
    """Yield the entries of the quantities that have a few, at all their indices."""
    for name in names:
        family = graph.families[name]
        value = graph.value(graph.ids[name, family.instances[0]])
        shape = () if value is None else value.shape
        if 1 < len(family.instances) * math.prod(shape) <= _FEW_ENTRIES:
            for instance in family.instances:
                for entry in np.ndindex(*shape):
                    yield Name(name, tuple(Index(None, at) for at in (*instance, *entry)))


_NOTHING: Mapping[str, Array] = {}


def _value(
    expression: Expression,
    graph: Graph,
    world: int,
    allowance: Allowance,
    known: Mapping[str, Array] = _NOTHING,
) -> Array:
    def quantity(name: Name) -> Array | None:
        return known[name.name] if name.name in known else _quantity(name, graph, world)

    return evaluate(expression, quantity, allowance=allowance)


def _quantity(name: Name, graph: Graph, world: int) -> Array | None:
    """Return the value of a name; of an indexed quantity without its index, all of them stacked."""
    family = _family(graph, name)
    if family is None:
        constant = None if name.index else _CONSTANTS.get(name.name)
        return None if constant is None else np.asarray(constant)
    index = tuple(part.offset for part in name.index)
    depth = len(family.variables)
    nodes = _instances(graph, family, index[:depth])
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


def _shape_hint(
    expression: Expression, graph: Graph, ranges: Mapping[str, range]
) -> tuple[str, int | None]:
    """Return what to say of a value of the wrong shape, and the offset that it is about."""
    message = "the formula has the wrong shape"
    for name in expression.walk():
        if not isinstance(name, Name) or name.index:
            continue
        family = _family(graph, name)
        if family is not None and family.variables and family.instances:
            variable = next((v for v in family.variables if v in ranges), next(iter(ranges), "t"))
            first = "".join(f"[{at}]" for at in family.instances[0])
            return (
                f"{message}; `{name.name}` runs over `{variable}`: write one of them, as in "
                f"`{name.name}{first}`, or `sum({name.name}[{variable}], {variable})`",
                name.start,
            )
    return message, None


def _undefined(expression: Expression, graph: Graph) -> tuple[str, int]:
    """Return what to say of a formula that has no value anywhere, and the offset it is about."""
    part = expression
    while isinstance(part, Apply):
        inside = [arg for arg in part.args if not _finite(arg, graph)]
        if not inside:
            break
        part = inside[0]
    start = part.start if isinstance(part, Apply | Name | Number) else 0
    if isinstance(part, Apply) and part.operation in _GROWING:
        operands = [np.abs(_value(arg, graph, 0, Allowance())) for arg in part.args]
        value = _value(part, graph, 0, Allowance())
        if np.isinf(value).any() and not (part.operation == "power" and (operands[0] == 0).any()):
            return "a number here is too large to be computed (beyond about 1e308)", start
    return (
        "the formula is not defined for any of the sampled inputs (a logarithm or a root of a "
        "negative number, or a division by zero?)",
        start,
    )


_GROWING = frozenset(("power", "exp", "multiply", "add", "matmul", "dot", "sum", "cosh", "sinh"))


def _finite(expression: Expression, graph: Graph) -> bool:
    """Whether a part of a formula has a finite value somewhere."""
    allowance = Allowance()
    return any(
        bool(np.isfinite(_value(expression, graph, world, allowance)).any())
        for world in range(min(graph.worlds, 2))
    )
