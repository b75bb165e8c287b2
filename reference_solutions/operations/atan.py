"""The angle whose tangent is given, elementwise, in radians from -pi/2 to pi/2."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="atan",
    subject="exponentials and angles",
    compute=np.arctan,
    doc="The angle in radians whose tangent is x, elementwise.",
    latex=r"\arctan({0})",
    derivatives=(lambda g, _out, x: g / (1 + x**2),),
    aliases=("arctan",),
    elementwise=True,
    examples=(Example(([0.0, 1.0],), [0.0, 0.7853981633974483]),),
    mistakes=(
        Mistake(
            id="degrees-for-radians-of-arctangent",
            says="The angle is in radians; yours is in degrees.",
            forward=lambda x: np.rad2deg(np.arctan(x)),
            commonness="common",
            used=r"\arctan({0})^\circ",
            example=Example((1.0,), 45.0),
        ),
        Mistake(
            id="arctangent-derivative-not-squared",
            says="The derivative of the arctangent is 1 / (1 + x^2); the square is missing.",
            backward={0: lambda g, _out, x: g / (1 + x)},
            example=Example((3.0,), 0.25, gradient=1.0),
        ),
    ),
)
