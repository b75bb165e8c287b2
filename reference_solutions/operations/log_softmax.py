"""The logarithm of the softmax, computed stably."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes
from reference_solutions.operations.operation import (
    NEVER_POSITIVE,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import AXES
from reference_solutions.operations.quantity import Quantity


def _log_softmax(z: Values, axis: Axes = -1) -> Values:
    if np.ndim(z) == 0:
        raise ValueError("`log_softmax` needs a vector or a matrix, got a number")
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _derivative(g: Quantity, out: Quantity, _z: Quantity, axis: Axes = -1) -> Expression:
    return g - apply("exp", out) * apply("sum", g * 1, axis=axis, keepdims=True)


OPERATION = Operation(
    name="log_softmax",
    subject="activations",
    compute=_log_softmax,
    doc=(
        "ln(softmax(z)) over an axis, the last unless `axis=` says another, several, or `None` for "
        "all."
    ),
    latex=r"\ln\operatorname{{softmax}}({0})",
    derivatives=(_derivative,),
    params={"axis": AXES},
    value_range=NEVER_POSITIVE,
    examples=(Example(([0.0, 0.0],), [-0.6931471805599453, -0.6931471805599453]),),
    mistakes=(
        Mistake(
            id="log-softmax-without-logarithm",
            says="That is the softmax; its logarithm is asked for.",
            forward=lambda z, axis=-1: np.exp(_log_softmax(z, axis)),
            commonness="common",
            used=r"\operatorname{{softmax}}({0})",
            example=Example(([0.0, 0.0],), [0.5, 0.5]),
        ),
        Mistake(
            id="log-softmax-not-normalised",
            says=(
                "The logarithm of e^z alone is z again; the logarithm of the sum is taken away "
                "from it."
            ),
            forward=lambda z, axis=-1: z * 1.0,
            used="{0}",
            example=Example(([1.0, 3.0],), [1.0, 3.0]),
        ),
        Mistake(
            id="log-softmax-sign-turned",
            says="The sign is turned: the logarithm of a probability is never positive.",
            forward=lambda z, axis=-1: -_log_softmax(z, axis),
            used=r"-\ln\operatorname{{softmax}}({0})",
            example=Example(([0.0, 0.0],), [0.6931471805599453, 0.6931471805599453]),
        ),
        Mistake(
            id="log-softmax-base-10",
            says="You took the logarithm to base 10; the natural logarithm is meant.",
            forward=lambda z, axis=-1: _log_softmax(z, axis) / np.log(10.0),
            used=r"\log_{{10}}\operatorname{{softmax}}({0})",
            example=Example(([0.0, 0.0],), [-0.3010299956639812, -0.3010299956639812]),
        ),
        Mistake(
            id="log-softmax-gradient-of-own-score-alone",
            says=(
                "Every score stands in the sum below the fraction: the softmax times the sum of "
                "the gradients is taken away."
            ),
            backward={0: lambda g, _out, _z, axis=-1: g},
            example=Example(([0.0, 0.0],), [1.0, 0.0], gradient=[1.0, 0.0]),
        ),
    ),
)
