"""A value kept between two bounds, elementwise; beyond them it is constant."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.quantity import Quantity


def _clip(x: Values, low: Values, high: Values) -> Values:
    if np.any(np.asarray(low) > np.asarray(high)):
        raise ValueError("the lower bound of `clip` is above the upper one")
    return np.minimum(np.maximum(x, low), high)


def _inside(g: Quantity, _out: Quantity, x: Quantity, low: Quantity, high: Quantity) -> Expression:
    above, below = apply("compare", x, low, sign=">="), apply("compare", x, high, sign="<=")
    return g * above * below


OPERATION = Operation(
    name="clip",
    subject="arithmetic",
    compute=_clip,
    doc="clip(x, low, high): x, or the bound that it is beyond, elementwise.",
    latex=r"\operatorname{{clip}}({0}, {1}, {2})",
    arity=(3, 3),
    derivatives=(
        _inside,
        lambda g, _out, x, low, _high: g * apply("compare", x, low, sign="<"),
        lambda g, _out, x, _low, high: g * apply("compare", x, high, sign=">"),
    ),
    aliases=("clamp",),
    broadcasts=True,
    elementwise=True,
    examples=(Example(([-2.0, 0.5, 3.0], -1.0, 1.0), [-1.0, 0.5, 1.0]),),
    mistakes=(
        Mistake(
            id="clipped-above-only",
            says="You kept the values below the upper bound; the lower bound holds as well.",
            forward=lambda x, _low, high: np.minimum(x, high),
            used=r"\min({0}, {2})",
            example=Example(([-2.0, 0.5, 3.0], -1.0, 1.0), [-2.0, 0.5, 1.0]),
            hidden=Coincidence("no value is below the lower bound", ([0.5, 3.0], -1.0, 1.0)),
        ),
        Mistake(
            id="clipped-below-only",
            says="You kept the values above the lower bound; the upper bound holds as well.",
            forward=lambda x, low, _high: np.maximum(x, low),
            used=r"\max({0}, {1})",
            example=Example(([-2.0, 0.5, 3.0], -1.0, 1.0), [-1.0, 0.5, 3.0]),
            hidden=Coincidence("no value is above the upper bound", ([0.5, -3.0], -1.0, 1.0)),
        ),
        Mistake(
            id="not-clipped",
            says="The values beyond the bounds were not clipped.",
            forward=lambda x, _low, _high: np.asarray(x) * 1.0,
            commonness="common",
            used="{0}",
            example=Example(([-2.0, 0.5, 3.0], -1.0, 1.0), [-2.0, 0.5, 3.0]),
            hidden=Coincidence("no value is beyond the bounds", ([0.5, -0.5], -1.0, 1.0)),
        ),
        Mistake(
            id="clipped-gradient-not-stopped",
            says="Where a value is clipped it doesn't move: its gradient is 0 there.",
            backward={0: lambda g, _out, _x, _low, _high: g},
            commonness="common",
            example=Example(
                ([-2.0, 0.5, 3.0], -1.0, 1.0), [1.0, 1.0, 1.0], gradient=[1.0, 1.0, 1.0]
            ),
        ),
    ),
)
