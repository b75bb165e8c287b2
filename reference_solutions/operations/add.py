"""Sums and differences, with any number of terms: ``a + b - c``."""

from __future__ import annotations

from reference_solutions.language.expression import Expression
from reference_solutions.operations.operation import Derivative, Example, Operation, Values


def _add(*terms: Values, signs: tuple[int, ...]) -> Values:
    total = terms[0] if signs[0] > 0 else -terms[0]
    for term, sign in zip(terms[1:], signs[1:], strict=True):
        total = total + term if sign > 0 else total - term
    return total


def _derivative(position: int) -> Derivative:
    def rule(g: Expression, _out: Expression, *_: Expression, signs: tuple[int, ...]) -> Expression:
        return g if signs[position] > 0 else -g

    return rule


OPERATION = Operation(
    name="add",
    compute=_add,
    doc="The sum of its terms, each with its sign, elementwise.",
    latex="",
    arity=(1, 500),
    derivatives=_derivative,
    broadcasts=True,
    elementwise=True,
    binds=10,
    public=False,
    params=("signs",),
    examples=(
        Example(([1.0, 2.0], [10.0, 20.0], 1.0), [10.0, 21.0], {"signs": (1, 1, -1)}),
        Example((2.0, [1.0, 3.0]), [1.0, -1.0], {"signs": (1, -1)}),
    ),
)
