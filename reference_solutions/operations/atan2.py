"""The angle of the point (x, y) seen from the origin, elementwise, in radians from -pi to pi."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="atan2",
    subject="exponentials and angles",
    compute=np.arctan2,
    doc="atan2(y, x): the angle in radians of the point (x, y), in the right quadrant.",
    latex=r"\operatorname{{atan2}}({0}, {1})",
    arity=(2, 2),
    derivatives=(
        lambda g, _out, y, x: g * x / (x**2 + y**2),
        lambda g, _out, y, x: -g * y / (x**2 + y**2),
    ),
    aliases=("arctan2",),
    broadcasts=True,
    elementwise=True,
    examples=(Example(([1.0, -1.0], [-1.0, -1.0]), [2.356194490192345, -2.356194490192345]),),
    mistakes=(
        Mistake(
            id="angle-in-wrong-quadrant",
            says="The arctangent of y / x doesn't know the quadrant: look at the signs of x and y.",
            forward=lambda y, x: np.arctan(np.asarray(y) / np.asarray(x)),
            commonness="very_common",
            used=r"\arctan\frac{{{0}}}{{{1}}}",
            example=Example((1.0, -1.0), -0.7853981633974483),
        ),
        Mistake(
            id="angle-with-coordinates-swapped",
            says="The coordinates are swapped: y comes first, then x.",
            forward=lambda y, x: np.arctan2(x, y),
            commonness="common",
            used=r"\operatorname{{atan2}}({1}, {0})",
            example=Example((1.0, 0.0), 0.0),
        ),
        Mistake(
            id="degrees-for-radians-of-angle",
            says="The angle is in radians; yours is in degrees.",
            forward=lambda y, x: np.rad2deg(np.arctan2(y, x)),
            used=r"\operatorname{{atan2}}({0}, {1})^\circ",
            example=Example((1.0, 0.0), 90.0),
        ),
    ),
)
