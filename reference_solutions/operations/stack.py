"""Several values of one shape in one array: ``[a, b, c]``, and an indexed quantity taken whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference_solutions.expression import Expression, apply
from reference_solutions.operations.operation import Derivative, Example, Operation


def _stack(*items: Any) -> Any:
    shapes = {np.shape(item) for item in items}
    if len(shapes) > 1:
        raise ValueError(f"a list needs items of one shape, got {sorted(shapes)}")
    return np.array(items)


def _derivative(position: int) -> Derivative:
    def rule(g: Expression, _out: Expression, *_: Expression) -> Expression:
        return apply("item", g, index=(position,))

    return rule


OPERATION = Operation(
    name="stack",
    compute=_stack,
    doc="Its operands along a new first axis.",
    latex="",
    arity=(1, 500),
    derivatives=_derivative,
    public=False,
    examples=(Example(([1.0, 2.0], [3.0, 4.0]), [[1.0, 2.0], [3.0, 4.0]]),),
)
