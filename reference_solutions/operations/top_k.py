"""The k largest entries, the largest first, along an axis (the last unless told)."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import WHOLE, required
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.sort import order


def _first(x: Values, k: int, axis: int, descending: bool) -> Values:
    places = order(x, axis, descending)
    if not 1 <= k <= places.shape[axis]:
        raise ValueError(f"`k` is from 1 to {places.shape[axis]} here, got {k}")
    kept = np.take(places, np.arange(k), axis=axis)
    return np.take_along_axis(np.asarray(x), kept, axis=axis)


def _top(x: Values, k: int, axis: int = -1) -> Values:
    return _first(x, k, axis, True)


def _derivative(g: Quantity, _out: Quantity, x: Quantity, k: int, axis: int = -1) -> Expression:
    return apply("order_back", g, x, axis=axis, descending=True)


OPERATION = Operation(
    name="top_k",
    subject="sums and statistics",
    compute=_top,
    doc="top_k(x, k=n): the n largest entries, the largest first, along the last axis or `axis=`.",
    latex=r"\operatorname{{top}}_k({0})",
    derivatives=(_derivative,),
    aliases=("topk",),
    params={"k": required(WHOLE), "axis": WHOLE},
    copies=True,
    examples=(
        Example(([3.0, 1.0, 2.0],), [3.0, 2.0], {"k": 2}),
        Example(([[3.0, 1.0], [2.0, 5.0]],), [[3.0, 5.0]], {"k": 1, "axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="smallest-for-top-k",
            says="These are the smallest entries; the largest are meant.",
            forward=lambda x, k, axis=-1: _first(x, k, axis, False),
            example=Example(([3.0, 1.0, 2.0],), [1.0, 2.0], {"k": 2}),
        ),
        Mistake(
            id="first-for-top-k",
            says="These are the first entries as they stand; the largest are meant.",
            forward=lambda x, k, axis=-1: np.take(x, np.arange(k), axis=axis),
            commonness="common",
            example=Example(([3.0, 1.0, 2.0],), [3.0, 1.0], {"k": 2}),
            hidden=Coincidence(
                "the largest entries stand first already", ([3.0, 2.0, 1.0],), {"k": 2}
            ),
        ),
        Mistake(
            id="top-k-smallest-first",
            says="The largest comes first; yours are in the other order.",
            forward=lambda x, k, axis=-1: np.flip(_first(x, k, axis, True), axis),
            example=Example(([3.0, 1.0, 2.0],), [2.0, 3.0], {"k": 2}),
        ),
    ),
)
