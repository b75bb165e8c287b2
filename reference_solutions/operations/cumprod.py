"""Running products: each entry is the product of all up to it, along an axis."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import in_a_row
from reference_solutions.operations.operation import Example, Mistake, Operation, Values
from reference_solutions.operations.parameter import AXIS
from reference_solutions.operations.quantity import Quantity


def _cumprod(x: Values, axis: int | None = -1) -> Values:
    if np.ndim(x) == 0:
        raise ValueError("`cumprod` needs a vector or a matrix, got a number")
    x, axis = in_a_row(x, axis)
    return np.cumprod(x, axis=axis)


def _before(x: Values, axis: int | None = -1) -> Values:
    x, axis = in_a_row(x, axis)
    running = np.moveaxis(_cumprod(x, axis), axis, -1)
    ones = np.ones((*running.shape[:-1], 1))
    return np.moveaxis(np.concatenate([ones, running[..., :-1]], axis=-1), -1, axis)


def _derivative(g: Quantity, _out: Quantity, x: Quantity, axis: int | None = -1) -> Expression:
    return apply("cumprod_back", g, x, axis=axis)


OPERATION = Operation(
    name="cumprod",
    subject="sums and statistics",
    compute=_cumprod,
    doc="The running products along the last axis, `axis=`, or through all entries (`axis=None`).",
    latex=r"\operatorname{{cumprod}}({0})",
    derivatives=(_derivative,),
    params={"axis": AXIS},
    examples=(
        Example(([2.0, 3.0, 4.0],), [2.0, 6.0, 24.0]),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [[1.0, 2.0], [3.0, 8.0]], {"axis": 0}),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [1.0, 2.0, 6.0, 24.0], {"axis": None}),
    ),
    mistakes=(
        Mistake(
            id="running-product-without-own-factor",
            says="Each running product counts its own factor as well; yours stop before it.",
            forward=_before,
            commonness="common",
            example=Example(([2.0, 3.0, 4.0],), [1.0, 2.0, 6.0]),
        ),
        Mistake(
            id="running-sum-for-product",
            says="You added the factors up; the running products multiply them.",
            forward=lambda x, axis=-1: np.cumsum(x, axis=axis),
            used=r"\operatorname{{cumsum}}({0})",
            example=Example(([2.0, 3.0, 4.0],), [2.0, 5.0, 9.0]),
        ),
    ),
)
