"""What a convolution hands back to its input: each output's gradient spread by the kernel.

The transposed convolution (Dumoulin and Visin, A guide to convolution arithmetic, 2016, chapter 4).
"""

from __future__ import annotations

from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.convolution import CONSTANTS, How, arrangement
from reference_solutions.operations.operation import Example, Operation
from reference_solutions.operations.parameter import FLAG, SHAPE, WHOLE, required
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.windows import Sizes


class _How(How, total=False):
    rank: int
    flip: bool


def _input_gradient(g: Array, kernels: Array, shape: Sizes, **how: Unpack[_How]) -> Array:
    rank, flip = how.pop("rank", 2), how.pop("flip", False)
    layout, window = arrangement(shape, np.shape(kernels), rank, how)
    inside = layout.kernels(np.asarray(kernels))
    if flip:
        inside = np.flip(inside, tuple(range(rank)))
    signal = layout.output_back(np.asarray(g))
    back = window.padded(np.zeros_like(layout.input(np.empty(shape))))
    for at, where in window.offsets(signal.shape[:rank]):
        back[where] += signal @ inside[at].T
    return layout.input_back(window.unpadded(back))


def _to_gradient(
    u: Quantity, _out: Quantity, _g: Quantity, kernels: Quantity, shape: Sizes, **how: Unpack[_How]
) -> Expression | None:
    rank, flip = how.pop("rank", 2), how.pop("flip", False)
    return None if flip else apply("conv2d" if rank == 2 else "conv1d", u, kernels, **how)


def _to_kernels(
    u: Quantity, _out: Quantity, g: Quantity, kernels: Quantity, shape: Sizes, **how: Unpack[_How]
) -> Expression | None:
    flip = how.pop("flip", False)
    return None if flip else apply("conv_kernel_gradient", u, g, shape=kernels.shape, **how)


OPERATION = Operation(
    name="conv_input_gradient",
    compute=_input_gradient,
    doc="The gradient of a convolution's input, of a shape, from that of its result.",
    latex="",
    arity=(2, 2),
    derivatives=(_to_gradient, _to_kernels),
    public=False,
    params={"shape": required(SHAPE), "rank": WHOLE, "flip": FLAG, **CONSTANTS},
    examples=(
        Example(
            ([[1.0]], [[1.0, 2.0], [0.0, -1.0]]),
            [[1.0, 2.0, 0.0], [0.0, -1.0, 0.0]],
            {"shape": (2, 3), "stride": 2},
        ),
        Example(([1.0, 10.0], [5.0, 7.0]), [5.0, 57.0, 70.0], {"shape": (3,), "rank": 1}),
    ),
)
