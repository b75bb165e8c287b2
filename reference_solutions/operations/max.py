"""The largest entry of a quantity, or along an axis. Of equals the first receives the gradient."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes, handed_to_each, over_index
from reference_solutions.operations.growth import largest
from reference_solutions.operations.operation import Coincidence, Example, Mistake, Operation
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.reduction import Reduction


def _largest(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    return np.asarray(np.max(x, axis=axis, keepdims=keepdims))


def _by_size(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    return np.asarray(np.max(np.abs(x), axis=axis, keepdims=keepdims))


def _smallest(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    return np.asarray(np.min(x, axis=axis, keepdims=keepdims))


def _index(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    if isinstance(axis, tuple):
        raise ValueError("an index is counted along one axis")
    return np.asarray(np.argmax(x, axis=axis, keepdims=keepdims))


def _derivative(
    g: Quantity, out: Quantity, x: Quantity, axis: Axes = None, keepdims: bool = False
) -> Expression:
    return handed_to_each(g, out, x, axis, keepdims) * apply("is_largest", x, axis=axis)


OPERATION = Operation(
    name="max",
    subject="sums and statistics",
    for_two="maximum",
    compute=_largest,
    doc="The largest entry, of all, over `axis=`, or over an index (`max(a[i, j], j)`).",
    latex=r"\max({0})",
    latex_over_index=over_index(r"\max"),
    derivatives=(_derivative,),
    params={"axis": AXES, "keepdims": FLAG},
    growth=largest,
    reduction=Reduction("the largest entry", instead=("mean", "sum")),
    invites=("root-or-square-added",),
    examples=(
        Example(([1.0, 5.0, 3.0],), 5.0),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [[5.0], [4.0]], {"axis": -1, "keepdims": True}),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [4.0, 5.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="smallest-for-largest-entry",
            says="That is the smallest entry; the largest is meant.",
            forward=_smallest,
            used=r"\min({0})",
            example=Example(([1.0, 5.0, 3.0],), 1.0),
        ),
        Mistake(
            id="index-for-largest-entry",
            says="That is the index of the largest entry; the entry itself is meant.",
            forward=_index,
            used=r"\operatorname{{argmax}}({0})",
            example=Example(([1.0, 5.0, 3.0],), 1.0),
        ),
        Mistake(
            id="largest-entry-by-absolute-value",
            says="You compared absolute values; a negative entry is smaller than any positive one.",
            forward=_by_size,
            used=r"\max|{0}|",
            example=Example(([-7.0, 5.0],), 7.0),
            hidden=Coincidence(
                "no entry is more negative than the largest is positive", ([1.0, -0.5, 3.0],)
            ),
        ),
        Mistake(
            id="largest-entry-gradient-to-all",
            says="Only the largest entry receives the gradient; you gave it to all.",
            backward={0: handed_to_each},
            commonness="common",
            example=Example(([1.0, 5.0, 3.0],), [2.0, 2.0, 2.0], gradient=2.0),
        ),
    ),
)
