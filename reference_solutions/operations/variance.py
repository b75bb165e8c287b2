"""The variance: ``variance(x)``, the mean squared distance from the mean, of all or over an axis.

It divides by the number n of values; ``sample=True`` divides by n - 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes, handed_to_each, over_index, size_along
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Example,
    Mistake,
    Operation,
    Rounding,
)
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity


class How(TypedDict, total=False):
    """The constants of a variance."""

    axis: Axes
    keepdims: bool
    sample: bool


def count(shape: tuple[int, ...], how: How) -> int:
    """Count the values that one variance is taken of, less one where that is asked for."""
    values = size_along(shape, how.get("axis"))
    divisor = values - 1 if how.get("sample", False) else values
    if divisor < 1:
        raise ValueError(f"a variance of {values} values can't be divided by {divisor}")
    return divisor


def squares(x: Array, how: How) -> Array:
    """Add up the squared distances from the mean, of all entries or over an axis."""
    axis, keepdims = how.get("axis"), how.get("keepdims", False)
    apart = x - np.mean(x, axis=axis, keepdims=True)
    return np.asarray(np.sum(apart**2, axis=axis, keepdims=keepdims))


def variance(x: Array, **how: Unpack[How]) -> Array:
    """Take the variance of all entries or over an axis.

    Raises ValueError where there are too few values.
    """
    return squares(x, how) / count(np.shape(x), how)


def by_hand(rounded: Rounding, x: Array, **how: Unpack[How]) -> Array:
    """Take the variance over the same axis in steps: the mean, the distances, their squares."""
    axis, keepdims = how.get("axis"), how.get("keepdims", False)
    apart = rounded(x - rounded(np.mean(x, axis=axis, keepdims=True)))
    total = np.sum(rounded(apart**2), axis=axis, keepdims=keepdims)
    return np.asarray(total / count(np.shape(x), how))


def other_divisor(x: Array, **how: Unpack[How]) -> Array:
    """Divide by n - 1 for n, or by n for n - 1; the shape is that of the variance."""
    how["sample"] = not how.get("sample", False)
    return variance(x, **how)


def _not_divided(x: Array, **how: Unpack[How]) -> Array:
    return squares(x, how)


def not_centred(x: Array, **how: Unpack[How]) -> Array:
    """Take the mean of the squares, of all entries or over an axis."""
    total = np.sum(x**2, axis=how.get("axis"), keepdims=how.get("keepdims", False))
    return np.asarray(total / count(np.shape(x), how))


def spread(value: Expression, x: Quantity, how: How) -> Expression:
    """Repeat a value of each group over its group."""
    return handed_to_each(value, value, x, how.get("axis"), how.get("keepdims", False))


def centred(x: Quantity, how: How) -> Expression:
    """Take the mean away from the operand."""
    return x - apply("mean", x, axis=how.get("axis"), keepdims=True)


def _rule(factor: float) -> Callable[..., Expression]:
    def rule(g: Quantity, _out: Quantity, x: Quantity, **how: Unpack[How]) -> Expression:
        return spread(g, x, how) * factor * centred(x, how) / float(count(x.shape, how))

    return rule


_X = ([1.0, 3.0, 8.0],)

OPERATION = Operation(
    name="variance",
    subject="sums and statistics",
    compute=variance,
    doc=(
        "variance(x): the mean squared distance from the mean, of all entries or over `axis=`; "
        "`sample=True` divides by n - 1."
    ),
    latex=r"\operatorname{{Var}}({0})",
    latex_over_index=over_index(r"\operatorname{Var}"),
    derivatives=(_rule(2.0),),
    params={"axis": AXES, "keepdims": FLAG, "sample": FLAG},
    by_hand=by_hand,
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(_X, 26 / 3),
        Example(_X, 13.0, {"sample": True}),
        Example(([[1.0, 2.0], [5.0, 10.0]],), [4.0, 16.0], {"axis": 0}),
        Example(([[[1.0, 3.0], [5.0, 7.0]]],), [5.0], {"axis": (1, 2)}),
        Example(([[1.0, 5.0], [2.0, 10.0]],), [[4.0], [16.0]], {"axis": -1, "keepdims": True}),
    ),
    mistakes=(
        Mistake(
            id="variance-with-other-divisor",
            says=(
                "The sum of squares is divided by another number: by n for all values, by n - 1 "
                "for a sample's estimate; look which the sheet means."
            ),
            forward=other_divisor,
            commonness="very_common",
            example=Example(_X, 13.0),
        ),
        Mistake(
            id="variance-not-divided",
            says="That is the sum of squares; divide by the number of values.",
            forward=_not_divided,
            used=r"\sum ({0}-\mu)^2",
            example=Example(_X, 26.0),
        ),
        Mistake(
            id="standard-deviation-for-variance",
            says="That is the standard deviation; the variance is its square.",
            forward=lambda x, **how: np.sqrt(variance(x, **how)),
            commonness="common",
            used=r"\sqrt{{\operatorname{{Var}}({0})}}",
            example=Example(([1.0, 5.0],), 2.0),
        ),
        Mistake(
            id="variance-mean-not-subtracted",
            says="That is the mean of the squares; the mean is taken away before squaring.",
            forward=not_centred,
            used=r"\frac{{1}}{{n}}\sum \left({0}\right)^2",
            example=Example(([1.0, 5.0],), 13.0),
        ),
        Mistake(
            id="variance-distances-not-squared",
            says="That is the mean distance from the mean; the distances are squared.",
            forward=lambda x, axis=None, keepdims=False, sample=False: (
                np.sum(
                    np.abs(x - np.mean(x, axis=axis, keepdims=True)), axis=axis, keepdims=keepdims
                )
                / count(np.shape(x), {"axis": axis, "sample": sample})
            ),
            used=r"\frac{{1}}{{n}}\sum |{0}-\mu|",
            example=Example(([1.0, 5.0],), 2.0),
        ),
        Mistake(
            id="variance-factor-two-forgotten",
            says="The derivative of the squares brings a factor 2; it is missing.",
            backward={0: _rule(1.0)},
            commonness="common",
            example=Example(([1.0, 5.0],), [-1.0, 1.0], gradient=1.0),
        ),
    ),
)
