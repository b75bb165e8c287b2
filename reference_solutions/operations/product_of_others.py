"""For each entry the product of all others: the derivative of a product."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import AXES

_Axis: TypeAlias = "int | tuple[int, ...] | None"


def _others(x: Values, axis: _Axis = None) -> Values:
    """Compute it without a division, so that a factor may be zero."""
    x = np.asarray(x, dtype=np.float64)
    axes = tuple(range(x.ndim)) if axis is None else np.atleast_1d(axis)
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    ones = np.ones((*flat.shape[:-1], 1))
    before = np.cumprod(np.concatenate([ones, flat[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([ones, flat[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return np.moveaxis((before * after).reshape(moved.shape), range(-len(axes), 0), axes)


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
