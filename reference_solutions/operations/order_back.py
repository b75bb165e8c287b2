"""What sorting hands back: the gradient of each sorted entry, where that entry came from."""

from __future__ import annotations

import numpy as np

from reference_solutions.language.expression import apply
from reference_solutions.operations.operation import Example, Operation, Quantity, Values
from reference_solutions.operations.parameter import FLAG, WHOLE
from reference_solutions.operations.sort import order


def _back(g: Values, x: Values, axis: int = -1, descending: bool = False) -> Values:
    places = order(x, axis, descending)
    kept = np.take(places, np.arange(np.shape(g)[axis]), axis=axis)
    out = np.zeros(np.shape(x))
    np.put_along_axis(out, kept, np.asarray(g, dtype=np.float64), axis=axis)
    return out


def _derivative(
    u: Quantity, _out: Quantity, g: Quantity, x: Quantity, axis: int = -1, descending: bool = False
) -> Quantity:
    return apply("order_of", u, x, axis=axis, descending=descending, count=g.shape[axis])


OPERATION = Operation(
    name="order_back",
    compute=_back,
    doc="The entries of the first operand where sorting the second takes its entries from.",
    latex=r"\operatorname{{sort}}^{{-1}}({0})",
    arity=(2, 2),
    derivatives=(_derivative, None),
    public=False,
    params={"axis": WHOLE, "descending": FLAG},
    copies=True,
    examples=(
        Example(([10.0, 20.0, 30.0], [3.0, 1.0, 2.0]), [30.0, 10.0, 20.0]),
        Example(([10.0], [3.0, 1.0, 2.0]), [10.0, 0.0, 0.0], {"descending": True}),
    ),
)
