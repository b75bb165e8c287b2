"""The entropy of a distribution, -sum p log p, along the last axis; 0 log 0 is 0.

In nats; ``base=2`` gives bits (Shannon, A Mathematical Theory of Communication, 1948).
"""

from __future__ import annotations

import math

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes, size_along
from reference_solutions.operations.operation import Example, Mistake, Operation, Rounding, Values
from reference_solutions.operations.parameter import AXES, REAL
from reference_solutions.operations.quantity import Quantity


def logarithm_of(base: float) -> float:
    """Return the natural logarithm of a base. Raises ValueError for none."""
    if not 0 < base < math.inf or base == 1:
        raise ValueError(f"the base of a logarithm is positive and not 1, got {base}")
    return math.log(base)


def _terms(p: Values) -> Values:
    p = np.asarray(p, dtype=np.float64)
    if p.ndim == 0:
        raise ValueError("a distribution is a vector, got a number")
    return np.where(p == 0, 0.0, p * np.log(np.where(p == 0, 1.0, p)))


def in_base(nats: Expression, base: float) -> Expression:
    """Return what is in nats in the units of another base."""
    return nats if base == math.e else nats / logarithm_of(base)


def _entropy(p: Values, base: float = math.e, axis: Axes = -1) -> Values:
    return -np.sum(_terms(p), axis=axis) / logarithm_of(base)


def _by_hand(rounded: Rounding, p: Values, base: float = math.e, axis: Axes = -1) -> Values:
    return -np.sum(rounded(_terms(p) / logarithm_of(base)), axis=axis)


def _derivative(
    g: Quantity, _out: Quantity, p: Quantity, base: float = math.e, axis: Axes = -1
) -> Expression:
    spread = apply("spread", g, shape=p.shape, axis=axis)
    return in_base(spread * (-apply("log", p) - 1), base)


OPERATION = Operation(
    name="entropy",
    subject="probabilities",
    compute=_entropy,
    doc="-sum of p log p of a distribution, along the last axis or `axis=`; `base=2` in bits.",
    latex=r"\operatorname{{H}}({0})",
    derivatives=(_derivative,),
    params={"base": REAL, "axis": AXES},
    by_hand=_by_hand,
    examples=(
        Example(([0.5, 0.5],), 0.6931471805599453),
        Example(([0.5, 0.25, 0.25, 0.0],), 1.5, {"base": 2}),
        Example(([[0.5, 0.5], [1.0, 0.0]],), [1.0, 0.0], {"base": 2}),
    ),
    mistakes=(
        Mistake(
            id="entropy-in-other-units",
            says="The logarithm has another base: nats take ln, bits take log2.",
            forward=lambda p, base=math.e, axis=-1: _entropy(p, math.e if base == 2 else 2.0, axis),
            commonness="very_common",
            example=Example(([0.5, 0.5],), 1.0),
        ),
        Mistake(
            id="entropy-sign-missing",
            says="The logarithm of a probability is negative: the entropy has a minus in front.",
            forward=lambda p, base=math.e, axis=-1: -_entropy(p, base, axis),
            commonness="common",
            used=r"\sum p \log p",
            example=Example(([0.5, 0.5],), -0.6931471805599453),
        ),
        Mistake(
            id="entropy-not-weighted",
            says="Each logarithm is weighted with its probability; the weights are missing.",
            forward=lambda p, base=math.e, axis=-1: (
                -np.sum(np.log(p), axis=axis) / logarithm_of(base)
            ),
            used=r"-\sum \log p",
            example=Example(([0.5, 0.25],), 2.0794415416798357),
        ),
        Mistake(
            id="entropy-mean-of-terms",
            says="You divided by the number of outcomes; the entropy is the sum of its terms.",
            forward=lambda p, base=math.e, axis=-1: (
                _entropy(p, base, axis) / size_along(np.shape(p), axis)
            ),
            example=Example(([0.5, 0.5],), 0.34657359027997264),
        ),
        Mistake(
            id="entropy-derivative-without-one",
            says="The derivative of p log p is log p + 1; the 1 is missing.",
            backward={
                0: lambda g, _out, p, base=math.e, axis=-1: in_base(
                    apply("spread", g, shape=p.shape, axis=axis) * (-apply("log", p)), base
                )
            },
            commonness="common",
            example=Example(([0.5, 0.5],), [0.6931471805599453] * 2, gradient=1.0),
        ),
    ),
)
