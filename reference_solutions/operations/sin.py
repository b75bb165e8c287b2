"""The sine, elementwise, of an angle in radians."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import SIGNED_UNIT, Example, Mistake, Operation

OPERATION = Operation(
    name="sin",
    subject="exponentials and angles",
    compute=np.sin,
    doc="The sine of an angle in radians, elementwise.",
    latex=r"\sin({0})",
    derivatives=(lambda g, _out, x: g * apply("cos", x),),
    value_range=SIGNED_UNIT,
    elementwise=True,
    elementary=True,
    examples=(Example(([0.0, 1.0],), [0.0, 0.8414709848078965]),),
    mistakes=(
        Mistake(
            id="degrees-for-radians-in-sine",
            says="Your calculator takes degrees; the angle is in radians.",
            forward=lambda x: np.sin(np.deg2rad(x)),
            commonness="common",
            used=r"\sin({0}^\circ)",
            example=Example((1.0,), 0.01745240643728351),
        ),
        Mistake(
            id="cosine-for-sine",
            says="That is the cosine; the sine is meant.",
            forward=np.cos,
            used=r"\cos({0})",
            example=Example((1.0,), 0.5403023058681398),
        ),
        Mistake(
            id="sine-derivative-sign",
            says="The derivative of the sine is the cosine, with a plus sign.",
            backward={0: lambda g, _out, x: -(g * apply("cos", x))},
            commonness="common",
            example=Example((1.0,), -0.5403023058681398, gradient=1.0),
        ),
    ),
)
