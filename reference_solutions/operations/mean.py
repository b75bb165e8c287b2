"""Means: ``mean(x)``, over one axis, or over an index (``mean(l)``, ``mean(l[t], t)``)."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.axes import (
    Axes,
    axes_of_each,
    handed_to_each,
    over_index,
    size_along,
)
from reference_solutions.operations.operation import Example, Mistake, Operation, Values
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.reduction import Reduction


def _derivative(
    g: Quantity, out: Quantity, x: Quantity, axis: Axes = None, keepdims: bool = False
) -> Expression:
    return handed_to_each(g, out, x, axis, keepdims) / size_along(x.shape, axis)


def _one_less(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    count = size_along(np.shape(x), axis)
    if count < 2:
        raise ValueError("there is only one term")
    return np.sum(x, axis=axis, keepdims=keepdims) / (count - 1)


def _many(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    if axis is None and not keepdims:
        return x.reshape(len(x), -1).mean(axis=1)
    return x.mean(axis=axes_of_each(axis, x.ndim - 1), keepdims=keepdims)


OPERATION = Operation(
    name="mean",
    subject="sums and statistics",
    compute=lambda x, axis=None, keepdims=False: np.mean(x, axis=axis, keepdims=keepdims),
    doc="The mean of all entries, or over `axis=`; of an indexed quantity, over its index.",
    latex=r"\operatorname{{mean}}({0})",
    takes_index=True,
    latex_over_index=over_index(r"\operatorname{mean}"),
    derivatives=(_derivative,),
    params={"axis": AXES, "keepdims": FLAG},
    many=_many,
    reduction=Reduction("the mean", adds_up=True, averages=True, instead=("max",)),
    invites=("root-or-square-added",),
    examples=(
        Example(([1.0, 2.0, 6.0],), 3.0),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [2.0, 3.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="sum-for-mean",
            says="You added the terms; the sheet takes their mean: divide by their number.",
            forward=lambda x, axis=None, keepdims=False: np.sum(x, axis=axis, keepdims=keepdims),
            backward={0: handed_to_each},
            commonness="very_common",
            used=r"\sum {0}",
            source="seen in published work",
            example=Example(([1.0, 2.0, 6.0],), 9.0),
        ),
        Mistake(
            id="mean-factor-dropped-in-gradient",
            says=(
                "That is the gradient of the sum: the loss is a mean over n terms (n = T time "
                "steps here), so its gradient carries the factor 1/n, which was dropped."
            ),
            backward={0: handed_to_each},
            commonness="very_common",
            source="seen in published work",
            example=Example(([1.0, 2.0, 6.0],), [1.0, 1.0, 1.0], gradient=1.0),
        ),
        Mistake(
            id="mean-divided-by-one-less",
            says="You divided by the number of terms less one; the mean divides by their number.",
            forward=_one_less,
            used=r"\frac{{1}}{{n-1}}\sum {0}",
            example=Example(([1.0, 2.0, 6.0],), 4.5),
        ),
    ),
)
