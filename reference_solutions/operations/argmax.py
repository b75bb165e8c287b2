"""The index of the largest entry, counted from 0; of a matrix, in each row. Of equals the first."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Coincidence,
    Example,
    Mistake,
    Operation,
)
from reference_solutions.operations.parameter import AXIS


def argmax(x: Array, axis: int | None = -1) -> Array:
    """Find the index of the largest entry along ``axis``. Raises ValueError for a number."""
    if np.ndim(x) == 0:
        raise ValueError("`argmax` needs a vector or a matrix, got a number")
    return np.asarray(np.argmax(x, axis=axis), dtype=np.float64)


def _other_axis(x: Array, axis: int | None = -1) -> Array:
    if np.ndim(x) != 2 or axis is None:
        raise ValueError("there is no other axis")
    return argmax(x, axis=-2 if axis in (-1, 1) else -1)


OPERATION = Operation(
    name="argmax",
    subject="sums and statistics",
    compute=argmax,
    doc=(
        "The 0-based index of the largest entry, along the last axis unless `axis=` says another; "
        "`axis=None`: counted through all entries, row by row."
    ),
    latex=r"\operatorname{{argmax}}({0})",
    derivatives=(None,),
    params={"axis": AXIS},
    copies=True,
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(([1.0, 5.0, 3.0],), 1.0),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [1.0, 0.0]),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [1.0, 0.0], {"axis": 0}),
        Example(([[1.0, 3.0], [4.0, 5.0]],), 3.0, {"axis": None}),
    ),
    mistakes=(
        Mistake(
            id="argmax-counted-from-one",
            says="You counted from 1; indices are counted from 0 here.",
            forward=lambda x, axis=-1: argmax(x, axis) + 1,
            commonness="very_common",
            used=r"\operatorname{{argmax}}({0}) + 1",
            example=Example(([1.0, 5.0, 3.0],), 2.0),
        ),
        Mistake(
            id="argmin-for-argmax",
            says="That is the index of the smallest entry; the largest is meant.",
            forward=lambda x, axis=-1: argmax(-x, axis),
            used=r"\operatorname{{argmin}}({0})",
            example=Example(([1.0, 5.0, 3.0],), 0.0),
        ),
        Mistake(
            id="largest-value-for-index",
            says="That is the largest entry itself; its index is asked for.",
            forward=lambda x, axis=-1: np.max(x, axis=axis),
            commonness="common",
            used=r"\max({0})",
            example=Example(([1.0, 5.0, 3.0],), 5.0),
            hidden=Coincidence("the largest entry is its own index", ([0.0, 1.0],)),
        ),
        Mistake(
            id="argmax-along-other-axis",
            says="You looked for the largest entry along the other axis.",
            forward=_other_axis,
            example=Example(([[1.0, 5.0], [4.0, 3.0], [9.0, 2.0]],), [2.0, 0.0]),
        ),
    ),
)
