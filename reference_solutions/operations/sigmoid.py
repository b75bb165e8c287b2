"""The logistic sigmoid, elementwise. s'(x) = s(x) (1 - s(x))."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import (
    PROBABILITY,
    Example,
    Mistake,
    Operation,
    Rounding,
    Values,
)


def _sigmoid(x: Values) -> Values:
    # 1/(1+e^-x) in the form that doesn't overflow.
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def _by_hand(rounded: Rounding, x: Values) -> Values:
    return 1.0 / rounded(1.0 + np.exp(-np.asarray(x)))


OPERATION = Operation(
    name="sigmoid",
    subject="activations",
    compute=_sigmoid,
    doc="The logistic sigmoid 1 / (1 + exp(-x)), elementwise.",
    latex=r"\sigma({0})",
    derivatives=(lambda g, out, _x: g * out * (1 - out),),
    aliases=("logistic",),
    by_hand=_by_hand,
    elementwise=True,
    value_range=PROBABILITY,
    examples=(Example(([0.0, 1.0],), [0.5, 0.7310585786300049]),),
    mistakes=(
        Mistake(
            id="sigmoid-left-out",
            says="You stopped at the pre-activation: the sigmoid was not applied.",
            forward=lambda x: x * 1.0,
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            used="{0}",
            example=Example((2.0,), 2.0),
        ),
        Mistake(
            id="tanh-for-sigmoid",
            says="That is tanh of the pre-activation; the sheet has the sigmoid.",
            forward=np.tanh,
            backward={0: lambda g, out, _x: g * (1 - out**2)},
            commonness="common",
            used=r"\tanh({0})",
            example=Example((1.0,), 0.7615941559557649),
        ),
        Mistake(
            id="sigmoid-exponent-sign",
            says=(
                "The exponent of the sigmoid is -x; you used +x, which gives 1 minus the right "
                "value."
            ),
            forward=lambda x: 1 / (1 + np.exp(x)),
            used=r"\frac{{1}}{{1+e^{{{0}}}}}",
            example=Example((1.0,), 0.2689414213699951),
        ),
        Mistake(
            id="sigmoid-derivative-forgotten",
            says=(
                "Going back through the sigmoid, the chain rule needs the factor s(1 - s); it is "
                "missing."
            ),
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            example=Example((0.0,), 3.0, gradient=3.0),
        ),
        Mistake(
            id="sigmoid-derivative-half",
            says="The derivative of the sigmoid is s(1 - s); the factor 1 - s is missing.",
            backward={0: lambda g, out, _x: g * out},
            example=Example((0.0,), 0.5, gradient=1.0),
        ),
        Mistake(
            id="tanh-derivative-for-sigmoid",
            says="1 - s^2 is the derivative of tanh; the sigmoid has s(1 - s).",
            backward={0: lambda g, out, _x: g * (1 - out**2)},
            example=Example((0.0,), 0.75, gradient=1.0),
        ),
    ),
)
