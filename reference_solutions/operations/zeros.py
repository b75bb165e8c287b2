"""Zeros of a shape: ``zeros(3)``, ``zeros(2, 3)``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference_solutions.operations.operation import Example, Operation


def _zeros(*shape: Any) -> Any:
    sizes = [int(size) for size in shape]
    if any(size < 1 or size > 10_000 for size in sizes):
        raise ValueError("`zeros` takes sizes from 1 to 10000")
    return np.zeros(sizes)


OPERATION = Operation(
    name="zeros",
    compute=_zeros,
    doc="zeros(n) or zeros(m, n): an array of zeros.",
    latex="0",
    arity=(1, 4),
    derivatives=lambda _position: None,
    examples=(Example((2.0,), [0.0, 0.0]),),
)
