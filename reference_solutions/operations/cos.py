"""The cosine, elementwise, of an angle in radians."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import SIGNED_UNIT, Example, Mistake, Operation

OPERATION = Operation(
    name="cos",
    subject="exponentials and angles",
    compute=np.cos,
    doc="The cosine of an angle in radians, elementwise.",
    latex=r"\cos({0})",
    derivatives=(lambda g, _out, x: g * (-apply("sin", x)),),
    value_range=SIGNED_UNIT,
    elementwise=True,
    elementary=True,
    examples=(Example(([0.0, 1.0],), [1.0, 0.5403023058681398]),),
    mistakes=(
        Mistake(
            id="degrees-for-radians-in-cosine",
            says="Your calculator takes degrees; the angle is in radians.",
            forward=lambda x: np.cos(np.deg2rad(x)),
            commonness="common",
            used=r"\cos({0}^\circ)",
            example=Example((1.0,), 0.9998476951563913),
        ),
        Mistake(
            id="sine-for-cosine",
            says="That is the sine; the cosine is meant.",
            forward=np.sin,
            used=r"\sin({0})",
            example=Example((1.0,), 0.8414709848078965),
        ),
        Mistake(
            id="cosine-derivative-sign",
            says="The derivative of the cosine is minus the sine; the sign is missing.",
            backward={0: lambda g, _out, x: g * apply("sin", x)},
            commonness="common",
            example=Example((1.0,), 0.8414709848078965, gradient=1.0),
        ),
    ),
)
