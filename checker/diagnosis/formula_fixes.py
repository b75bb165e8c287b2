"""Changes of one place of a student's formula, each of which undoes one kind of slip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

from checker.diagnosis.formula_parts import Fix, Keeper, Wrap
from checker.edits.slip_kinds import said_of_formula
from reference_solutions.expressions.tree import Apply, Expression, Name, Number, signs_of
from reference_solutions.graph.ranging import runs_over
from reference_solutions.language.source_text import formula_text

_FUNCTIONS = ("sigmoid", "tanh", "exp", "log", "sqrt", "relu")


def fixes(formula: Expression, leaves: Sequence[Name], keeper: Keeper) -> Iterator[Fix]:
    """Every change of one place of a formula, and exchanges of two quantities all over it."""
    yield from _exchanges(formula)
    for part, parent, wrap in _places(formula, None, _as_it_is, keeper):
        text = _shown(part)
        needed = keeper.needed(part, wrap)
        for kind, form, others, new in _changed(part, parent, leaves, keeper):
            yield Fix(kind, said_of_formula(kind, form, text, *others), new, wrap, needed)


def _as_it_is(new: Expression) -> Expression:
    return new


def _exchanges(formula: Expression) -> Iterator[Fix]:
    names = dict.fromkeys(node for node in formula.walk() if isinstance(node, Name))
    for one, other in combinations(names, 2):
        exchanged = _renamed(formula, {one: other, other: one})
        says = said_of_formula("quantities-exchanged", "", _shown(one), _shown(other))
        yield Fix("quantities-exchanged", says, exchanged, _as_it_is, None)


def _renamed(part: Expression, names: Mapping[Name, Name]) -> Expression:
    if isinstance(part, Name):
        return names.get(part, part)
    if isinstance(part, Apply):
        return replace(part, args=tuple(_renamed(arg, names) for arg in part.args))
    return part


def _shown(part: Expression) -> str:
    text = formula_text(part)
    text = text if len(text) <= 60 else text[:57] + "..."
    return text.replace("{", "(").replace("}", ")")


def _places(
    part: Expression, parent: Apply | None, wrap: Wrap, keeper: Keeper
) -> Iterator[tuple[Expression, Apply | None, Wrap]]:
    """Every part of a formula, what it is an operand of, and how to put another in its place."""
    yield part, parent, wrap
    if not isinstance(part, Apply):
        return
    over_index = runs_over(part) is not None
    kept = part.args if over_index else tuple(keeper.keep(arg) for arg in part.args)
    for place, arg in enumerate(part.args[:1] if over_index else part.args):

        def inside(new: Expression, place: int = place) -> Expression:
            return wrap(replace(part, args=(*kept[:place], new, *kept[place + 1 :])))

        yield from _places(arg, part, inside, keeper)


_Change: TypeAlias = tuple[str, str, tuple[str, ...], Expression]
"""The kind of a slip, the form of its sentence, what else is named, and the part without it."""


def _changed(
    part: Expression, parent: Apply | None, leaves: Sequence[Name], keeper: Keeper
) -> Iterator[_Change]:
    above = parent.operation if parent is not None else ""
    inner = keeper.keep(part)
    if isinstance(part, Number):
        yield from _other_numbers(part)
        for leaf in leaves:
            yield "other-quantity", "number", (), leaf
    else:
        if isinstance(part, Name):
            yield from _exchanged(part, leaves)
        if isinstance(part, Apply):
            yield from _operation_changed(part, keeper)
            yield from _lost_parentheses(part, leaves, keeper)
        arrays = keeper.is_array(inner)
        yield from _wrapped(part, inner, above, arrays=arrays)
        if above not in ("multiply", "negate", "power"):
            yield from _extended_by_factor(inner, leaves, arrays=arrays)
    if above not in ("add", "negate"):
        yield from _extended_by_term(part, inner, leaves)


def _wrapped(part: Expression, inner: Expression, above: str, *, arrays: bool) -> Iterator[_Change]:
    """Yield a part with something done to it as a whole."""
    if above not in ("multiply", "negate", "divide", "matmul"):
        yield "sign-turned", "", (), -inner
    yield "complement-confused", "", (), 1 - inner
    if above != "power":
        yield "power-left-out", "", (), inner**2
    if not (isinstance(part, Apply) and part.operation in _FUNCTIONS):
        for name in (*_FUNCTIONS, "sum", "mean") if arrays else _FUNCTIONS:
            yield "function-left-out", "", (), _call(name, inner)
    if above != "transpose" and arrays:
        yield "transposed", "", (), inner.T


def _call(name: str, arg: Expression) -> Expression:
    return Apply(name, (arg,))


def _exchanged(part: Name, leaves: Sequence[Name]) -> Iterator[_Change]:
    for place, index in enumerate(part.index):
        for shift in (-1, 1):
            moved = (*part.index[:place], index.shifted(shift), *part.index[place + 1 :])
            yield "neighbouring-step", "", (), replace(part, index=moved)
    names = (leaf.name for leaf in leaves if len(leaf.index) == len(part.index))
    for name in dict.fromkeys(names):
        if name != part.name:
            yield "other-quantity", "", (), replace(part, name=name)
    if part.index:
        return
    for leaf in leaves:
        if leaf.index:
            yield "other-quantity", "", (), leaf


def _other_numbers(part: Number) -> Iterator[_Change]:
    value = part.value
    for other in dict.fromkeys((value + 1, value - 1, -value, 2 * value, value / 2, 1.0, 2.0, 0.0)):
        if other != value:
            yield "other-number", "", (), Number(other, f"{other:g}")


def _extended_by_factor(
    inner: Expression, leaves: Sequence[Name], *, arrays: bool
) -> Iterator[_Change]:
    for number in (2.0, 0.5):
        yield "factor-left-out", "", (), inner * Number(number, f"{number:g}")
    for leaf in leaves:
        for factor in (leaf, 1 - leaf, 1 - leaf**2, leaf * (1 - leaf)):
            yield "factor-left-out", "", (), inner * factor
        yield "factor-left-out", "divisor", (), inner / leaf
        if arrays:
            yield "factor-left-out", "", (), inner @ leaf
            yield "factor-left-out", "", (), leaf @ inner


def _extended_by_term(
    part: Expression, inner: Expression, leaves: Sequence[Name]
) -> Iterator[_Change]:
    for leaf in (*leaves, Number(1.0, "1")):
        yield "term-left-out", "", (), inner + leaf
        yield "term-left-out", "", (), inner - leaf
    for term in _same_at_another_index(part):
        yield "step-left-out", "", (), inner + term


def _same_at_another_index(part: Expression) -> Iterator[Expression]:
    """Yield a term as it reads at the neighbouring steps."""
    for shift in (-1, 1):
        moved = _shifted(part, shift)
        if moved != part:
            yield moved


def _shifted(part: Expression, by: int) -> Expression:
    if isinstance(part, Name):
        return replace(part, index=tuple(index.shifted(by) for index in part.index))
    if isinstance(part, Apply):
        return replace(part, args=tuple(_shifted(arg, by) for arg in part.args))
    return part


def _operation_changed(part: Apply, keeper: Keeper) -> Iterator[_Change]:
    args = [keeper.keep(arg) for arg in part.args]
    match part.operation:
        case "add" if len(args) > 1:
            yield from _sum_changed(part, args)
        case "multiply":
            yield from _product_changed(part, args)
        case "divide" if len(args) == 2:
            shown = _shown(part.args[1])
            yield "factor-too-many", "divisor", (shown,), args[0]
            yield "other-operation", "divided", (), args[0] * args[1]
            yield "other-operation", "divided", (), args[1] / args[0]
        case "power":
            yield "power-too-many", "", (), args[0]
        case "matmul" | "outer" if len(args) == 2:
            swapped = Apply(part.operation, (args[1], args[0]))
            yield "operands-swapped", "", (), swapped
            yield from _other_products(part.operation, args)
        case "transpose":
            yield "transposed", "too many", (), args[0]
        case "sum" | "mean" if len(args) == 1:
            other = "mean" if part.operation == "sum" else "sum"
            form = "by a count" if other == "mean" else "not by a count"
            yield "function-too-many", "", (), args[0]
            yield "other-operation", form, (), Apply(other, part.args, part.params)
        case "sum":
            mean = Apply("mean", part.args, part.params)
            yield "other-operation", "by its terms", (), mean
        case "mean":
            total = Apply("sum", part.args, part.params)
            yield "other-operation", "not by its terms", (), total
        case operation if operation in _FUNCTIONS:
            yield "function-too-many", "", (), args[0]
            for name in _FUNCTIONS:
                if name != operation:
                    yield "other-function", "", (), _call(name, args[0])


def _sum_changed(part: Apply, args: Sequence[Expression]) -> Iterator[_Change]:
    signs = signs_of(part.params)
    for k, term in enumerate(part.args):
        kept = {"signs": signs[:k] + signs[k + 1 :]}
        rest = Apply("add", (*args[:k], *args[k + 1 :]), kept)
        yield "term-too-many", "", (_shown(term),), rest
    if len(args) == 2:
        yield "other-operation", "multiplied", (), args[0] * args[1]


def _lost_parentheses(part: Apply, leaves: Sequence[Name], keeper: Keeper) -> Iterator[_Change]:
    """Yield a sum in which two neighbouring terms have a factor or a divisor together."""
    if part.operation != "add" or len(part.args) < 2:
        return
    args = [keeper.keep(arg) for arg in part.args]
    signs = signs_of(part.params)
    for k in range(len(args) - 1):
        pair = Apply("add", tuple(args[k : k + 2]), {"signs": signs[k : k + 2]})
        shown = _shown(Apply("add", part.args[k : k + 2], pair.params))
        around = (tuple(args[:k]), tuple(args[k + 2 :]), signs[:k], signs[k + 2 :])
        for leaf in leaves if len(args) > 2 else ():
            whole = _among(around, (pair * leaf,), (1,))
            yield "factor-left-out", "of a pair", (shown,), whole
        first, second = signs[k], signs[k + 1]
        for factor in _factors(part.args[k]):
            both = (args[k], args[k + 1] * factor)
            for sign in {second, first * second}:
                new = _among(around, both, (first, sign))
                yield "parentheses-left-out", "", (_shown(factor), shown), new
        for factor in _factors(part.args[k + 1]):
            new = _among(around, (args[k] * factor, args[k + 1]), (first, second))
            yield "parentheses-left-out", "", (_shown(factor), shown), new
        last = part.args[k + 1]
        if isinstance(last, Apply) and last.operation == "divide":
            new = _among(around, (args[k] / last.args[1], args[k + 1]), (first, second))
            yield "parentheses-left-out", "", (_shown(last.args[1]), shown), new


_Around: TypeAlias = tuple[
    tuple[Expression, ...], tuple[Expression, ...], tuple[int, ...], tuple[int, ...]
]
"""The terms before and after, and their signs."""


def _among(around: _Around, terms: tuple[Expression, ...], signs: tuple[int, ...]) -> Expression:
    before, after, signs_before, signs_after = around
    return Apply("add", (*before, *terms, *after), {"signs": (*signs_before, *signs, *signs_after)})


def _factors(term: Expression) -> tuple[Expression, ...]:
    """Return the factors of a product, and what is left of it without its first or last one."""
    if not isinstance(term, Apply) or term.operation != "multiply":
        return ()
    args = term.args
    rests = (args[:-1], args[1:]) if len(args) > 2 else ()
    return (*args, *(Apply("multiply", rest) for rest in rests))


def _product_changed(part: Apply, args: Sequence[Expression]) -> Iterator[_Change]:
    for k, factor in enumerate(part.args):
        others = (*args[:k], *args[k + 1 :])
        rest = Apply("multiply", others) if len(others) > 1 else others[0]
        shown = _shown(factor)
        yield "factor-too-many", "", (shown,), rest
        yield "other-operation", "divides", (shown,), rest / args[k]
    for j, k in combinations(range(len(args)), 2) if len(args) > 2 else ():
        left = [arg for place, arg in enumerate(args) if place not in (j, k)]
        rest = Apply("multiply", tuple(left)) if len(left) > 1 else left[0]
        both = (_shown(part.args[j]), _shown(part.args[k]))
        yield "two-factors-too-many", "", both, rest
    if len(args) == 2:
        yield "other-operation", "added", (), args[0] + args[1]
        yield from _other_products("multiply", args)


def _other_products(operation: str, args: Sequence[Expression]) -> Iterator[_Change]:
    for kind in ("matmul", "outer", "multiply"):
        if kind != operation:
            yield "other-operation", "product", (), Apply(kind, tuple(args))
