"""Elementwise products, with any number of factors: ``a * b * c``."""

from __future__ import annotations

from reference_solutions.language.expression import Expression
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


OPERATION = Operation(
    name="multiply",
    compute=_multiply,
    doc="The product of its factors, elementwise.",
    latex="",
    arity=(1, 500),
    derivatives=_derivative,
    broadcasts=True,
    elementwise=True,
    binds=20,
    public=False,
    examples=(
        Example(([1.0, 2.0], [3.0, 4.0], 2.0), [6.0, 16.0]),
        Example((3.0, [1.0, -2.0]), [3.0, -6.0]),
    ),
)
