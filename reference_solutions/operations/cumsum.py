"""Running sums: each entry is the sum of all up to it, along an axis (the last unless told)."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import in_a_row
from reference_solutions.operations.operation import Example, Mistake, Operation, Values
from reference_solutions.operations.parameter import AXIS, FLAG
from reference_solutions.operations.quantity import Quantity


def _cumsum(x: Values, axis: int | None = -1, reverse: bool = False) -> Values:
    if np.ndim(x) == 0:
        raise ValueError("`cumsum` needs a vector or a matrix, got a number")
    x, axis = in_a_row(x, axis)
    if reverse:
        return np.flip(np.cumsum(np.flip(x, axis), axis=axis), axis)
    return np.cumsum(x, axis=axis)


def _derivative(
    g: Quantity, _out: Quantity, x: Quantity, axis: int | None = -1, reverse: bool = False
) -> Expression:
    back = apply("cumsum", g, axis=axis, reverse=not reverse)
    return apply("reshape", back, shape=x.shape) if axis is None and len(x.shape) > 1 else back


OPERATION = Operation(
    name="cumsum",
    subject="sums and statistics",
    compute=_cumsum,
    doc=(
        "The running sums along the last axis, `axis=`, or through all entries (`axis=None`); "
        "`reverse=True`: from the end on."
    ),
    latex=r"\operatorname{{cumsum}}({0})",
    derivatives=(_derivative,),
    params={"axis": AXIS, "reverse": FLAG},
    examples=(
        Example(([1.0, 2.0, 4.0],), [1.0, 3.0, 7.0]),
        Example(([1.0, 2.0, 4.0],), [7.0, 6.0, 4.0], {"reverse": True}),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [[1.0, 2.0], [4.0, 6.0]], {"axis": 0}),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [1.0, 3.0, 6.0, 10.0], {"axis": None}),
    ),
    mistakes=(
        Mistake(
            id="running-sum-without-own-entry",
            says="Each running sum counts the entry itself as well; yours stop before it.",
            forward=lambda x, axis=-1, reverse=False: (
                _cumsum(x, axis, reverse) - in_a_row(x, axis)[0]
            ),
            commonness="common",
            example=Example(([1.0, 2.0, 4.0],), [0.0, 1.0, 3.0]),
        ),
        Mistake(
            id="running-sum-from-other-end",
            says="You added up from the other end.",
            forward=lambda x, axis=-1, reverse=False: _cumsum(x, axis, not reverse),
            example=Example(([1.0, 2.0, 4.0],), [7.0, 6.0, 4.0]),
        ),
        Mistake(
            id="running-mean-for-sum",
            says="You divided each running sum by the number of its terms.",
            forward=lambda x, axis=-1, reverse=False: (
                _cumsum(x, axis, reverse) / _cumsum(np.ones_like(x), axis, reverse)
            ),
            commonness="rare",
            example=Example(([1.0, 3.0, 5.0],), [1.0, 2.0, 3.0]),
        ),
    ),
)
