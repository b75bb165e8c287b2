"""The Gaussian error linear unit, elementwise: x times the normal distribution function at x.

The exact form by erf (Hendrycks and Gimpel, 2016), not its approximation by tanh or the sigmoid.
"""

from __future__ import annotations

import math

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.normal_cdf import (
    density_expression,
    normal_cdf,
    normal_density,
)
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def _by_tanh(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))))


def _derivative(g: Quantity, _out: Quantity, x: Quantity) -> Expression:
    return g * (apply("normal_cdf", x) + x * density_expression(x))


OPERATION = Operation(
    name="gelu",
    subject="activations",
    compute=lambda x: x * normal_cdf(x),
    doc="x times the standard normal distribution function at x, elementwise (exact, by erf).",
    latex=r"\operatorname{{GELU}}({0})",
    derivatives=(_derivative,),
    elementwise=True,
    examples=(Example(([0.0, 1.0, -1.0],), [0.0, 0.8413447460685429, -0.15865525393145707]),),
    mistakes=(
        Mistake(
            id="gelu-by-tanh",
            says=(
                "That is the approximation of the GELU by tanh; the sheet has the exact one by erf."
            ),
            forward=_by_tanh,
            commonness="common",
            example=Example((1.0,), 0.8411919906082768),
        ),
        Mistake(
            id="gelu-by-sigmoid",
            says=(
                "That is the approximation of the GELU by the sigmoid of 1.702 x; the sheet has "
                "the exact one by erf."
            ),
            forward=lambda x: x / (1 + np.exp(-1.702 * x)),
            used=r"{0}\,\sigma(1.702\,{0})",
            example=Example((1.0,), 0.8457957659328212),
        ),
        Mistake(
            id="silu-for-gelu",
            says=(
                "That is x times the sigmoid of x (SiLU, swish); the GELU takes the normal "
                "distribution."
            ),
            forward=lambda x: x / (1 + np.exp(-x)),
            used=r"{0}\,\sigma({0})",
            example=Example((1.0,), 0.7310585786300049),
        ),
        Mistake(
            id="relu-for-gelu",
            says="That is the ReLU; the GELU multiplies x by the normal distribution function.",
            forward=lambda x: np.maximum(x, 0.0),
            backward={0: lambda g, _out, x: g * apply("is_positive", x)},
            used=r"\operatorname{{ReLU}}({0})",
            example=Example((-1.0,), 0.0),
        ),
        Mistake(
            id="gelu-with-density",
            says=(
                "You multiplied by the density of the normal distribution, not its distribution "
                "function."
            ),
            forward=lambda x: x * normal_density(x),
            used=r"{0}\,\varphi({0})",
            example=Example((1.0,), 0.24197072451914337),
        ),
        Mistake(
            id="gelu-derivative-without-density",
            says="By the product rule the derivative has a second term, x times the density.",
            backward={0: lambda g, _out, x: g * apply("normal_cdf", x)},
            commonness="common",
            example=Example((1.0,), 0.8413447460685429, gradient=1.0),
        ),
    ),
)
