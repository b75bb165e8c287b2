"""Sums and differences, with any number of terms: ``a + b - c``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from reference_solutions.expressions.printing import (
    Binds,
    Operand,
    Shown,
    fence,
    in_parentheses,
    signs_of,
)
from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.growth import NoSizeError, Size
from reference_solutions.operations.operation import Derivative, Example, Operation, Values
from reference_solutions.operations.parameter import SHAPE, required


def _add(*terms: Values, signs: tuple[int, ...]) -> Values:
    total = terms[0] if signs[0] > 0 else -terms[0]
    for term, sign in zip(terms[1:], signs[1:], strict=True):
        total = total + term if sign > 0 else total - term
    return total


def _derivative(position: int) -> Derivative:
    def rule(g: Expression, _out: Expression, *_: Expression, signs: tuple[int, ...]) -> Expression:
        return g if signs[position] > 0 else -g

    return rule


def _latex(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    signs = signs_of(params)
    if len(operands) == 1 and signs == (1,):
        return operands[0].text, operands[0].binds
    text = ""
    for (part, inner, _), sign in zip(operands, signs, strict=True):
        shown = fence(part, inner, Binds.SUM + (sign < 0))
        if shown.startswith("-") and (text or sign < 0):
            shown = rf"\left({shown}\right)"
        text += ("-" if sign < 0 else "+" if text else "") + shown
    return text, Binds.SUM


def _text(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    text = ""
    for (part, inner, _), sign in zip(operands, signs_of(params), strict=True):
        if text:
            text += (" - " if sign < 0 else " + ") + in_parentheses(part, inner, Binds.SUM + 1)
        else:
            text = f"-{in_parentheses(part, inner, Binds.PRODUCT)}" if sign < 0 else part
    return text, Binds.SUM


def _growth(sizes: Sequence[Size], params: Mapping[str, object]) -> Size:
    largest = max(size for _, size in sizes)
    if math.isinf(largest):
        return 1.0, largest
    total = sum(
        own * sign * 10.0 ** (size - largest)
        for (own, size), sign in zip(sizes, signs_of(params), strict=True)
    )
    if abs(total) < 1e-9:
        raise NoSizeError
    return math.copysign(1.0, total), largest + math.log10(abs(total))


OPERATION = Operation(
    name="add",
    subject="arithmetic",
    compute=_add,
    doc="The sum of its terms, each with its sign, elementwise.",
    form="sum",
    latex=_latex,
    text=_text,
    arity=(1, 500),
    derivatives=_derivative,
    broadcasts=True,
    elementwise=True,
    public=False,
    params={"signs": required(SHAPE)},
    growth=_growth,
    sign="+",
    written="a + b - c",
    elementary=True,
    overflows=True,
    examples=(
        Example(([1.0, 2.0], [10.0, 20.0], 1.0), [10.0, 21.0], {"signs": (1, 1, -1)}),
        Example((2.0, [1.0, 3.0]), [1.0, -1.0], {"signs": (1, -1)}),
    ),
)
