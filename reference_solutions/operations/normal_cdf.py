"""The distribution function of the standard normal, elementwise: (1 + erf(x / sqrt(2))) / 2."""

from __future__ import annotations

import math

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import PROBABILITY, Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity

_ERFC = np.vectorize(math.erfc, otypes=[np.float64])
_ROOT_2PI = math.sqrt(2 * math.pi)


def normal_cdf(x: Array) -> Array:
    """Compute it elementwise by erfc, which keeps its digits far out on the left."""
    return np.asarray(0.5 * _ERFC(-np.asarray(x) / math.sqrt(2)))


def normal_density(x: Array) -> Array:
    """Compute the density of the standard normal, elementwise."""
    return np.asarray(np.exp(-(np.asarray(x) ** 2) / 2) / _ROOT_2PI)


def density_expression(x: Expression) -> Expression:
    """Write the density of the standard normal as an expression."""
    return apply("exp", -(x**2) / 2.0) / _ROOT_2PI


def _derivative(g: Quantity, _out: Quantity, x: Quantity) -> Expression:
    return g * density_expression(x)


OPERATION = Operation(
    name="normal_cdf",
    subject="probabilities",
    compute=normal_cdf,
    doc="The probability that a standard normal number is at most x, elementwise.",
    latex=r"\Phi({0})",
    derivatives=(_derivative,),
    value_range=PROBABILITY,
    elementwise=True,
    examples=(Example(([0.0, 1.0, -1.0],), [0.5, 0.8413447460685429, 0.15865525393145707]),),
    mistakes=(
        Mistake(
            id="normal-density-for-distribution",
            says=(
                "That is the density of the normal distribution; its distribution function is "
                "meant."
            ),
            forward=normal_density,
            used=r"\varphi({0})",
            example=Example((0.0,), 0.3989422804014327),
        ),
        Mistake(
            id="normal-upper-tail",
            says="That is the probability of a larger number; that of a smaller one is meant.",
            forward=lambda x: normal_cdf(-x),
            used=r"1-\Phi({0})",
            example=Example((1.0,), 0.15865525393145707),
        ),
        Mistake(
            id="erf-for-normal-distribution",
            says="That is erf(x); the distribution function is (1 + erf(x / sqrt(2))) / 2.",
            forward=lambda x: 2 * normal_cdf(x * math.sqrt(2)) - 1,
            used=r"\operatorname{{erf}}({0})",
            example=Example((1.0,), 0.8427007929497149),
        ),
    ),
)
