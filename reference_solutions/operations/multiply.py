"""Elementwise products, with any number of factors: ``a * b * c``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from reference_solutions.expressions.printing import Binds, Operand, Shown, fence, infix
from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.growth import Size
from reference_solutions.operations.operation import Derivative, Example, Operation, Values


def _multiply(*factors: Values) -> Values:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _derivative(position: int) -> Derivative:
    def rule(g: Expression, _out: Expression, *factors: Expression) -> Expression:
        result = g
        for other, factor in enumerate(factors):
            if other != position:
                result = result * factor
        return result

    return rule


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    """Entry by entry of arrays, without a sign of what is multiplied by a number.

    A factor 1 that derivation leaves is not written.
    """
    kept = [operand for operand in operands if operand.text not in ("1", "-1")]
    negative = sum(operand.text == "-1" for operand in operands) % 2 == 1
    if not kept:
        return ("-1", Binds.SIGN) if negative else ("1", Binds.PRODUCT)
    if len(kept) == 1 and not negative:
        return kept[0].text, kept[0].binds
    factors = [(fence(text, inner, Binds.PRODUCT), number) for text, inner, number in kept]
    text, so_far = factors[0]
    for factor, number in factors[1:]:
        if not (so_far or number):
            text += r" \odot "
        else:
            text += r" \cdot " if factor[0].isdigit() else r"\,"
        text += factor
        so_far = so_far and number
    return (f"-{text}", Binds.SIGN) if negative else (text, Binds.PRODUCT)


def _growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    return math.prod(sign for sign, _ in sizes), sum(size for _, size in sizes)


OPERATION = Operation(
    name="multiply",
    subject="arithmetic",
    compute=_multiply,
    doc="The product of its factors, elementwise.",
    form="product",
    latex=_latex,
    text=infix(" * ", Binds.PRODUCT),
    arity=(1, 500),
    derivatives=_derivative,
    broadcasts=True,
    elementwise=True,
    public=False,
    growth=_growth,
    sign="*",
    written="a * b",
    elementary=True,
    overflows=True,
    examples=(
        Example(([1.0, 2.0], [3.0, 4.0], 2.0), [6.0, 16.0]),
        Example((3.0, [1.0, -2.0]), [3.0, -6.0]),
    ),
)
