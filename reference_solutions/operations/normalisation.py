"""Normalisation over an axis: its value, by hand too, and its derivatives.

Batch normalisation is one over the examples, layer normalisation one over the features. The
operand is (examples, features) or one vector; gamma and beta are (features,) or numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Rounding
from reference_solutions.operations.quantity import Quantity

Standardise = Callable[["Array", int, float], "Array"]
EPS = 1e-5


def standardised(x: Array, axis: int, eps: float) -> Array:
    """Take the mean over an axis away and divide by the standard deviation; the shape stays."""
    spread = np.sqrt(np.var(x, axis=axis, keepdims=True) + eps)
    return np.asarray((x - np.mean(x, axis=axis, keepdims=True)) / spread)


def normalisation(
    name: str, axis: int, standardise: Standardise = standardised
) -> Callable[..., Array]:
    """Make a normalisation over an axis of what takes mean and spread away."""

    def compute(
        x: Array, gamma: Array | None = None, beta: Array | None = None, eps: float = EPS
    ) -> Array:
        if np.ndim(x) not in (1, 2):
            raise ValueError(f"`{name}` takes a vector or a matrix, got shape {np.shape(x)}")
        features = np.shape(x)[-1:] if np.ndim(x) == 2 or axis == -1 else ()
        for operand, word in ((gamma, "gamma"), (beta, "beta")):
            if operand is not None and np.shape(operand) not in ((), features):
                raise ValueError(
                    f"{word} has an entry for each feature: expected shape {features}, "
                    f"got {np.shape(operand)}"
                )
        found = standardise(np.asarray(x), axis, eps)
        found = found if gamma is None else found * gamma
        return found if beta is None else found + beta

    return compute


def normalised_by_hand(axis: int) -> Callable[..., Array]:
    """Make the same over an axis in steps: mean, variance, its root, the normalised values."""

    def by_hand(
        rounded: Rounding,
        x: Array,
        gamma: Array | None = None,
        beta: Array | None = None,
        eps: float = EPS,
    ) -> Array:
        centred = rounded(x - rounded(np.mean(x, axis=axis, keepdims=True)))
        variance = rounded(np.mean(centred**2, axis=axis, keepdims=True))
        found = rounded(centred / rounded(np.sqrt(variance + eps)))
        found = found if gamma is None else found * gamma
        return np.asarray(found if beta is None else found + beta)

    return by_hand


def mean_of(x: Expression, axis: int) -> Expression:
    """Return the mean over an axis, which is kept."""
    return apply("mean", x, axis=axis, keepdims=True)


def root_of(x: Quantity, axis: int, eps: float) -> Expression:
    """Return the standard deviation over an axis, which is kept, with eps under the root."""
    return apply("sqrt", apply("variance", x, axis=axis, keepdims=True) + eps)


def to_input(
    axis: int, *, statistics: bool = True, scale: bool = True
) -> Callable[..., Expression]:
    """Make the derivative by x, and what is wrong without one of its parts."""

    def rule(
        g: Quantity, _out: Quantity, x: Quantity, *operands: Quantity, eps: float = EPS
    ) -> Expression:
        signal = g * operands[0] if operands and scale else g
        root = root_of(x, axis, eps)
        if not statistics:
            return signal / root
        unit = (x - mean_of(x, axis)) / root
        return (signal - mean_of(signal, axis) - unit * mean_of(signal * unit, axis)) / root

    return rule


def to_gamma(axis: int, *, normalised: bool = True) -> Callable[..., Expression]:
    """Make the derivative by gamma."""

    def rule(
        g: Quantity, _out: Quantity, x: Quantity, *operands: Quantity, eps: float = EPS
    ) -> Expression:
        factor: Expression = x
        if normalised:
            factor = (x - mean_of(x, axis)) / root_of(x, axis, eps)
        return apply("sum_to", g * factor, shape=operands[0].shape)

    return rule


def to_beta(
    g: Quantity, _out: Quantity, _x: Quantity, *operands: Quantity, eps: float = EPS
) -> Expression:
    """Give the derivative by beta."""
    return apply("sum_to", g, shape=operands[1].shape)
