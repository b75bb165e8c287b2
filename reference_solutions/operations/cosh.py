"""The hyperbolic cosine, elementwise: (exp(x) + exp(-x)) / 2."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="cosh",
    subject="exponentials and angles",
    compute=np.cosh,
    doc="The hyperbolic cosine (exp(x) + exp(-x)) / 2, elementwise.",
    latex=r"\cosh({0})",
    derivatives=(lambda g, _out, x: g * apply("sinh", x),),
    elementwise=True,
    elementary=True,
    overflows=True,
    examples=(Example(([0.0, 1.0],), [1.0, 1.5430806348152437]),),
    mistakes=(
        Mistake(
            id="hyperbolic-cosine-not-halved",
            says="The sum of the exponentials is divided by 2.",
            forward=lambda x: 2 * np.cosh(x),
            commonness="common",
            used=r"e^{{{0}}} + e^{{-{0}}}",
            example=Example((1.0,), 3.0861612696304874),
        ),
        Mistake(
            id="cosine-for-hyperbolic-cosine",
            says="That is the cosine of an angle; the hyperbolic cosine is meant.",
            forward=np.cos,
            used=r"\cos({0})",
            example=Example((1.0,), 0.5403023058681398),
        ),
        Mistake(
            id="hyperbolic-cosine-derivative-sign",
            says="The derivative of the hyperbolic cosine is the hyperbolic sine, without a minus.",
            backward={0: lambda g, _out, x: -g * apply("sinh", x)},
            example=Example((1.0,), -1.1752011936438014, gradient=1.0),
        ),
    ),
)
