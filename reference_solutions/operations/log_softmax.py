"""The logarithm of the softmax, computed stably."""

from __future__ import annotations

import numpy as np

from reference_solutions.language.expression import apply
from reference_solutions.operations.operation import (
    NEVER_POSITIVE,
    Example,
    Operation,
    Quantity,
    Values,
)
from reference_solutions.operations.parameter import WHOLE


def _log_softmax(z: Values, axis: int = -1) -> Values:
    if np.ndim(z) == 0:
        raise ValueError("`log_softmax` needs a vector or a matrix, got a number")
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _derivative(g: Quantity, out: Quantity, _z: Quantity, axis: int = -1) -> Quantity:
    return g - apply("exp", out) * apply("sum", g * 1, axis=axis, keepdims=True)


OPERATION = Operation(
    name="log_softmax",
    subject="activations",
    compute=_log_softmax,
    doc="ln(softmax(z)) over an axis (the last unless `axis=` says another).",
    latex=r"\ln\operatorname{{softmax}}({0})",
    derivatives=(_derivative,),
    params={"axis": WHOLE},
    value_range=NEVER_POSITIVE,
    examples=(Example(([0.0, 0.0],), [-0.6931471805599453, -0.6931471805599453]),),
)
