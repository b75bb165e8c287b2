"""What average pooling hands back: each window's gradient in equal shares to its entries."""

from __future__ import annotations

from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Operation
from reference_solutions.operations.parameter import SHAPE, WHOLE, required
from reference_solutions.operations.pooling import AVERAGE_CONSTANTS, AverageHow, case, weights
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.windows import Sizes


def _gradient(g: Array, shape: Sizes, **how: Unpack[AverageHow]) -> Array:
    this = case(np.zeros(shape), **how)
    share = this.layout.input(np.asarray(g)) / weights(this)
    back = this.padded(np.zeros_like(this.x))
    for _, where in this.offsets():
        back[where] += share
    return this.layout.input_back(this.unpadded(back))


def _derivative(
    u: Quantity, _out: Quantity, _g: Quantity, shape: Sizes, **how: Unpack[AverageHow]
) -> Expression:
    return apply(f"avg_pool{how.pop('rank', 2)}d", u, **how)


OPERATION = Operation(
    name="avg_pool_gradient",
    compute=_gradient,
    doc="The gradient of average pooling's input, of a shape, from that of its result.",
    latex=r"\operatorname{{unpool}}({0})",
    derivatives=(_derivative,),
    public=False,
    params={"shape": required(SHAPE), "rank": WHOLE, **AVERAGE_CONSTANTS},
    examples=(
        Example(([[4.0]],), [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]], {"shape": (2, 3)}),
        Example(
            ([[4.0, 8.0]],), [[1.0, 3.0, 2.0], [1.0, 3.0, 2.0]], {"shape": (2, 3), "stride": 1}
        ),
        Example(([4.0],), [2.0, 2.0, 0.0], {"shape": (3,), "rank": 1}),
    ),
)
