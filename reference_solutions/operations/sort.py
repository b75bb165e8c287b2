"""The entries in order, along an axis (the last unless told), the smallest first unless told."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import in_a_row
from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import AXIS, FLAG
from reference_solutions.operations.quantity import Quantity


def order(x: Values, axis: int | None = -1, descending: bool = False) -> Values:
    """Return where the entries stand that come first, second and so on; equals keep their order.

    Raises ValueError for a single number.
    """
    if np.ndim(x) == 0:
        raise ValueError("a single number has no order: expected a vector or a matrix")
    x, axis = in_a_row(x, axis)
    return np.argsort(-x if descending else x, axis=axis, kind="stable")


def _sort(x: Values, axis: int | None = -1, descending: bool = False) -> Values:
    places = order(x, axis, descending)
    x, axis = in_a_row(x, axis)
    return np.take_along_axis(x, places, axis=axis)


def _derivative(
    g: Quantity, _out: Quantity, x: Quantity, axis: int | None = -1, descending: bool = False
) -> Expression:
    return apply("order_back", g, x, axis=axis, descending=descending)


def _other_axis(x: Values, axis: int | None = -1, descending: bool = False) -> Values:
    if np.ndim(x) != 2 or axis is None:
        raise ValueError("there is no other axis")
    return _sort(x, -2 if axis in (-1, 1) else -1, descending)


OPERATION = Operation(
    name="sort",
    subject="sums and statistics",
    compute=_sort,
    doc=(
        "The entries in order along the last axis, `axis=`, or all in a row (`axis=None`); "
        "`descending=True`: largest first."
    ),
    latex=r"\operatorname{{sort}}({0})",
    derivatives=(_derivative,),
    params={"axis": AXIS, "descending": FLAG},
    copies=True,
    examples=(
        Example(([3.0, 1.0, 2.0],), [1.0, 2.0, 3.0]),
        Example(([3.0, 1.0, 2.0],), [3.0, 2.0, 1.0], {"descending": True}),
        Example(([[3.0, 1.0], [2.0, 5.0]],), [[2.0, 1.0], [3.0, 5.0]], {"axis": 0}),
        Example(([[3.0, 1.0], [2.0, 5.0]],), [1.0, 2.0, 3.0, 5.0], {"axis": None}),
    ),
    mistakes=(
        Mistake(
            id="sorted-the-other-way",
            says="The order is turned round: look whether the smallest or the largest comes first.",
            forward=lambda x, axis=-1, descending=False: _sort(x, axis, not descending),
            commonness="common",
            example=Example(([3.0, 1.0, 2.0],), [3.0, 2.0, 1.0]),
        ),
        Mistake(
            id="sorted-along-other-axis",
            says="You sorted along the other axis.",
            forward=_other_axis,
            example=Example(([[3.0, 1.0], [2.0, 5.0]],), [[2.0, 1.0], [3.0, 5.0]]),
        ),
        Mistake(
            id="not-sorted",
            says="The entries are in the order in which they were given; sort them.",
            forward=lambda x, axis=-1, descending=False: np.asarray(x) * 1.0,
            used="{0}",
            example=Example(([3.0, 1.0, 2.0],), [3.0, 1.0, 2.0]),
            hidden=Coincidence("the entries are given in order", ([1.0, 2.0, 3.0],)),
        ),
        Mistake(
            id="positions-for-sorted-entries",
            says="These are the positions of the entries; the entries in order are meant.",
            forward=lambda x, axis=-1, descending=False: order(x, axis, descending) * 1.0,
            used=r"\operatorname{{argsort}}({0})",
            example=Example(([3.0, 1.0, 2.0],), [1.0, 2.0, 0.0]),
        ),
    ),
)
