"""What a definition that can't be used is likely meant to be: the ends of messages to authors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from reference_solutions.expressions.tree import Apply, Expression, Name
from reference_solutions.graph import Array, Constant, Family, Graph
from reference_solutions.language.plain_words import PlainWords
from submissions_schema.nearness import nearest

_FEW = 6
_SUBSCRIPT = re.compile(r"(\w*?[^\W\d_])_?(\d+|(?<=_)[a-z])")
_QUOTIENT = re.compile(r"d(\w+?)_+d_?(\w+)")


def on_unknown(name: str, expression: Expression | None, families: Mapping[str, Family]) -> str:
    """Return the end of a message on a quantity that nobody defines; empty if nothing is near."""
    known = [family for family in families if family.isidentifier()]
    derivative = _derivative(name, expression, known)
    if derivative:
        return f"; the derivative is written `{derivative}`"
    if name[:1] == "d" and name[1:] in known:
        return f"; a gradient is written `grad(…, {name[1:]})`"
    below = _SUBSCRIPT.fullmatch(name)
    if below is not None and below[1] in known:
        return f"; an index stands in brackets: `{below[1]}[{below[2]}]`"
    near = nearest(name, known)
    if near is not None:
        return f"; did you mean `{near}`?"
    own = [family for family in known if families[family].is_named]
    listed = ", ".join(f"`{one}`" for one in own[:_FEW])
    more = f" and {len(own) - _FEW} more" if len(own) > _FEW else ""
    return f"; there are {listed}{more}" if own else ""


def _derivative(name: str, expression: Expression | None, known: list[str]) -> str:
    """Return the gradient that ``dL/dz`` or ``dL_dz`` stands for."""
    parts = _QUOTIENT.fullmatch(name)
    if parts is not None:
        return _gradient(parts[1], parts[2], known)
    for node in () if expression is None else expression.walk():
        if isinstance(node, Apply) and node.operation == "divide":
            above, below = node.args
            if not (isinstance(above, Name) and isinstance(below, Name) and name == above.name):
                continue
            if above.name[:1] == below.name[:1] == "d":
                index = f"[{', '.join(map(str, below.index))}]" if below.index else ""
                return _gradient(above.name[1:], below.name[1:], known, index)
    return ""


def _gradient(loss: str, by: str, known: list[str], index: str = "") -> str:
    found = loss if loss in known else nearest(loss, known)
    if by not in known and (numbered := re.fullmatch(r"(\w*?[^\W\d_])_?(\d+)", by)):
        by, index = (numbered[1], f"[{numbered[2]}]") if numbered[1] in known else (by, index)
    target = by if by in known else nearest(by, known)
    return f"grad({found}, {target}{index})" if found and target else ""


def on_misfit(graph: Graph, number: int) -> str:
    """Return the end of a message on operands that don't fit together."""
    words = PlainWords(graph.families, {})
    node = graph.nodes[number]
    for source in node.inputs:
        stacked = words.standing.stacked(graph.nodes[source].key[0])
        family = None if stacked is None else graph.families[stacked.family]
        if family is not None and family.is_named and family.instances:
            first, last = (list(family.instances[at]) for at in (0, -1))
            own = family.name
            return f"; `{own}` is all of {own}{first} to {own}{last}: one is written `{own}{last}`"
    # What doesn't fit is often the term of a sum that was computed in a way that nobody meant.
    for one in (number, *node.inputs):
        hint = _product_meant(graph, one, words, is_wrong=one == number)
        if hint:
            return hint
    return ""


def _product_meant(graph: Graph, number: int, words: PlainWords, *, is_wrong: bool) -> str:
    node = graph.nodes[number]
    rule = graph.families[node.key[0]].rule
    names = _operand_words(graph, number, words)
    if rule is None or not names:
        return ""
    values = [graph.value(source) for source in node.inputs]
    arrays = [(n, v) for n, v in zip(names, values, strict=True) if v is not None and v.ndim]
    if len(arrays) != 2 or not any(value.ndim == 2 for _, value in arrays):
        return ""
    fitting = next(_products(*arrays), "")
    if rule.operation.form == "product" and fitting:
        return f"; `*` multiplies entry by entry, the matrix product is `{fitting}`"
    if rule.operation.form == "matrix product" and fitting and is_wrong:
        return f"; `{fitting}` would fit"
    return ""


def _operand_words(graph: Graph, number: int, words: PlainWords) -> list[str]:
    """Return the operands of a node as the sheet has them; nothing where one stands for many."""
    node = graph.nodes[number]
    rule = graph.families[node.key[0]].rule
    items = [] if rule is None else [i for i in rule.inputs if not isinstance(i, Constant)]
    return [words.operand_words(item) for item in items] if len(items) == len(node.inputs) else []


def _products(one: tuple[str, Array], other: tuple[str, Array]) -> Iterator[str]:
    """Yield matrix products of two operands that can be computed, the most likely first."""
    (a, x), (b, y) = (_in_brackets(one), _in_brackets(other))
    for left, right, text in (
        (x, y, f"{a} @ {b}"),
        (x, y.T, f"{a} @ {b}.T"),
        (x.T, y, f"{a}.T @ {b}"),
        (y, x, f"{b} @ {a}"),
    ):
        if (left.ndim == 1 and text.startswith(f"{a}.T")) or (
            right.ndim == 1 and text.endswith(".T")
        ):
            continue
        if left.shape[-1] == right.shape[0] and left.ndim <= 2 and right.ndim <= 2:
            yield text


def _in_brackets(operand: tuple[str, Array]) -> tuple[str, Array]:
    name, value = operand
    return (f"({name})" if " " in name else name), value


def on_not_finite(graph: Graph, number: int, world: int) -> str:
    """Return where a value that is not finite comes about: operation, place, operands."""
    origin = next(
        (
            other
            for other in range(number + 1)
            if graph.depends(number, other)
            and _is_broken(graph.value(other, world))
            and not any(_is_broken(graph.value(s, world)) for s in graph.nodes[other].inputs)
        ),
        None,
    )
    if origin is None:
        return ""
    node = graph.nodes[origin]
    family = graph.families[node.key[0]]
    value = graph.value(origin, world)
    if family.rule is None or value is None or not node.inputs:
        return ""
    at = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
    words = PlainWords(graph.families, {})
    operands = []
    for name, source in zip(_operand_words(graph, origin, words), node.inputs, strict=False):
        operand = graph.value(source, world)
        if operand is None or operand.size == 0:
            continue
        entry = float(operand[at]) if operand.shape == value.shape else _smallest(operand)
        if name != f"{entry:g}":
            operands.append(f"`{name}` is {entry:.6g}")
    if family.rule.operation.minus_logarithm:
        scores = graph.value(node.inputs[-1], world)
        if scores is not None and not np.all((scores >= 0) & (scores <= 1)):
            (before,) = family.rule.operation.fused
            name = family.rule.operation.name
            return f": `{name}` takes probabilities; of scores take `{before}` first"
    place = f" at {list(at)}" if at else ""
    where = f", where {' and '.join(operands)}" if operands else ""
    operation = family.rule.operation
    return f": `{operation.sign or operation.name}` gives {_entry(value[at])}{place}{where}"


def _entry(value: float) -> str:
    return "no number" if np.isnan(value) else "minus infinity" if value < 0 else "infinity"


def _is_broken(value: Array | None) -> bool:
    return value is not None and not np.all(np.isfinite(value))


def _smallest(operand: Array) -> float:
    flat = operand.ravel()
    return float(flat[np.argmin(np.abs(flat))])
