"""The softmax: exponentials divided by their sum, over one axis (the last unless told)."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.axes import Axes, axes_of_each, softmax_derivative
from reference_solutions.operations.operation import (
    PROBABILITY,
    Example,
    Mistake,
    Operation,
    Rounding,
    Values,
)
from reference_solutions.operations.parameter import AXES


def _powers(z: Values, base: float, axis: Axes) -> Values:
    weights = np.power(base, z - np.max(z, axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def _softmax(z: Values, axis: Axes = -1) -> Values:
    if np.ndim(z) == 0:
        raise ValueError("`softmax` needs a vector or a matrix, got a number")
    weights = np.exp(z - z.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def _other_axis(z: Values, axis: Axes = -1) -> Values:
    if np.ndim(z) < 2 or not isinstance(axis, int):
        raise ValueError("there is no other axis")
    return _softmax(z, axis=-2 if axis in (-1, np.ndim(z) - 1) else -1)


def _over_everything(z: Values, axis: Axes = -1) -> Values:
    if np.ndim(z) < 2 or not isinstance(axis, int):
        raise ValueError("there are no further axes")
    return _softmax(z, axis=None)


def _by_rows(z: Values, axis: Axes = -1) -> Values:
    if np.ndim(z) < 2 or isinstance(axis, int):
        raise ValueError("the sum runs over one axis")
    return _softmax(z)


def _hard(z: Values, axis: Axes = -1) -> Values:
    return (z == np.max(z, axis=axis, keepdims=True)).astype(np.float64)


def _odds(z: Values, axis: Axes = -1) -> Values:
    weights = np.exp(z)
    return weights / (weights.sum(axis=axis, keepdims=True) - weights)


def _by_hand(rounded: Rounding, z: Values, axis: Axes = -1) -> Values:
    weights = rounded(np.exp(z))
    return weights / rounded(weights.sum(axis=axis, keepdims=True))


def _many(z: Values, axis: Axes = -1) -> Values:
    if z.ndim < 2:
        raise ValueError("`softmax` needs vectors or matrices")
    return _softmax(z, axes_of_each(axis, z.ndim - 1))


OPERATION = Operation(
    name="softmax",
    subject="activations",
    compute=_softmax,
    doc=(
        "exp(z) divided by the sum of exp(z) over an axis, the last unless `axis=` says another, "
        "several, or `None` for all."
    ),
    latex=r"\operatorname{{softmax}}({0})",
    derivatives=(softmax_derivative,),
    params={"axis": AXES},
    by_hand=_by_hand,
    many=_many,
    value_range=PROBABILITY,
    adds_up_to_one=True,
    examples=(
        Example(([0.0, 0.0],), [0.5, 0.5]),
        Example(([0.0, 0.6931471805599453],), [1 / 3, 2 / 3]),
        Example(([[0.0, 0.0], [0.0, 0.0]],), [[0.5, 0.5], [0.5, 0.5]], {"axis": 0}),
        Example(([[0.0, 0.0], [0.0, 0.0]],), [[0.25, 0.25], [0.25, 0.25]], {"axis": None}),
        Example(([[[0.0, 0.0]], [[0.0, 0.0]]],), [[[0.25] * 2], [[0.25] * 2]], {"axis": (0, 2)}),
    ),
    mistakes=(
        Mistake(
            id="softmax-without-exponentials",
            says="You divided the scores by their sum without taking exponentials first.",
            forward=lambda z, axis=-1: z / z.sum(axis=axis, keepdims=True),
            commonness="common",
            used=r"\frac{{{0}}}{{\sum {0}}}",
            source="reported in threads",
            example=Example(([1.0, 3.0],), [0.25, 0.75]),
        ),
        Mistake(
            id="softmax-not-normalised",
            says="You took the exponentials but did not divide by their sum.",
            forward=lambda z, axis=-1: np.exp(z),
            used=r"e^{{{0}}}",
            example=Example(([0.0, 0.0],), [1.0, 1.0]),
        ),
        Mistake(
            id="softmax-left-out",
            says="These are the scores (logits); the softmax was not applied.",
            forward=lambda z, axis=-1: z * 1.0,
            commonness="common",
            used="{0}",
            example=Example(([1.0, 3.0],), [1.0, 3.0]),
        ),
        Mistake(
            id="softmax-wrong-axis",
            says=(
                "The softmax was taken over the other axis: each row is to add up to 1, not each "
                "column."
            ),
            forward=_other_axis,
            commonness="common",
            source="reported in threads",
            example=Example(([[0.0, 1.0], [0.0, 1.0]],), [[0.5, 0.5], [0.5, 0.5]]),
        ),
        Mistake(
            id="softmax-over-everything",
            says=(
                "The exponentials were divided by the sum over the whole matrix; each row is to "
                "add up to 1."
            ),
            forward=_over_everything,
            example=Example(([[0.0, 0.0], [0.0, 0.0]],), [[0.25, 0.25], [0.25, 0.25]]),
        ),
        Mistake(
            id="softmax-by-rows",
            says=(
                "Each row of yours adds up to 1; here the exponentials are divided by one sum over "
                "all of them."
            ),
            forward=_by_rows,
            example=Example(([[0.0, 0.0], [0.0, 0.0]],), [[0.5, 0.5], [0.5, 0.5]], {"axis": None}),
        ),
        Mistake(
            id="softmax-applied-twice",
            says=(
                "The softmax was applied a second time; the probabilities are too close to each "
                "other."
            ),
            forward=lambda z, axis=-1: _softmax(_softmax(z, axis), axis),
            used=r"\operatorname{{softmax}}(\operatorname{{softmax}}({0}))",
            source="reported in threads",
            example=Example(([0.0, 0.6931471805599453],), [0.4174297935376853, 0.5825702064623147]),
        ),
        Mistake(
            id="softmax-base-2",
            says="You used powers of 2; the softmax uses powers of e.",
            forward=lambda z, axis=-1: _powers(z, 2.0, axis),
            used=r"\frac{{2^{{{0}}}}}{{\sum 2^{{{0}}}}}",
            example=Example(([0.0, 1.0],), [1 / 3, 2 / 3]),
        ),
        Mistake(
            id="softmax-base-10",
            says="You used powers of 10; the softmax uses powers of e.",
            forward=lambda z, axis=-1: _powers(z, 10.0, axis),
            used=r"\frac{{10^{{{0}}}}}{{\sum 10^{{{0}}}}}",
            example=Example(([0.0, 1.0],), [1 / 11, 10 / 11]),
        ),
        Mistake(
            id="softmax-e-truncated",
            says="e was cut to 2.71; keep more of its digits (2.71828).",
            forward=lambda z, axis=-1: _powers(z, 2.71, axis),
            commonness="rare",
            used=r"\frac{{2.71^{{{0}}}}}{{\sum 2.71^{{{0}}}}}",
            source="seen in published work",
            example=Example(([0.0, 1.0],), [1 / 3.71, 2.71 / 3.71]),
        ),
        Mistake(
            id="softmax-odds",
            says=(
                "The denominator must contain all classes; yours leaves out the class itself "
                "(these are odds)."
            ),
            forward=_odds,
            example=Example(([0.0, 0.0],), [1.0, 1.0]),
        ),
        Mistake(
            id="softmin",
            says=(
                "The exponents have the wrong sign: the largest score must get the largest "
                "probability."
            ),
            forward=lambda z, axis=-1: _softmax(-z, axis),
            used=r"\operatorname{{softmax}}(-{0})",
            example=Example(([0.0, 0.6931471805599453],), [2 / 3, 1 / 3]),
        ),
        Mistake(
            id="argmax-for-softmax",
            says=(
                "You put 1 at the largest score and 0 elsewhere (argmax); the sheet has a softmax."
            ),
            forward=_hard,
            used=r"\operatorname{{argmax}}({0})",
            example=Example(([0.0, 1.0],), [0.0, 1.0]),
        ),
        Mistake(
            id="sigmoid-for-softmax",
            says=(
                "You took the sigmoid of each score by itself; softmax probabilities share one "
                "denominator."
            ),
            forward=lambda z, axis=-1: 1 / (1 + np.exp(-z)),
            used=r"\sigma({0})",
            example=Example(([0.0, 1.0],), [0.5, 0.7310585786300049]),
        ),
        Mistake(
            id="softmax-derivative-diagonal-only",
            says="The derivative of the softmax has off-diagonal terms; you used p(1 - p) alone.",
            backward={0: lambda g, out, _z, axis=-1: g * out * (1 - out)},
            example=Example(([0.0, 0.0],), [0.25, 0.0], gradient=[1.0, 0.0]),
        ),
        Mistake(
            id="softmax-derivative-forgotten",
            says=(
                "That stops at the probabilities: one more factor, the softmax's derivative, leads "
                "to the scores."
            ),
            backward={0: lambda g, _out, _z, axis=-1: g},
            example=Example(([0.0, 0.0],), [1.0, 0.0], gradient=[1.0, 0.0]),
        ),
    ),
)
