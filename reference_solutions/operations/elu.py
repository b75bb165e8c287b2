"""The exponential linear unit, elementwise: x where positive, alpha (e^x - 1) elsewhere.

Clevert, Unterthiner and Hochreiter, 2016, with alpha = 1 unless it is given.
"""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Coincidence, Example, Mistake, Operation
from reference_solutions.operations.parameter import REAL
from reference_solutions.operations.quantity import Quantity


def _elu(x: Array, alpha: float = 1.0) -> Array:
    return np.where(np.asarray(x) > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def _derivative(g: Quantity, _out: Quantity, x: Quantity, alpha: float = 1.0) -> Expression:
    positive = apply("is_positive", x)
    return g * (positive + (1 - positive) * alpha * apply("exp", apply("minimum", x, 0.0)))


def _without_alpha(
    g: Quantity, _out: Quantity, x: Quantity, alpha: float = 1.0
) -> Expression | None:
    return None if alpha == 1 else _derivative(g, _out, x, 1.0)


_X = ([2.0, -0.6931471805599453],)

OPERATION = Operation(
    name="elu",
    subject="activations",
    compute=_elu,
    doc="x where it is positive and alpha (exp(x) - 1) elsewhere; `alpha=1`.",
    latex=r"\operatorname{{ELU}}({0})",
    derivatives=(_derivative,),
    params={"alpha": REAL},
    elementwise=True,
    examples=(Example(_X, [2.0, -0.5]), Example(_X, [2.0, -2.0], {"alpha": 4.0})),
    mistakes=(
        Mistake(
            id="elu-one-not-subtracted",
            says="For negative x the ELU is alpha (exp(x) - 1); the 1 was not subtracted.",
            forward=lambda x, alpha=1.0: np.where(
                np.asarray(x) > 0, x, alpha * np.exp(np.minimum(x, 0.0))
            ),
            commonness="common",
            example=Example(_X, [2.0, 0.5]),
            hidden=Coincidence("no input is negative", ([1.0, 2.5],)),
        ),
        Mistake(
            id="relu-for-elu",
            says="That is the ReLU: for negative x the ELU is alpha (exp(x) - 1), not 0.",
            forward=lambda x, alpha=1.0: np.maximum(x, 0.0),
            backward={0: lambda g, _out, x, alpha=1.0: g * apply("is_positive", x)},
            commonness="common",
            used=r"\operatorname{{ReLU}}({0})",
            example=Example(_X, [2.0, 0.0]),
            hidden=Coincidence("no input is negative", ([1.0, 2.5],)),
        ),
        Mistake(
            id="elu-alpha-ignored",
            says="For negative x the ELU is alpha times exp(x) - 1; alpha is missing.",
            forward=lambda x, alpha=1.0: _elu(x),
            backward={0: _without_alpha},
            example=Example(_X, [2.0, -0.5], {"alpha": 4.0}),
        ),
        Mistake(
            id="elu-derivative-forgotten",
            says="Where its input was negative the ELU's derivative is alpha exp(x), not 1.",
            backward={0: lambda g, _out, _x, alpha=1.0: g},
            commonness="common",
            example=Example(_X, [1.0, 1.0], gradient=[1.0, 1.0]),
        ),
        Mistake(
            id="elu-derivative-of-relu",
            says="Where its input was negative the ELU's derivative is alpha exp(x), not 0.",
            backward={0: lambda g, _out, x, alpha=1.0: g * apply("is_positive", x)},
            example=Example(_X, [1.0, 0.0], gradient=[1.0, 1.0]),
        ),
    ),
)
