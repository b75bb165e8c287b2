"""The angle whose sine is given, elementwise, in radians from -pi/2 to pi/2."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="asin",
    subject="exponentials and angles",
    compute=np.arcsin,
    doc="The angle in radians whose sine is x, elementwise.",
    latex=r"\arcsin({0})",
    derivatives=(lambda g, _out, x: g / apply("sqrt", 1 - x**2),),
    aliases=("arcsin",),
    elementwise=True,
    examples=(Example(([0.0, 0.5],), [0.0, 0.5235987755982989]),),
    mistakes=(
        Mistake(
            id="degrees-for-radians-of-arcsine",
            says="The angle is in radians; yours is in degrees.",
            forward=lambda x: np.rad2deg(np.arcsin(x)),
            commonness="common",
            used=r"\arcsin({0})^\circ",
            example=Example((0.5,), 30.0),
        ),
        Mistake(
            id="reciprocal-for-arcsine",
            says="You took one over the sine; the angle whose sine it is is meant.",
            forward=lambda x: 1 / np.sin(x),
            used=r"\frac{{1}}{{\sin({0})}}",
            example=Example((0.5,), 2.085829642933488),
        ),
    ),
)
