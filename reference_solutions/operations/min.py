"""The smallest entry of a quantity, or along an axis. Of equals the first receives the gradient."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes, handed_to_each, over_index
from reference_solutions.operations.growth import smallest
from reference_solutions.operations.operation import Coincidence, Example, Mistake, Operation
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.reduction import Reduction


def _smallest(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    return np.asarray(np.min(x, axis=axis, keepdims=keepdims))


def _by_size(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    return np.asarray(np.min(np.abs(x), axis=axis, keepdims=keepdims))


def _largest(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    return np.asarray(np.max(x, axis=axis, keepdims=keepdims))


def _index(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    if isinstance(axis, tuple):
        raise ValueError("an index is counted along one axis")
    return np.asarray(np.argmin(x, axis=axis, keepdims=keepdims))


def _derivative(
    g: Quantity, out: Quantity, x: Quantity, axis: Axes = None, keepdims: bool = False
) -> Expression:
    return handed_to_each(g, out, x, axis, keepdims) * apply("is_largest", -x, axis=axis)


OPERATION = Operation(
    name="min",
    subject="sums and statistics",
    for_two="minimum",
    compute=_smallest,
    doc="The smallest entry, of all, over `axis=`, or over an index (`min(a[i, j], j)`).",
    latex=r"\min({0})",
    latex_over_index=over_index(r"\min"),
    derivatives=(_derivative,),
    params={"axis": AXES, "keepdims": FLAG},
    growth=smallest,
    reduction=Reduction("the smallest entry", instead=("mean", "sum")),
    invites=("root-or-square-added",),
    examples=(
        Example(([1.0, 5.0, 3.0],), 1.0),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [[1.0], [3.0]], {"axis": -1, "keepdims": True}),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [1.0, 3.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="largest-for-smallest-entry",
            says="That is the largest entry; the smallest is meant.",
            forward=_largest,
            used=r"\max({0})",
            example=Example(([1.0, 5.0, 3.0],), 5.0),
        ),
        Mistake(
            id="index-for-smallest-entry",
            says="That is the index of the smallest entry; the entry itself is meant.",
            forward=_index,
            used=r"\operatorname{{argmin}}({0})",
            example=Example(([1.0, 5.0, 3.0],), 0.0),
        ),
        Mistake(
            id="smallest-entry-by-absolute-value",
            says="You compared absolute values; a negative entry is smaller than any positive one.",
            forward=_by_size,
            used=r"\min|{0}|",
            example=Example(([-7.0, 5.0],), 5.0),
            hidden=Coincidence("the smallest entry is also the nearest to 0", ([1.0, 0.5, 3.0],)),
        ),
        Mistake(
            id="smallest-entry-gradient-to-all",
            says="Only the smallest entry receives the gradient; you gave it to all.",
            backward={0: handed_to_each},
            commonness="common",
            example=Example(([1.0, 5.0, 3.0],), [2.0, 2.0, 2.0], gradient=2.0),
        ),
    ),
)
