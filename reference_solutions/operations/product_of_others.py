"""For each entry the product of all others: the derivative of a product."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.axes import Axes, along_last
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import AXES


def _others(x: Values, axis: Axes = None) -> Values:
    return along_last(np.asarray(x, dtype=np.float64), axis, _without_own)


def _without_own(x: Values) -> Values:
    """Compute it along the last axis without a division, so that a factor may be zero."""
    ones = np.ones((*x.shape[:-1], 1))
    before = np.cumprod(np.concatenate([ones, x[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([ones, x[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return before * after


OPERATION = Operation(
    name="product_of_others",
    compute=_others,
    doc="For each entry the product of all other entries, or of those along `axis=`.",
    latex=r"\prod_{{\neq}} {0}",
    derivatives=(None,),
    public=False,
    params={"axis": AXES},
    examples=(
        Example(([2.0, 3.0, 4.0],), [12.0, 8.0, 6.0]),
        Example(([0.0, 3.0],), [3.0, 0.0]),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [[3.0, 4.0], [1.0, 2.0]], {"axis": 0}),
    ),
)
