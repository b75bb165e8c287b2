"""What all consumers of a quantity hand back, added up: the adjoint of a quantity."""

from __future__ import annotations

from reference_solutions.language.expression import Expression
from reference_solutions.operations.operation import Derivative, Example, Operation, Values


def _accumulate(*parts: Values) -> Values:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _derivative(_position: int) -> Derivative:
    def rule(g: Expression, _out: Expression, *_: Expression) -> Expression:
        return g

    return rule


OPERATION = Operation(
    name="accumulate",
    compute=_accumulate,
    doc="The sum of its operands, of which there may be any number.",
    latex="",
    arity=(1, 100_000),
    derivatives=_derivative,
    binds=10,
    public=False,
    elementwise=True,
    examples=(Example(([1.0, 2.0], [3.0, 4.0]), [4.0, 6.0]),),
)
