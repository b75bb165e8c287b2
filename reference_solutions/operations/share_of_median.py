"""How much each entry moves the median: 1 for the middle one, 1/2 for each of two."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from reference_solutions.operations.operation import PROBABILITY, Example, Operation, Values
from reference_solutions.operations.parameter import AXES

_Axis: TypeAlias = "int | tuple[int, ...] | None"


def _share(x: Values, axis: _Axis = None) -> Values:
    x = np.asarray(x, dtype=np.float64)
    axes = tuple(range(x.ndim)) if axis is None else np.atleast_1d(axis)
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    size = flat.shape[-1]
    if not size:
        raise ValueError("there is no median of nothing")
    order = np.argsort(flat, axis=-1, kind="stable")
    found = np.zeros_like(flat)
    for middle in ((size - 1) // 2, size // 2):
        at = order[..., middle : middle + 1]
        np.put_along_axis(found, at, np.take_along_axis(found, at, axis=-1) + 0.5, axis=-1)
    return np.moveaxis(found.reshape(moved.shape), range(-len(axes), 0), axes)


OPERATION = Operation(
    name="share_of_median",
    compute=_share,
    doc="1 at the middle entry, or 1/2 at each of the two in the middle, and 0 elsewhere.",
    latex=r"[{0} = \operatorname{{median}}]",
    derivatives=(None,),
    public=False,
    params={"axis": AXES},
    value_range=PROBABILITY,
    examples=(
        Example(([9.0, 1.0, 2.0],), [0.0, 0.0, 1.0]),
        Example(([9.0, 1.0, 2.0, 4.0],), [0.0, 0.0, 0.5, 0.5]),
        Example(([[9.0, 1.0], [2.0, 4.0], [3.0, 8.0]],), [[0, 0], [0, 1], [1, 0]], {"axis": 0}),
    ),
)
