"""The entries of one quantity in the order of another: what undoes `order_back`."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import in_a_row
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import AXIS, FLAG, WHOLE, required
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.sort import order


def _of(
    u: Values, x: Values, count: int, axis: int | None = -1, descending: bool = False
) -> Values:
    if np.shape(u) != np.shape(x):
        raise ValueError(f"expected values of one shape, got {np.shape(u)} and {np.shape(x)}")
    places = order(x, axis, descending)
    row, along = in_a_row(u, axis)
    if not 0 <= count <= places.shape[along]:
        raise ValueError(f"there are {places.shape[along]} entries, not {count}")
    return np.take_along_axis(row, np.take(places, np.arange(count), axis=along), axis=along)


def _derivative(
    g: Quantity,
    _out: Quantity,
    _u: Quantity,
    x: Quantity,
    count: int,
    axis: int | None = -1,
    descending: bool = False,
) -> Expression:
    return apply("order_back", g, x, axis=axis, descending=descending)


OPERATION = Operation(
    name="order_of",
    compute=_of,
    doc="The first entries of one quantity in the order into which sorting puts another.",
    latex="{0}",
    arity=(2, 2),
    derivatives=(_derivative, None),
    public=False,
    params={"count": required(WHOLE), "axis": AXIS, "descending": FLAG},
    copies=True,
    examples=(Example(([10.0, 20.0, 30.0], [3.0, 1.0, 2.0]), [20.0, 30.0, 10.0], {"count": 3}),),
)
