"""1 at the largest entry (the first of equals), 0 elsewhere: the derivative of the maximum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reference_solutions.operations.operation import PROBABILITY, Example, Operation
from reference_solutions.operations.parameter import AXES

if TYPE_CHECKING:
    from reference_solutions.graph import Array


def _is_largest(x: Array, axis: int | tuple[int, ...] | None = None) -> Array:
    x = np.asarray(x)
    if isinstance(axis, tuple):
        # One axis after all others, which together are one.
        moved = np.moveaxis(x, axis, range(-len(axis), 0))
        flat = moved.reshape(*moved.shape[: x.ndim - len(axis)], -1)
        return np.moveaxis(_is_largest(flat, -1).reshape(moved.shape), range(-len(axis), 0), axis)
    if axis is None:
        found = np.zeros(x.size)
        found[np.argmax(x)] = 1.0
        return found.reshape(x.shape)
    found = np.zeros(x.shape)
    np.put_along_axis(found, np.argmax(x, axis=axis, keepdims=True), 1.0, axis=axis)
    return found


OPERATION = Operation(
    name="is_largest",
    compute=_is_largest,
    doc="1 at the largest entry, of all or along `axis=`, and 0 elsewhere.",
    latex=r"[{0} = \max {0}]",
    derivatives=(None,),
    public=False,
    params={"axis": AXES},
    value_range=PROBABILITY,
    examples=(
        Example(([1.0, 5.0, 5.0],), [0.0, 1.0, 0.0]),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [[0.0, 1.0], [1.0, 0.0]], {"axis": -1}),
        Example(([[1.0, 5.0], [4.0, 3.0]],), [[0.0, 1.0], [0.0, 0.0]], {"axis": (0, 1)}),
    ),
)
