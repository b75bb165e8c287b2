"""One value where a condition holds and another where it doesn't, elementwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
)


def _where(condition: Values, then: Values, otherwise: Values) -> Values:
    return np.where(np.asarray(condition) != 0, then, otherwise)


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    condition, then, otherwise = (operand.text for operand in operands)
    if condition.startswith("[") and condition.endswith("]"):
        condition = condition[1:-1]
    rows = rf"{then} & \text{{if }} {condition} \\ {otherwise} & \text{{otherwise}}"
    return rf"\begin{{cases}} {rows} \end{{cases}}", Binds.ATOM


OPERATION = Operation(
    name="where",
    subject="arithmetic",
    compute=_where,
    doc="where(condition, a, b): a where the condition holds, b where it doesn't, elementwise.",
    latex=_latex,
    arity=(3, 3),
    derivatives=(
        None,
        lambda g, _out, c, _a, _b: apply("where", c, g, 0.0),
        lambda g, _out, c, _a, _b: apply("where", c, 0.0, g),
    ),
    broadcasts=True,
    elementwise=True,
    examples=(
        Example(([1.0, 0.0, 1.0], [5.0, 6.0, 7.0], [-1.0, -2.0, -3.0]), [5.0, -2.0, 7.0]),
        Example(([1.0, 0.0], 3.0, [1.0, 2.0]), [3.0, 2.0]),
    ),
    mistakes=(
        Mistake(
            id="condition-turned-round",
            says="The two cases are exchanged: look for which of them the condition holds.",
            forward=lambda condition, then, otherwise: _where(condition, otherwise, then),
            backward={
                1: lambda g, _out, c, _a, _b: apply("where", c, 0.0, g),
                2: lambda g, _out, c, _a, _b: apply("where", c, g, 0.0),
            },
            commonness="common",
            used=(
                r"\begin{{cases}} {{{2}}} & \text{{if }} {{{0}}} \\ {{{1}}} & \text{{otherwise}}"
                r" \end{{cases}}"
            ),
            example=Example(([1.0, 0.0], 3.0, 4.0), [4.0, 3.0]),
        ),
        Mistake(
            id="first-case-everywhere",
            says="You took the first case everywhere; where the condition fails it is the second.",
            forward=lambda condition, then, otherwise: (
                np.broadcast_to(
                    then, np.broadcast_shapes(*map(np.shape, (condition, then, otherwise)))
                )
                * 1.0
            ),
            backward={1: lambda g, _out, _c, _a, _b: g, 2: lambda g, _out, _c, _a, _b: 0.0 * g},
            used="{1}",
            example=Example(([1.0, 0.0], 3.0, 4.0), [3.0, 3.0]),
            hidden=Coincidence("the condition holds everywhere", ([1.0, 1.0], 3.0, 4.0)),
        ),
        Mistake(
            id="second-case-everywhere",
            says="You took the second case everywhere; where the condition holds it is the first.",
            forward=lambda condition, then, otherwise: (
                np.broadcast_to(
                    otherwise, np.broadcast_shapes(*map(np.shape, (condition, then, otherwise)))
                )
                * 1.0
            ),
            backward={1: lambda g, _out, _c, _a, _b: 0.0 * g, 2: lambda g, _out, _c, _a, _b: g},
            used="{2}",
            example=Example(([1.0, 0.0], 3.0, 4.0), [4.0, 4.0]),
            hidden=Coincidence("the condition holds nowhere", ([0.0, 0.0], 3.0, 4.0)),
        ),
    ),
)
