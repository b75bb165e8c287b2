"""Means: ``mean(x)``, over one axis, or over an index (``mean(l)``, ``mean(l[t], t)``)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from reference_solutions.language.expression import apply
from reference_solutions.language.printing import Binds, Shown
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


def _count(shape: tuple[int, ...], axis: _Axis) -> int:
    if axis is None:
        return math.prod(shape)
    return math.prod(shape[at] for at in ([axis] if isinstance(axis, int) else axis))


def _whole(
    g: Quantity, _out: Quantity, x: Quantity, axis: _Axis = None, keepdims: bool = False
) -> Quantity:
    return apply("spread", g, shape=x.shape, axis=None if keepdims else axis)


def _derivative(
    g: Quantity, out: Quantity, x: Quantity, axis: _Axis = None, keepdims: bool = False
) -> Quantity:
    return _whole(g, out, x, axis, keepdims) / _count(x.shape, axis)


def _one_less(x: Values, axis: _Axis = None, keepdims: bool = False) -> Values:
    count = _count(np.shape(x), axis)
    if count < 2:
        raise ValueError("there is only one term")
    return np.sum(x, axis=axis, keepdims=keepdims) / (count - 1)


def _many(x: Values, axis: _Axis = None, keepdims: bool = False) -> Values:
    if axis is None and not keepdims:
        return x.reshape(len(x), -1).mean(axis=1)
    return x.mean(axis=axes_of_each(axis, x.ndim - 1), keepdims=keepdims)


def _latex_over_index(term: Shown, indices: Sequence[str]) -> Shown:
    below = f"_{{{', '.join(indices)}}}" if indices else ""
    return rf"\operatorname{{mean}}{below}({term[0]})", Binds.ATOM


OPERATION = Operation(
    name="mean",
    subject="sums and statistics",
    compute=lambda x, axis=None, keepdims=False: np.mean(x, axis=axis, keepdims=keepdims),
    doc="The mean of all entries, or over `axis=`; of an indexed quantity, over its index.",
    latex=r"\operatorname{{mean}}({0})",
    latex_over_index=_latex_over_index,
    derivatives=(_derivative,),
    params={"axis": AXES, "keepdims": FLAG},
    many=_many,
    examples=(
        Example(([1.0, 2.0, 6.0],), 3.0),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [2.0, 3.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="sum-for-mean",
            says="You added the terms; the sheet takes their mean: divide by their number.",
            forward=lambda x, axis=None, keepdims=False: np.sum(x, axis=axis, keepdims=keepdims),
            backward={0: _whole},
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
            backward={0: _whole},
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
