"""Sums: ``sum(x)``, over one axis, or over an index (``sum(l)``, ``sum(l[t], t)``)."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.printing import Binds
from reference_solutions.operations.axes import (
    Axes,
    axes_of_each,
    handed_to_each,
    over_index,
    size_along,
)
from reference_solutions.operations.operation import (
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.reduction import Reduction


def _sum(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    return np.sum(x, axis=axis, keepdims=keepdims)


def _many(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    if axis is None and not keepdims:
        return x.reshape(len(x), -1).sum(axis=1)
    return x.sum(axis=axes_of_each(axis, x.ndim - 1), keepdims=keepdims)


OPERATION = Operation(
    name="sum",
    subject="sums and statistics",
    compute=_sum,
    doc="The sum of all entries, or over `axis=`; of an indexed quantity, over its index.",
    latex=r"\sum {0}",
    takes_index=True,
    latex_over_index=over_index(r"\sum", Binds.SIGN),
    of_nothing=True,
    derivatives=(handed_to_each,),
    binds=Binds.SUMMATION,
    params={"axis": AXES, "keepdims": FLAG},
    many=_many,
    overflows=True,
    reduction=Reduction("the sum", adds_up=True, instead=("max",)),
    invites=("root-or-square-added",),
    examples=(
        Example(([1.0, 2.0, 3.0],), 6.0),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [4.0, 6.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="mean-for-sum",
            says="You took the mean; the sheet has the sum: don't divide by the number of terms.",
            forward=lambda x, axis=None, keepdims=False: np.mean(x, axis=axis, keepdims=keepdims),
            backward={
                0: lambda g, _out, x, axis=None, keepdims=False: (
                    handed_to_each(g, _out, x, axis, keepdims) / size_along(x.shape, axis)
                )
            },
            commonness="common",
            used=r"\frac{{1}}{{n}}\sum {0}",
            example=Example(([1.0, 3.0],), 2.0),
        ),
    ),
)
