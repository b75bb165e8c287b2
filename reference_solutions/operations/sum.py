"""Sums over a quantity: ``sum(x)``, over one axis, or over an index (``sum(l)``, ``sum(l[t], t)``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference_solutions.expression import apply
from reference_solutions.operations.operation import Example, Mistake, Operation


def _sum(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    return np.sum(x, axis=axis, keepdims=keepdims)


def _derivative(g: Any, _out: Any, x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    return apply("spread", g, shape=x.shape, axis=None if keepdims else axis)


def _count(x: Any, axis: int | None) -> int:
    return int(np.size(x) if axis is None else np.shape(x)[axis])


OPERATION = Operation(
    name="sum",
    compute=_sum,
    doc="The sum of all entries, or over `axis=`; of an indexed quantity, over its index.",
    latex=r"\sum {0}",
    derivatives=(_derivative,),
    binds=12,
    params=("axis", "keepdims"),
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
                0: lambda g, _out, x, axis=None, keepdims=False: apply(
                    "spread", g, shape=x.shape, axis=None if keepdims else axis
                )
                / _count(np.empty(x.shape), axis)
            },
            commonness="common",
            used=r"\frac{{1}}{{n}}\sum {0}",
            example=Example(([1.0, 3.0],), 2.0),
        ),
    ),
)
