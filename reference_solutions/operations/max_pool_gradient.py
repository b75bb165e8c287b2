"""What max pooling hands back: each window's gradient to its largest entry, the first of equals."""

from __future__ import annotations

from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import Example, Operation
from reference_solutions.operations.parameter import WHOLE
from reference_solutions.operations.pooling import CONSTANTS, How, case


def _gradient(x: Array, g: Array, **how: Unpack[How]) -> Array:
    this = case(x, **how)
    winners = np.argmax(this.stacked(this.x, -np.inf), axis=0)
    signal = this.layout.input(np.asarray(g))
    back = this.padded(np.zeros_like(this.x))
    for entry, (_, where) in enumerate(this.offsets()):
        back[where] += np.where(winners == entry, signal, 0.0)
    return this.layout.input_back(this.unpadded(back))


OPERATION = Operation(
    name="max_pool_gradient",
    compute=_gradient,
    doc="The gradient of max pooling's input, from the input and the gradient of its result.",
    latex=r"\operatorname{{unpool}}({1})",
    arity=(2, 2),
    derivatives=(None, None),
    public=False,
    params={"rank": WHOLE, **CONSTANTS},
    examples=(
        Example(([[1.0, 2.0], [6.0, 3.0]], [[5.0]]), [[0.0, 0.0], [5.0, 0.0]]),
        Example(([[4.0, 4.0]], [[5.0]]), [[5.0, 0.0]], {"size": (1, 2)}),
        Example(
            ([[1.0, 9.0, 2.0]], [[5.0, 7.0]]), [[0.0, 12.0, 0.0]], {"size": (1, 2), "stride": 1}
        ),
        Example(([1.0, 6.0, 2.0], [5.0]), [0.0, 5.0, 0.0], {"rank": 1}),
    ),
)
