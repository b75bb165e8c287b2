"""The standard deviation: ``std(x)``, the root of the variance, over all entries or an axis.

It divides by the number n of values; ``sample=True`` divides by n - 1.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.axes import over_index
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Example,
    Mistake,
    Operation,
    Rounding,
)
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.variance import (
    How,
    by_hand,
    centred,
    count,
    not_centred,
    other_divisor,
    spread,
    variance,
)


def _std(x: Array, **how: Unpack[How]) -> Array:
    return np.sqrt(variance(x, **how))


def _by_hand(rounded: Rounding, x: Array, **how: Unpack[How]) -> Array:
    return np.asarray(np.sqrt(rounded(by_hand(rounded, x, **how))))


def _derivative(g: Quantity, out: Quantity, x: Quantity, **how: Unpack[How]) -> Expression:
    return spread(g / out, x, how) * centred(x, how) / float(count(x.shape, how))


OPERATION = Operation(
    name="std",
    subject="sums and statistics",
    compute=_std,
    doc=(
        "std(x): the standard deviation of all entries or over `axis=`; `sample=True` divides by n "
        "- 1."
    ),
    latex=r"\operatorname{{std}}({0})",
    latex_over_index=over_index(r"\operatorname{std}"),
    derivatives=(_derivative,),
    params={"axis": AXES, "keepdims": FLAG, "sample": FLAG},
    by_hand=_by_hand,
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(([1.0, 5.0],), 2.0),
        Example(([1.0, 3.0, 8.0],), 13**0.5, {"sample": True}),
        Example(([[1.0, 2.0], [5.0, 10.0]],), [2.0, 4.0], {"axis": 0}),
        Example(([[1.0, 5.0], [2.0, 10.0]],), [[2.0], [4.0]], {"axis": -1, "keepdims": True}),
    ),
    mistakes=(
        Mistake(
            id="std-with-other-divisor",
            says=(
                "The sum of squares is divided by another number: by n for all values, by n - 1 "
                "for a sample's estimate; look which the sheet means."
            ),
            forward=lambda x, **how: np.sqrt(other_divisor(x, **how)),
            commonness="very_common",
            example=Example(([1.0, 5.0],), 8**0.5),
        ),
        Mistake(
            id="variance-for-standard-deviation",
            says="That is the variance; the standard deviation is its root.",
            forward=variance,
            commonness="common",
            used=r"\operatorname{{Var}}({0})",
            example=Example(([1.0, 5.0],), 4.0),
        ),
        Mistake(
            id="std-mean-not-subtracted",
            says=(
                "That is the root of the mean of the squares; the mean is taken away before "
                "squaring."
            ),
            forward=lambda x, **how: np.sqrt(not_centred(x, **how)),
            used=r"\sqrt{{\frac{{1}}{{n}}\sum \left({0}\right)^2}}",
            example=Example(([1.0, 7.0],), 5.0),
        ),
    ),
)
