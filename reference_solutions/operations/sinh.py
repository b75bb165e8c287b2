"""The hyperbolic sine, elementwise: (exp(x) - exp(-x)) / 2."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="sinh",
    subject="exponentials and angles",
    compute=np.sinh,
    doc="The hyperbolic sine (exp(x) - exp(-x)) / 2, elementwise.",
    latex=r"\sinh({0})",
    derivatives=(lambda g, _out, x: g * apply("cosh", x),),
    elementwise=True,
    elementary=True,
    overflows=True,
    examples=(Example(([0.0, 1.0],), [0.0, 1.1752011936438014]),),
    mistakes=(
        Mistake(
            id="hyperbolic-sine-not-halved",
            says="The difference of the exponentials is divided by 2.",
            forward=lambda x: 2 * np.sinh(x),
            commonness="common",
            used=r"e^{{{0}}} - e^{{-{0}}}",
            example=Example((1.0,), 2.3504023872876028),
        ),
        Mistake(
            id="sine-for-hyperbolic-sine",
            says="That is the sine of an angle; the hyperbolic sine is meant.",
            forward=np.sin,
            used=r"\sin({0})",
            example=Example((1.0,), 0.8414709848078965),
        ),
        Mistake(
            id="hyperbolic-sine-derivative-sign",
            says="The derivative of the hyperbolic sine is the hyperbolic cosine, with a plus.",
            backward={0: lambda g, _out, x: -g * apply("cosh", x)},
            example=Example((1.0,), -1.5430806348152437, gradient=1.0),
        ),
    ),
)
