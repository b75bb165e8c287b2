"""What a convolution hands back to its kernels: the input under each entry, times the gradient."""

from __future__ import annotations

from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.convolution import CONSTANTS, How, arrangement
from reference_solutions.operations.operation import Example, Operation
from reference_solutions.operations.parameter import SHAPE, WHOLE, required
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.windows import Sizes


class _How(How, total=False):
    rank: int


def _kernel_gradient(x: Array, g: Array, shape: Sizes, **how: Unpack[_How]) -> Array:
    rank = how.pop("rank", 2)
    layout, window = arrangement(np.shape(x), shape, rank, how)
    signal = layout.output_back(np.asarray(g))
    padded = window.padded(layout.input(np.asarray(x)))
    back = np.zeros_like(layout.kernels(np.empty(shape)))
    places = tuple(range(rank))
    for at, where in window.offsets(signal.shape[:rank]):
        back[at] = np.tensordot(padded[where], signal, (places, places))
    return layout.kernels_back(back)


def _to_input(
    u: Quantity, _out: Quantity, x: Quantity, g: Quantity, shape: Sizes, **how: Unpack[_How]
) -> Expression:
    return apply("conv_input_gradient", g, u, shape=x.shape, **how)


def _to_gradient(
    u: Quantity, _out: Quantity, x: Quantity, _g: Quantity, shape: Sizes, **how: Unpack[_How]
) -> Expression:
    rank = how.pop("rank", 2)
    return apply("conv2d" if rank == 2 else "conv1d", x, u, **how)


OPERATION = Operation(
    name="conv_kernel_gradient",
    compute=_kernel_gradient,
    doc="The gradient of a convolution's kernels, of a shape, from that of its result.",
    latex="",
    arity=(2, 2),
    derivatives=(_to_input, _to_gradient),
    public=False,
    params={"shape": required(SHAPE), "rank": WHOLE, **CONSTANTS},
    examples=(
        Example(
            ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[1.0, 10.0]]),
            [[21.0, 32.0], [54.0, 65.0]],
            {"shape": (2, 2)},
        ),
        Example(([1.0, 2.0, 3.0], [1.0, 10.0]), [21.0, 32.0], {"shape": (2,), "rank": 1}),
    ),
)
