"""What all consumers of a quantity hand back, added up: the adjoint of a quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reference_solutions.expressions.printing import Binds, Operand, Shown
from reference_solutions.expressions.tree import Expression
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


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    if len(operands) < 2:
        return (operands[0].text, operands[0].binds) if operands else ("0", Binds.ATOM)
    joined = "".join(o.text if o.text.startswith("-") else f"+{o.text}" for o in operands)
    return joined.removeprefix("+"), Binds.SUM


OPERATION = Operation(
    name="accumulate",
    compute=_accumulate,
    doc="The sum of its operands, of which there may be any number.",
    latex=_latex,
    gathers=True,
    arity=(1, 100_000),
    derivatives=_derivative,
    public=False,
    elementwise=True,
    examples=(Example(([1.0, 2.0], [3.0, 4.0]), [4.0, 6.0]),),
)
