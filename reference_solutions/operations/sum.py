"""Sums: ``sum(x)``, over one axis, or over an index (``sum(l)``, ``sum(l[t], t)``)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from reference_solutions.language.expression import apply
from reference_solutions.language.printing import Binds, Shown, fence
from reference_solutions.operations.operation import (
    Example,
    Mistake,
    Operation,
    Quantity,
    Values,
    axes_of_each,
)
from reference_solutions.operations.parameter import AXES, FLAG

_Axis: TypeAlias = "int | tuple[int, ...] | None"


def _sum(x: Values, axis: _Axis = None, keepdims: bool = False) -> Values:
    return np.sum(x, axis=axis, keepdims=keepdims)


def _derivative(
    g: Quantity, _out: Quantity, x: Quantity, axis: _Axis = None, keepdims: bool = False
) -> Quantity:
    return apply("spread", g, shape=x.shape, axis=None if keepdims else axis)


def _count(shape: tuple[int, ...], axis: _Axis) -> int:
    if axis is None:
        return math.prod(shape)
    return math.prod(shape[at] for at in ([axis] if isinstance(axis, int) else axis))


def _many(x: Values, axis: _Axis = None, keepdims: bool = False) -> Values:
    if axis is None and not keepdims:
        return x.reshape(len(x), -1).sum(axis=1)
    return x.sum(axis=axes_of_each(axis, x.ndim - 1), keepdims=keepdims)


def _latex_over_index(term: Shown, indices: Sequence[str]) -> Shown:
    below = f"_{{{', '.join(indices)}}}" if indices else ""
    return rf"\sum{below} {fence(*term, Binds.SIGN)}", Binds.SUMMATION


OPERATION = Operation(
    name="sum",
    subject="sums and statistics",
    compute=_sum,
    doc="The sum of all entries, or over `axis=`; of an indexed quantity, over its index.",
    latex=r"\sum {0}",
    latex_over_index=_latex_over_index,
    derivatives=(_derivative,),
    binds=Binds.SUMMATION,
    params={"axis": AXES, "keepdims": FLAG},
    many=_many,
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
                    apply("spread", g, shape=x.shape, axis=None if keepdims else axis)
                    / _count(x.shape, axis)
                )
            },
            commonness="common",
            used=r"\frac{{1}}{{n}}\sum {0}",
            example=Example(([1.0, 3.0],), 2.0),
        ),
    ),
)
