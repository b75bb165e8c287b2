"""1 at the largest entry (the first of equals), 0 elsewhere: the derivative of the maximum."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.axes import Axes, along_last
from reference_solutions.operations.operation import PROBABILITY, Example, Operation
from reference_solutions.operations.parameter import AXES


def _is_largest(x: Array, axis: Axes = None) -> Array:
    return np.asarray(along_last(x, axis, _first_of_largest))


def _first_of_largest(x: Array) -> Array:
    found = np.zeros(x.shape)
    np.put_along_axis(found, np.argmax(x, axis=-1, keepdims=True), 1.0, axis=-1)
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
