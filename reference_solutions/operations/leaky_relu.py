"""The leaky ReLU, elementwise: x where positive, slope times x elsewhere (Maas et al., 2013)."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Coincidence, Example, Mistake, Operation
from reference_solutions.operations.parameter import REAL
from reference_solutions.operations.quantity import Quantity


def _leaky(x: Array, slope: float = 0.01) -> Array:
    return np.where(np.asarray(x) > 0, x, slope * x)


def _derivative(g: Quantity, _out: Quantity, x: Quantity, slope: float = 0.01) -> Expression:
    return g * (slope + (1 - slope) * apply("is_positive", x))


_X = ([2.0, -4.0],)
_SLOPE = {"slope": 0.25}

OPERATION = Operation(
    name="leaky_relu",
    subject="activations",
    compute=_leaky,
    doc=(
        "x where it is positive and `slope=0.01` times x elsewhere; its derivative at 0 is the "
        "slope."
    ),
    latex=r"\operatorname{{LeakyReLU}}({0})",
    derivatives=(_derivative,),
    params={"slope": REAL},
    elementwise=True,
    examples=(Example(_X, [2.0, -0.04]), Example(_X, [2.0, -1.0], _SLOPE)),
    mistakes=(
        Mistake(
            id="leaky-slope-forgotten",
            says="That is the plain ReLU: a negative value keeps a small slope here.",
            forward=lambda x, slope=0.01: np.maximum(x, 0.0),
            backward={0: lambda g, _out, x, slope=0.01: g * apply("is_positive", x)},
            commonness="common",
            used=r"\operatorname{{ReLU}}({0})",
            example=Example(_X, [2.0, 0.0]),
            hidden=Coincidence("no input is negative", ([1.0, 2.5],)),
        ),
        Mistake(
            id="leaky-relu-left-out",
            says="The leaky ReLU was not applied: negative values are multiplied by the slope.",
            forward=lambda x, slope=0.01: x * 1.0,
            backward={0: lambda g, _out, _x, slope=0.01: g},
            commonness="common",
            used="{0}",
            example=Example(_X, [2.0, -4.0]),
            hidden=Coincidence("no input is negative", ([1.0, 2.5],)),
        ),
        Mistake(
            id="leaky-slope-everywhere",
            says="The slope is for negative values; positive ones stay as they are.",
            forward=lambda x, slope=0.01: slope * x,
            example=Example(_X, [0.5, -1.0], _SLOPE),
        ),
        Mistake(
            id="leaky-slope-on-wrong-side",
            says="You multiplied the positive values by the slope; it is for the negative ones.",
            forward=lambda x, slope=0.01: np.where(np.asarray(x) > 0, slope * x, x),
            commonness="rare",
            example=Example(_X, [0.5, -4.0], _SLOPE),
        ),
        Mistake(
            id="leaky-slope-without-value",
            says="A negative value becomes slope times x; you wrote the slope alone.",
            forward=lambda x, slope=0.01: np.where(np.asarray(x) > 0, x, slope),
            commonness="rare",
            example=Example(_X, [2.0, 0.25], _SLOPE),
        ),
        Mistake(
            id="leaky-slope-positive",
            says=(
                "A negative value stays negative: slope times x, not slope times its absolute "
                "value."
            ),
            forward=lambda x, slope=0.01: np.where(np.asarray(x) > 0, x, slope * np.abs(x)),
            example=Example(_X, [2.0, 1.0], _SLOPE),
        ),
        Mistake(
            id="leaky-slope-forgotten-going-back",
            says=(
                "Where its input was negative the leaky ReLU hands back the slope times the "
                "gradient, not 0."
            ),
            backward={0: lambda g, _out, x, slope=0.01: g * apply("is_positive", x)},
            commonness="common",
            example=Example(_X, [1.0, 0.0], _SLOPE, gradient=[1.0, 1.0]),
        ),
        Mistake(
            id="leaky-relu-derivative-forgotten",
            says=(
                "Going back through the leaky ReLU, the gradient is multiplied by the slope where "
                "its input was negative."
            ),
            backward={0: lambda g, _out, _x, slope=0.01: g},
            commonness="common",
            example=Example(_X, [1.0, 1.0], _SLOPE, gradient=[1.0, 1.0]),
        ),
    ),
)
