"""The mistakes of a normalisation over an axis, forwards and going back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.normalisation import (
    EPS,
    Standardise,
    mean_of,
    normalisation,
    standardised,
    to_gamma,
    to_input,
)
from reference_solutions.operations.operation import Example, Mistake
from reference_solutions.operations.quantity import Quantity


def _one_less(x: Array, axis: int, eps: float) -> Array:
    if x.shape[axis] < 2:
        raise ValueError("there is only one value")
    spread = np.sqrt(np.var(x, axis=axis, keepdims=True, ddof=1) + eps)
    return np.asarray((x - np.mean(x, axis=axis, keepdims=True)) / spread)


def _other_axis(x: Array, axis: int, eps: float) -> Array:
    if x.ndim != 2:
        raise ValueError("there is only one axis")
    return standardised(x, -1 if axis == 0 else 0, eps)


def _over_everything(x: Array, _axis: int, eps: float) -> Array:
    if x.ndim != 2:
        raise ValueError("there is only one axis")
    return np.asarray((x - np.mean(x)) / np.sqrt(np.var(x) + eps))


def _no_eps(x: Array, axis: int, _eps: float) -> Array:
    return standardised(x, axis, 0.0)


def _eps_outside(x: Array, axis: int, eps: float) -> Array:
    spread = np.std(x, axis=axis, keepdims=True) + eps
    return np.asarray((x - np.mean(x, axis=axis, keepdims=True)) / spread)


def _by_variance(x: Array, axis: int, eps: float) -> Array:
    spread = np.var(x, axis=axis, keepdims=True) + eps
    return np.asarray((x - np.mean(x, axis=axis, keepdims=True)) / spread)


def _not_centred(x: Array, axis: int, eps: float) -> Array:
    return np.asarray(x / np.sqrt(np.var(x, axis=axis, keepdims=True) + eps))


def _only_centred(x: Array, axis: int, _eps: float) -> Array:
    return np.asarray(x - np.mean(x, axis=axis, keepdims=True))


def _gamma_forgotten(right: Callable[..., Array]) -> Callable[..., Array]:
    def compute(
        x: Array, gamma: Array | None = None, beta: Array | None = None, eps: float = EPS
    ) -> Array:
        right(x, gamma, beta, eps)
        if gamma is None:
            raise ValueError("there is no gamma")
        return right(x, None, beta, eps)

    return compute


def _beta_forgotten(right: Callable[..., Array]) -> Callable[..., Array]:
    def compute(
        x: Array, gamma: Array | None = None, beta: Array | None = None, eps: float = EPS
    ) -> Array:
        right(x, gamma, beta, eps)
        if beta is None:
            raise ValueError("there is no beta")
        return right(x, gamma, None, eps)

    return compute


def _neither(right: Callable[..., Array]) -> Callable[..., Array]:
    def compute(
        x: Array, gamma: Array | None = None, beta: Array | None = None, eps: float = EPS
    ) -> Array:
        right(x, gamma, beta, eps)
        if gamma is None or beta is None:
            raise ValueError("there is nothing to forget")
        return right(x, None, None, eps)

    return compute


def _exchanged(right: Callable[..., Array]) -> Callable[..., Array]:
    def compute(
        x: Array, gamma: Array | None = None, beta: Array | None = None, eps: float = EPS
    ) -> Array:
        if gamma is None or beta is None:
            raise ValueError("there is nothing to exchange")
        return right(x, beta, gamma, eps)

    return compute


def _with_other_spread(axis: int, kind: str) -> dict[int, Callable[..., Expression | None]]:
    """Make the derivatives by x and gamma as people write them who divide by something else.

    They put their own divisor into the formulas that are right for the standard deviation.
    """

    def unit_and_spread(x: Quantity, eps: float) -> tuple[Expression, Expression]:
        variance = apply("variance", x, axis=axis, keepdims=True, sample=kind == "one-less")
        spread = variance + eps
        if kind == "one-less":
            spread = apply("sqrt", spread)
        elif kind != "by-variance":
            spread = apply("sqrt", variance) + (eps if kind == "eps-outside" else 0.0)
        return (x - mean_of(x, axis)) / spread, spread

    def to_x(
        g: Quantity, _out: Quantity, x: Quantity, *operands: Quantity, eps: float = EPS
    ) -> Expression | None:
        if x.shape[axis] < 2:
            return None
        signal = g * operands[0] if operands else g
        unit, spread = unit_and_spread(x, eps)
        return (signal - mean_of(signal, axis) - unit * mean_of(signal * unit, axis)) / spread

    def to_factor(
        g: Quantity, _out: Quantity, x: Quantity, *operands: Quantity, eps: float = EPS
    ) -> Expression | None:
        if x.shape[axis] < 2:
            return None
        return apply("sum_to", g * unit_and_spread(x, eps)[0], shape=operands[0].shape)

    return {0: to_x, 1: to_factor}


def normalisation_mistakes(
    name: str, axis: int, over: str, examples: dict[str, Example]
) -> tuple[Mistake, ...]:
    """Make the mistakes of a normalisation ``over`` something, with an example for each."""
    right = normalisation(name, axis)
    id_of = name.replace("_", "-")

    def wrong(standardise: Standardise) -> Callable[..., Array]:
        return normalisation(name, axis, standardise)

    return (
        Mistake(
            id=f"{id_of}-divided-by-one-less",
            says="The variance divides by the number of values here, not by that number less one.",
            forward=wrong(_one_less),
            backward=_with_other_spread(axis, "one-less"),
            commonness="common",
            example=examples["one-less"],
        ),
        Mistake(
            id=f"{id_of}-over-other-axis",
            says=f"Mean and variance are taken {over}; you took them along the other axis.",
            forward=wrong(_other_axis),
            commonness="common",
            example=examples["other-axis"],
        ),
        Mistake(
            id=f"{id_of}-over-everything",
            says=f"Mean and variance are taken {over}; you took them of all entries at once.",
            forward=wrong(_over_everything),
            example=examples["everything"],
        ),
        Mistake(
            id=f"{id_of}-without-eps",
            says="eps is added to the variance before the root is taken; it is missing.",
            forward=wrong(_no_eps),
            backward=_with_other_spread(axis, "no-eps"),
            used=r"\frac{{{0}-\mu}}{{\sigma}}",
            example=examples["no-eps"],
        ),
        Mistake(
            id=f"{id_of}-eps-outside-root",
            says="eps is added to the variance, inside the root; you added it to the root.",
            forward=wrong(_eps_outside),
            backward=_with_other_spread(axis, "eps-outside"),
            used=r"\frac{{{0}-\mu}}{{\sigma+\epsilon}}",
            example=examples["eps-outside"],
        ),
        Mistake(
            id=f"{id_of}-divided-by-variance",
            says="Divide by the standard deviation: the root of the variance is missing.",
            forward=wrong(_by_variance),
            backward=_with_other_spread(axis, "by-variance"),
            commonness="common",
            used=r"\frac{{{0}-\mu}}{{\sigma^2+\epsilon}}",
            example=examples["by-variance"],
        ),
        Mistake(
            id=f"{id_of}-mean-not-subtracted",
            says="The mean is taken away before the division; yours is still in.",
            forward=wrong(_not_centred),
            used=r"\frac{{{0}}}{{\sqrt{{\sigma^2+\epsilon}}}}",
            example=examples["not-centred"],
        ),
        Mistake(
            id=f"{id_of}-not-divided",
            says="You took the mean away; the division by the standard deviation is missing.",
            forward=wrong(_only_centred),
            used=r"{0}-\mu",
            example=examples["only-centred"],
        ),
        Mistake(
            id=f"{id_of}-gamma-left-out",
            says="The normalised values are scaled by gamma; that is missing.",
            forward=_gamma_forgotten(right),
            commonness="common",
            example=examples["no-gamma"],
        ),
        Mistake(
            id=f"{id_of}-beta-left-out",
            says="The shift beta is added at the end; that is missing.",
            forward=_beta_forgotten(right),
            commonness="common",
            example=examples["no-beta"],
        ),
        Mistake(
            id=f"{id_of}-gamma-and-beta-left-out",
            says="These are the normalised values; scale them by gamma and shift them by beta.",
            forward=_neither(right),
            commonness="common",
            example=examples["neither"],
        ),
        Mistake(
            id=f"{id_of}-gamma-and-beta-exchanged",
            says="gamma is the factor and beta is added; you exchanged them.",
            forward=_exchanged(right),
            commonness="rare",
            example=examples["exchanged"],
        ),
        Mistake(
            id=f"{id_of}-gradient-with-fixed-statistics",
            says=(
                "Mean and variance depend on x as well: the gradient has a term for each of them, "
                "which you left out."
            ),
            backward={0: to_input(axis, statistics=False)},
            commonness="common",
            example=examples["fixed"],
        ),
        Mistake(
            id=f"{id_of}-gradient-without-gamma",
            says="Going back through the normalisation, the factor gamma is missing.",
            backward={0: to_input(axis, scale=False)},
            example=examples["unscaled"],
        ),
        Mistake(
            id=f"{id_of}-gamma-gradient-at-input",
            says=(
                "gamma multiplies the normalised values: its gradient pairs with them, not with x."
            ),
            backward={1: to_gamma(axis, normalised=False)},
            commonness="common",
            example=examples["gamma-gradient"],
        ),
    )
