"""The transpose of a matrix: ``W.T`` or ``transpose(W)``."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import Example, Operation, Values


def _transpose(x: Values) -> Values:
    return np.swapaxes(x, -1, -2) if np.ndim(x) >= 2 else x


def _many(x: Values) -> Values:
    return np.swapaxes(x, -1, -2) if x.ndim >= 3 else x


OPERATION = Operation(
    name="transpose",
    compute=_transpose,
    doc="The last two axes exchanged; a vector or a number is its own transpose.",
    latex=r"{0}^{{\top}}",
    derivatives=(lambda g, _out, _x: g.T,),
    binds=50,
    many=_many,
    copies=True,
    examples=(Example(([[1.0, 2.0], [3.0, 4.0]],), [[1.0, 3.0], [2.0, 4.0]]),),
)
