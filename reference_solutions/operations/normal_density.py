"""The density of a normal distribution: of x, its mean and its standard deviation, elementwise.

exp(-(x - mu)^2 / (2 sigma^2)) / (sigma sqrt(2 pi)); mean 0 and deviation 1 unless they are given.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Derivative,
    Example,
    Mistake,
    Operation,
    Rounding,
    Values,
)
from reference_solutions.operations.quantity import Quantity

_ROOT_2PI = math.sqrt(2 * math.pi)


def _check(sigma: Values) -> None:
    if np.any(np.asarray(sigma) <= 0):
        raise ValueError("a standard deviation is more than 0")


def _density(x: Values, mu: Values = 0.0, sigma: Values = 1.0) -> Values:
    _check(sigma)
    z = (np.asarray(x) - mu) / sigma
    return np.exp(-(z**2) / 2) / (sigma * _ROOT_2PI)


def _by_hand(rounded: Rounding, x: Values, mu: Values = 0.0, sigma: Values = 1.0) -> Values:
    _check(sigma)
    z = rounded((np.asarray(x) - mu) / sigma)
    return rounded(np.exp(-rounded(z**2) / 2)) / rounded(np.asarray(sigma * _ROOT_2PI))


def _variance_for_deviation(x: Values, mu: Values = 0.0, sigma: Values = 1.0) -> Values:
    _check(sigma)
    return _density(x, mu, np.sqrt(sigma))


def _without(what: str) -> Callable[..., Values]:
    def forward(x: Values, mu: Values = 0.0, sigma: Values = 1.0) -> Values:
        _check(sigma)
        z = (np.asarray(x) - mu) / sigma
        if what == "factor":
            return np.exp(-(z**2) / 2)
        if what == "half":
            return np.exp(-(z**2)) / (sigma * _ROOT_2PI)
        return np.exp(-(z**2) / 2) / _ROOT_2PI

    return forward


def _scaled(x: Quantity, mu: Quantity | float, sigma: Quantity | float) -> Expression:
    return (x - mu) / sigma


def _rule(position: int) -> Derivative:
    def rule(g: Quantity, out: Quantity, x: Quantity, *rest: Quantity) -> Expression:
        mu = rest[0] if rest else 0.0
        sigma = rest[1] if len(rest) > 1 else 1.0
        z = _scaled(x, mu, sigma)
        if position == 2:
            return g * out * (z**2 - 1) / sigma
        return g * out * (-z if position == 0 else z) / sigma

    return rule


OPERATION = Operation(
    name="normal_density",
    subject="probabilities",
    compute=_density,
    doc=(
        "normal_density(x), normal_density(x, mu) or normal_density(x, mu, sigma): the density of "
        "a normal distribution with mean mu and standard deviation sigma, elementwise."
    ),
    latex="",
    arity=(1, 3),
    derivatives=(_rule(0), _rule(1), _rule(2)),
    aliases=("normal_pdf",),
    broadcasts=True,
    elementwise=True,
    by_hand=_by_hand,
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(([0.0, 1.0],), [0.3989422804014327, 0.24197072451914337]),
        Example((3.0, 1.0, 2.0), 0.12098536225957168),
        Example(([1.0, 3.0], 1.0), [0.3989422804014327, 0.05399096651318806]),
    ),
    mistakes=(
        Mistake(
            id="density-deviation-taken-as-variance",
            says="The third argument is the standard deviation; you took it for the variance.",
            forward=_variance_for_deviation,
            commonness="very_common",
            example=Example((3.0, 1.0, 4.0), 0.12098536225957168),
        ),
        Mistake(
            id="density-not-normalised",
            says="The factor 1 / (sigma sqrt(2 pi)) in front is missing.",
            forward=_without("factor"),
            commonness="common",
            example=Example((3.0, 1.0, 2.0), 0.6065306597126334),
        ),
        Mistake(
            id="density-exponent-not-halved",
            says="The squared distance is divided by 2 sigma squared; the 2 is missing.",
            forward=_without("half"),
            commonness="common",
            example=Example((3.0, 1.0, 2.0), 0.07338133236474905),
        ),
        Mistake(
            id="density-deviation-missing-in-factor",
            says="The factor in front is 1 / (sigma sqrt(2 pi)); sigma is missing in it.",
            forward=_without("sigma"),
            example=Example((3.0, 1.0, 2.0), 0.24197072451914337),
        ),
    ),
)
