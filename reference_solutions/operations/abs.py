"""The absolute value, elementwise."""

from __future__ import annotations

import numpy as np

from reference_solutions.expression import apply
from reference_solutions.operations.operation import Example, Operation

OPERATION = Operation(
    name="abs",
    compute=np.abs,
    doc="The absolute value, elementwise.",
    latex="|{0}|",
    derivatives=(lambda g, _out, x: g * (2 * apply("is_positive", x) - 1),),
    examples=(Example(([-4.0, 9.0],), [4.0, 9.0]),),
)
