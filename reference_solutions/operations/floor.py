"""The largest whole number that is not above, elementwise. It has no derivative."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.growth import as_its_operand
from reference_solutions.operations.operation import Coincidence, Example, Mistake, Operation

OPERATION = Operation(
    name="floor",
    subject="arithmetic",
    compute=np.floor,
    doc="Rounded down to a whole number, elementwise.",
    latex=r"\lfloor {0} \rfloor",
    derivatives=(None,),
    growth=as_its_operand,
    elementwise=True,
    elementary=True,
    examples=(Example(([2.75, -2.25, 3.0],), [2.0, -3.0, 3.0]),),
    mistakes=(
        Mistake(
            id="rounded-up-for-down",
            says="You rounded up; round down here.",
            forward=np.ceil,
            commonness="common",
            used=r"\lceil {0} \rceil",
            source="seen in published work",
            example=Example((2.75,), 3.0),
        ),
        Mistake(
            id="rounded-to-nearest-for-down",
            says="You rounded to the nearest whole number; round down here.",
            forward=lambda x: np.floor(np.asarray(x) + 0.5),
            used=r"\operatorname{{round}}({0})",
            example=Example(([2.75, 2.25],), [3.0, 2.0]),
        ),
        Mistake(
            id="not-rounded-down",
            says="The value was not rounded down.",
            forward=lambda x: x * 1.0,
            commonness="common",
            used="{0}",
            example=Example((2.75,), 2.75),
            hidden=Coincidence("the value is whole", ([3.0],)),
        ),
    ),
)
