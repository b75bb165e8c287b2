"""The smallest whole number that is not below, elementwise. It has no derivative."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.growth import as_its_operand
from reference_solutions.operations.operation import Coincidence, Example, Mistake, Operation

OPERATION = Operation(
    name="ceil",
    subject="arithmetic",
    compute=np.ceil,
    doc="Rounded up to a whole number, elementwise.",
    latex=r"\lceil {0} \rceil",
    derivatives=(None,),
    growth=as_its_operand,
    elementwise=True,
    elementary=True,
    examples=(Example(([2.25, -2.75, 3.0],), [3.0, -2.0, 3.0]),),
    mistakes=(
        Mistake(
            id="rounded-down-for-up",
            says="You rounded down; round up here.",
            forward=np.floor,
            commonness="common",
            used=r"\lfloor {0} \rfloor",
            example=Example((2.25,), 2.0),
        ),
        Mistake(
            id="rounded-to-nearest-for-up",
            says="You rounded to the nearest whole number; round up here.",
            forward=lambda x: np.floor(np.asarray(x) + 0.5),
            used=r"\operatorname{{round}}({0})",
            example=Example(([2.75, 2.25],), [3.0, 2.0]),
        ),
        Mistake(
            id="not-rounded-up",
            says="The value was not rounded up.",
            forward=lambda x: x * 1.0,
            commonness="common",
            used="{0}",
            example=Example((2.25,), 2.25),
            hidden=Coincidence("the value is whole", ([3.0],)),
        ),
    ),
)
