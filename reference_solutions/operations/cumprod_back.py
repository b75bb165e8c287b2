"""What running products hand back to their factors, also where a factor is zero."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.axes import in_a_row
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import AXIS


def _back(g: Values, x: Values, axis: int | None = -1) -> Values:
    shape = np.shape(x)
    x, axis = in_a_row(x, axis)
    if np.shape(g) != x.shape or not shape:
        raise ValueError(f"expected values of one shape, got {np.shape(g)} and {x.shape}")
    factors = np.moveaxis(np.asarray(x, dtype=np.float64), axis, -1)
    signal = np.moveaxis(np.asarray(g, dtype=np.float64), axis, -1)
    out = np.zeros_like(factors)
    for at in range(factors.shape[-1]):
        without = np.concatenate(
            [factors[..., :at], np.ones_like(factors[..., :1]), factors[..., at + 1 :]], axis=-1
        )
        out[..., at] = (np.cumprod(without, axis=-1) * signal)[..., at:].sum(axis=-1)
    return np.moveaxis(out, -1, axis).reshape(shape)


OPERATION = Operation(
    name="cumprod_back",
    compute=_back,
    doc="The gradient of the factors of running products, from that of the products.",
    latex=r"\operatorname{{cumprod}}^{{\top}}({0})",
    arity=(2, 2),
    derivatives=(None, None),
    public=False,
    params={"axis": AXIS},
    examples=(Example(([1.0, 1.0, 1.0], [2.0, 3.0, 0.0]), [4.0, 2.0, 6.0]),),
)
