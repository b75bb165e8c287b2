"""The angle whose cosine is given, elementwise, in radians from 0 to pi."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation

OPERATION = Operation(
    name="acos",
    subject="exponentials and angles",
    compute=np.arccos,
    doc="The angle in radians whose cosine is x, elementwise.",
    latex=r"\arccos({0})",
    derivatives=(lambda g, _out, x: -g / apply("sqrt", 1 - x**2),),
    aliases=("arccos",),
    elementwise=True,
    value_range=NEVER_NEGATIVE,
    examples=(Example(([0.0, 0.5],), [1.5707963267948966, 1.0471975511965979]),),
    mistakes=(
        Mistake(
            id="degrees-for-radians-of-arccosine",
            says="The angle is in radians; yours is in degrees.",
            forward=lambda x: np.rad2deg(np.arccos(x)),
            commonness="common",
            used=r"\arccos({0})^\circ",
            example=Example((0.5,), 60.0),
        ),
        Mistake(
            id="arccosine-derivative-sign",
            says="The derivative of the arccosine has a minus; it is missing.",
            backward={0: lambda g, _out, x: g / apply("sqrt", 1 - x**2)},
            example=Example((0.5,), 1.1547005383792517, gradient=1.0),
        ),
    ),
)
