"""The square matrix with a vector as its diagonal and zeros elsewhere."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Operation


def _diag(x: Array) -> Array:
    if np.ndim(x) != 1:
        raise ValueError(
            f"`diag` takes a vector, got shape {np.shape(x)} (`diagonal` takes a matrix)"
        )
    if np.size(x) > 1_000:
        raise ValueError("`diag` takes a vector of at most 1000 entries")
    return np.diag(x)


OPERATION = Operation(
    name="diag",
    subject="arrays",
    compute=_diag,
    doc="diag(v): the square matrix with the vector v as its diagonal.",
    latex=r"\operatorname{{diag}}({0})",
    derivatives=(lambda g, _out, _x: apply("diagonal", g),),
    examples=(Example(([1.0, 2.0],), [[1.0, 0.0], [0.0, 2.0]]),),
)
