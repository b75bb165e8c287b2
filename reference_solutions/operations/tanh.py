"""The hyperbolic tangent, elementwise. tanh'(x) = 1 - tanh(x)^2."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import SIGNED_UNIT, Example, Mistake, Operation

OPERATION = Operation(
    name="tanh",
    subject="activations",
    compute=np.tanh,
    doc="The hyperbolic tangent, elementwise.",
    latex=r"\tanh({0})",
    derivatives=(lambda g, out, _x: g * (1 - out**2),),
    elementwise=True,
    value_range=SIGNED_UNIT,
    elementary=True,
    examples=(Example(([0.0, 1.0, -1.0],), [0.0, 0.7615941559557649, -0.7615941559557649]),),
    mistakes=(
        Mistake(
            id="tanh-left-out",
            says="You stopped at the pre-activation: tanh was not applied.",
            forward=lambda x: x * 1.0,
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            used="{0}",
            example=Example((2.0,), 2.0),
        ),
        Mistake(
            id="sigmoid-for-tanh",
            says="That is the sigmoid of the pre-activation; the sheet has tanh.",
            forward=lambda x: 1 / (1 + np.exp(-x)),
            backward={0: lambda g, out, _x: g * out * (1 - out)},
            commonness="common",
            used=r"\sigma({0})",
            example=Example((0.0,), 0.5),
        ),
        Mistake(
            id="relu-for-tanh",
            says="That is the ReLU of the pre-activation; the sheet has tanh.",
            forward=lambda x: np.maximum(x, 0.0),
            used=r"\operatorname{{ReLU}}({0})",
            example=Example(([2.0, -1.0],), [2.0, 0.0]),
        ),
        Mistake(
            id="tan-for-tanh",
            says="That is the tangent (tan); the sheet has the hyperbolic tangent (tanh).",
            forward=np.tan,
            used=r"\tan({0})",
            example=Example((1.0,), 1.5574077246549023),
        ),
        Mistake(
            id="tanh-derivative-forgotten",
            says="Going back through tanh, the chain rule needs the factor 1 - h^2; it is missing.",
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            source="reported in threads",
            example=Example((1.0,), 3.0, gradient=3.0),
        ),
        Mistake(
            id="tanh-derivative-of-activation",
            says=(
                "h is already tanh of the pre-activation: the derivative is 1 - h^2, not 1 - "
                "tanh(h)^2."
            ),
            backward={0: lambda g, out, _x: g * (1 - apply("tanh", out) ** 2)},
            source="reported in threads",
            example=Example((1.0,), 0.5878, gradient=1.0),
        ),
        Mistake(
            id="tanh-derivative-not-squared",
            says="The derivative of tanh is 1 - h^2; you used 1 - h.",
            backward={0: lambda g, out, _x: g * (1 - out)},
            example=Example((1.0,), 0.2384058440442351, gradient=1.0),
        ),
        Mistake(
            id="tanh-derivative-at-preactivation",
            says=(
                "The derivative of tanh is 1 - h^2 with h = tanh(a); you put the pre-activation a "
                "in place of h."
            ),
            backward={0: lambda g, _out, x: g * (1 - x**2)},
            example=Example((2.0,), -3.0, gradient=1.0),
        ),
        Mistake(
            id="sigmoid-derivative-for-tanh",
            says="h(1 - h) is the derivative of the sigmoid; tanh has 1 - h^2.",
            backward={0: lambda g, out, _x: g * out * (1 - out)},
            example=Example((1.0,), 0.18156849758, gradient=1.0),
        ),
    ),
)
