"""The tangent, elementwise, of an angle in radians."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="tan",
    subject="exponentials and angles",
    compute=np.tan,
    doc="The tangent of an angle in radians, elementwise.",
    latex=r"\tan({0})",
    derivatives=(lambda g, out, _x: g * (1 + out**2),),
    elementwise=True,
    elementary=True,
    examples=(Example(([0.0, 1.0],), [0.0, 1.5574077246549023]),),
    mistakes=(
        Mistake(
            id="degrees-for-radians-in-tangent",
            says="Your calculator takes degrees; the angle is in radians.",
            forward=lambda x: np.tan(np.deg2rad(x)),
            commonness="common",
            used=r"\tan({0}^\circ)",
            example=Example((1.0,), 0.017455064928217585),
        ),
        Mistake(
            id="tanh-for-tan",
            says="That is the hyperbolic tangent; the tangent of an angle is meant.",
            forward=np.tanh,
            used=r"\tanh({0})",
            example=Example((1.0,), 0.7615941559557649),
        ),
    ),
)
