"""Zeros of a shape: ``zeros(3)``, ``zeros(2, 3)``."""

from __future__ import annotations

import math

import numpy as np

from reference_solutions.operations.operation import Example, Operation, Values


def _zeros(*shape: Values) -> Values:
    if any(np.ndim(size) for size in shape):
        raise ValueError("`zeros` takes one number for each axis")
    sizes = [int(size) for size in shape]
    if any(size < 1 for size in sizes) or math.prod(sizes) > 10_000:
        raise ValueError("`zeros` takes sizes from 1 on, for at most 10000 entries")
    return np.zeros(sizes)


OPERATION = Operation(
    name="zeros",
    subject="arrays",
    compute=_zeros,
    doc="zeros(n) or zeros(m, n): an array of zeros.",
    latex="0",
    arity=(1, 4),
    derivatives=lambda _position: None,
    copies=True,
    examples=(Example((2.0,), [0.0, 0.0]),),
)
