"""The median: the middle entry, or the mean of the two in the middle, of all or over an axis."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes, handed_to_each, over_index
from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity


def _median(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    return np.median(x, axis=axis, keepdims=keepdims)


def _derivative(
    g: Quantity, out: Quantity, x: Quantity, axis: Axes = None, keepdims: bool = False
) -> Expression:
    return handed_to_each(g, out, x, axis, keepdims) * apply("share_of_median", x, axis=axis)


def _one_of_two(which: str) -> Callable[..., Values]:
    def forward(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
        return np.quantile(x, 0.5, axis=axis, keepdims=keepdims, method=which)  # type: ignore[call-overload]

    return forward


def _not_sorted(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    if np.ndim(x) != 1 or keepdims:
        raise ValueError("only a vector has a middle")
    middle = len(x) // 2
    return x[middle] * 1.0 if len(x) % 2 else (x[middle - 1] + x[middle]) / 2


OPERATION = Operation(
    name="median",
    subject="sums and statistics",
    compute=_median,
    doc="The middle entry, or the mean of the two in the middle, of all or over `axis=`.",
    latex=r"\operatorname{{median}}({0})",
    latex_over_index=over_index(r"\operatorname{median}"),
    derivatives=(_derivative,),
    params={"axis": AXES, "keepdims": FLAG},
    examples=(
        Example(([9.0, 1.0, 2.0],), 2.0),
        Example(([9.0, 1.0, 2.0, 4.0],), 3.0),
        Example(([[9.0, 1.0], [2.0, 4.0], [3.0, 8.0]],), [3.0, 4.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="mean-for-median",
            says="That is the mean; the median is the entry in the middle.",
            forward=lambda x, axis=None, keepdims=False: np.mean(x, axis=axis, keepdims=keepdims),
            commonness="common",
            used=r"\operatorname{{mean}}({0})",
            example=Example(([9.0, 1.0, 2.0],), 4.0),
            hidden=Coincidence("the mean is the same", ([1.0, 2.0, 3.0],)),
        ),
        Mistake(
            id="median-not-sorted",
            says="You took the middle of the entries as they stand; sort them first.",
            forward=_not_sorted,
            commonness="common",
            example=Example(([9.0, 1.0, 2.0],), 1.0),
            hidden=Coincidence("the entries in the middle stand there already", ([1.0, 2.0, 9.0],)),
        ),
        Mistake(
            id="lower-of-two-medians",
            says="Of two entries in the middle the median is their mean; you took the lower.",
            forward=_one_of_two("lower"),
            example=Example(([9.0, 1.0, 2.0, 4.0],), 2.0),
        ),
        Mistake(
            id="upper-of-two-medians",
            says="Of two entries in the middle the median is their mean; you took the upper.",
            forward=_one_of_two("higher"),
            example=Example(([9.0, 1.0, 2.0, 4.0],), 4.0),
        ),
    ),
)
