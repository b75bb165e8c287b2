"""The cosine of the angle between two vectors: their inner product divided by both norms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.dot import inner
from reference_solutions.operations.norm import euclidean
from reference_solutions.operations.operation import (
    SIGNED_UNIT,
    Example,
    Mistake,
    Operation,
    Rounding,
)
from reference_solutions.operations.quantity import Quantity


def _cosine(a: Array, b: Array) -> Array:
    product = inner(a, b)
    norms = euclidean(a) * euclidean(b)
    if norms == 0:
        raise ValueError("a vector of zeros has no angle to another")
    return product / norms


def _rule(position: int, *, own_norm: bool = True) -> Callable[..., Expression]:
    def rule(g: Quantity, out: Quantity, a: Quantity, b: Quantity) -> Expression:
        own, other = (a, b) if position == 0 else (b, a)
        first = other / (apply("norm", a) * apply("norm", b))
        return g * (first - out * own / apply("norm", own) ** 2) if own_norm else g * first

    return rule


def _by_hand(rounded: Rounding, a: Array, b: Array) -> Array:
    norms = rounded(rounded(euclidean(a)) * rounded(euclidean(b)))
    return np.asarray(rounded(inner(a, b)) / norms)


_A = [3.0, 4.0]
_B = [0.0, 2.0]

OPERATION = Operation(
    name="cosine_similarity",
    subject="linear algebra",
    compute=_cosine,
    doc="cosine_similarity(a, b): the inner product of two vectors divided by their norms.",
    latex=r"\cos({0}, {1})",
    arity=(2, 2),
    derivatives=(_rule(0), _rule(1)),
    by_hand=_by_hand,
    value_range=SIGNED_UNIT,
    examples=(Example((_A, _B), 0.8), Example(([1.0, 0.0, 2.0], [-2.0, 5.0, 1.0]), 0.0)),
    mistakes=(
        Mistake(
            id="cosine-not-normalised",
            says="That is the inner product; divide by the norms of both vectors.",
            forward=inner,
            commonness="common",
            used=r"\langle {0}, {1} \rangle",
            example=Example((_A, _B), 8.0),
        ),
        Mistake(
            id="cosine-divided-by-first-norm",
            says=(
                "You divided by the norm of the first vector alone; divide by the second's as well."
            ),
            forward=lambda a, b: inner(a, b) / euclidean(a),
            used=r"\frac{{\langle {0}, {1} \rangle}}{{\lVert {0} \rVert}}",
            example=Example((_A, _B), 1.6),
        ),
        Mistake(
            id="cosine-divided-by-second-norm",
            says=(
                "You divided by the norm of the second vector alone; divide by the first's as well."
            ),
            forward=lambda a, b: inner(a, b) / euclidean(b),
            used=r"\frac{{\langle {0}, {1} \rangle}}{{\lVert {1} \rVert}}",
            example=Example((_A, _B), 4.0),
        ),
        Mistake(
            id="cosine-divided-by-squared-norms",
            says="You divided by the squared norms; their roots are missing.",
            forward=lambda a, b: inner(a, b) / (euclidean(a) * euclidean(b)) ** 2,
            commonness="common",
            used=(
                r"\frac{{\langle {0}, {1} \rangle}}"
                r"{{\lVert {0} \rVert^2 \lVert {1} \rVert^2}}"
            ),
            example=Example((_A, _B), 0.08),
        ),
        Mistake(
            id="cosine-divided-by-sum-of-norms",
            says="You divided by the sum of the norms; divide by their product.",
            forward=lambda a, b: inner(a, b) / (euclidean(a) + euclidean(b)),
            used=(
                r"\frac{{\langle {0}, {1} \rangle}}"
                r"{{\lVert {0} \rVert + \lVert {1} \rVert}}"
            ),
            example=Example((_A, _B), 8 / 7),
        ),
        Mistake(
            id="cosine-distance-for-similarity",
            says="That is the cosine distance, 1 minus the similarity.",
            forward=lambda a, b: 1 - _cosine(a, b),
            used=r"1-\cos({0}, {1})",
            example=Example((_A, _B), 0.2),
        ),
        Mistake(
            id="cosine-gradient-with-fixed-norm",
            says="The norm of a vector depends on it as well: the gradient has a second term.",
            backward={0: _rule(0, own_norm=False), 1: _rule(1, own_norm=False)},
            commonness="common",
            example=Example((_A, _B), [0.0, 0.2], gradient=1.0),
        ),
    ),
)
