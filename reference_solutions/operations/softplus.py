"""The softplus, elementwise: ln(1 + e^x). Its derivative is the sigmoid."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation

OPERATION = Operation(
    name="softplus",
    subject="activations",
    compute=lambda x: np.logaddexp(0.0, x),
    doc="ln(1 + exp(x)), elementwise.",
    latex=r"\operatorname{{softplus}}({0})",
    derivatives=(lambda g, _out, x: g * apply("sigmoid", x),),
    elementwise=True,
    value_range=NEVER_NEGATIVE,
    examples=(Example(([0.0, 1.0986122886681098],), [0.6931471805599453, 1.3862943611198906]),),
    mistakes=(
        Mistake(
            id="relu-for-softplus",
            says="That is the ReLU; the softplus is its smooth form ln(1 + exp(x)).",
            forward=lambda x: np.maximum(x, 0.0),
            backward={0: lambda g, _out, x: g * apply("is_positive", x)},
            used=r"\operatorname{{ReLU}}({0})",
            example=Example(([2.0, 0.0],), [2.0, 0.0]),
        ),
        Mistake(
            id="softplus-log-base-10",
            says="The softplus uses the natural logarithm; you used base 10.",
            forward=lambda x: np.log10(1 + np.exp(x)),
            commonness="common",
            used=r"\log_{{10}}(1+e^{{{0}}})",
            example=Example((2.1972245773362196,), 1.0),
        ),
        Mistake(
            id="softplus-logarithm-left-out",
            says="That is 1 + exp(x); the softplus takes its logarithm.",
            forward=lambda x: 1 + np.exp(x),
            used=r"1+e^{{{0}}}",
            example=Example((0.0,), 2.0),
        ),
        Mistake(
            id="softplus-derivative-forgotten",
            says="Going back through the softplus, the factor sigmoid(x) is missing.",
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            example=Example((0.0,), 3.0, gradient=3.0),
        ),
    ),
)
