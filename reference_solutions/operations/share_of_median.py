"""How much each entry moves the median: 1 for the middle one, 1/2 for each of two."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.axes import Axes, along_last
from reference_solutions.operations.operation import PROBABILITY, Example, Operation, Values
from reference_solutions.operations.parameter import AXES


def _share(x: Values, axis: Axes = None) -> Values:
    return along_last(np.asarray(x, dtype=np.float64), axis, _in_the_middle)


def _in_the_middle(x: Values) -> Values:
    size = x.shape[-1]
    if not size:
        raise ValueError("there is no median of nothing")
    order = np.argsort(x, axis=-1, kind="stable")
    found = np.zeros_like(x)
    for middle in ((size - 1) // 2, size // 2):
        at = order[..., middle : middle + 1]
        np.put_along_axis(found, at, np.take_along_axis(found, at, axis=-1) + 0.5, axis=-1)
    return found


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
