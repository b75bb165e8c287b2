"""What sorting hands back: the gradient of each sorted entry, where that entry came from."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import in_a_row
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import AXIS, FLAG
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.sort import order


def _back(g: Values, x: Values, axis: int | None = -1, descending: bool = False) -> Values:
    places = order(x, axis, descending)
    row, along = in_a_row(x, axis)
    kept = np.take(places, np.arange(np.shape(g)[along]), axis=along)
    out = np.zeros(row.shape)
    np.put_along_axis(out, kept, np.asarray(g, dtype=np.float64), axis=along)
    return out.reshape(np.shape(x))


def _derivative(
    u: Quantity,
    _out: Quantity,
    g: Quantity,
    x: Quantity,
    axis: int | None = -1,
    descending: bool = False,
) -> Expression:
    count = g.shape[0 if axis is None else axis]
    return apply("order_of", u, x, axis=axis, descending=descending, count=count)


OPERATION = Operation(
    name="order_back",
    compute=_back,
    doc="The entries of the first operand where sorting the second takes its entries from.",
    latex=r"\operatorname{{sort}}^{{-1}}({0})",
    arity=(2, 2),
    derivatives=(_derivative, None),
    public=False,
    params={"axis": AXIS, "descending": FLAG},
    copies=True,
    examples=(
        Example(([10.0, 20.0, 30.0], [3.0, 1.0, 2.0]), [30.0, 10.0, 20.0]),
        Example(([10.0], [3.0, 1.0, 2.0]), [10.0, 0.0, 0.0], {"descending": True}),
        Example(([10.0, 20.0], [[3.0], [1.0]]), [[20.0], [10.0]], {"axis": None}),
    ),
)
