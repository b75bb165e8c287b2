"""The diagonal of a square matrix as a vector."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.det import check_square
from reference_solutions.operations.operation import Example, Operation


def _diagonal(matrix: Array) -> Array:
    check_square("diagonal", matrix)
    return np.diagonal(matrix).copy()


OPERATION = Operation(
    name="diagonal",
    subject="arrays",
    compute=_diagonal,
    doc="diagonal(A): the diagonal of a square matrix, a vector.",
    latex=r"\operatorname{{diag}}({0})",
    derivatives=(lambda g, _out, _x: apply("diag", g),),
    examples=(Example(([[1.0, 5.0], [6.0, 2.0]],), [1.0, 2.0]),),
)
