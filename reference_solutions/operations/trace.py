"""The trace of a square matrix: the sum of its diagonal."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.det import check_square
from reference_solutions.operations.operation import Example, Mistake, Operation


def _trace(matrix: Array) -> Array:
    check_square("trace", matrix)
    return np.asarray(np.trace(matrix))


_A = ([[3.0, 1.0], [4.0, 2.0]],)

OPERATION = Operation(
    name="trace",
    subject="linear algebra",
    compute=_trace,
    doc="trace(A): the sum of the diagonal of a square matrix.",
    latex=r"\operatorname{{tr}}({0})",
    derivatives=(lambda g, _out, x: apply("diag", apply("spread", g, shape=x.shape[:1])),),
    examples=(Example(_A, 5.0),),
    mistakes=(
        Mistake(
            id="trace-of-all-entries",
            says="You added all entries; the trace adds the diagonal.",
            forward=np.sum,
            used=r"\sum {0}",
            example=Example(_A, 10.0),
        ),
        Mistake(
            id="trace-multiplied",
            says="You multiplied the diagonal; the trace adds it up.",
            forward=lambda matrix: np.prod(np.diagonal(matrix)),
            used=r"\prod_i \left({0}\right)_{{ii}}",
            example=Example(_A, 6.0),
        ),
        Mistake(
            id="trace-of-other-diagonal",
            says="You added the diagonal from the upper right; the trace takes the other one.",
            forward=lambda matrix: np.trace(np.fliplr(matrix)),
            commonness="rare",
            example=Example(([[3.0, 1.0], [5.0, 2.0]],), 6.0),
        ),
    ),
)
