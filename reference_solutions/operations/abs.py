"""The absolute value, elementwise."""

from __future__ import annotations

import numpy as np

from reference_solutions.language.expression import apply
from reference_solutions.operations.operation import Example, Operation

OPERATION = Operation(
    name="abs",
    compute=np.abs,
    doc="The absolute value, elementwise; its derivative at 0 is taken as 0.",
    latex="|{0}|",
    derivatives=(lambda g, _out, x: g * (apply("is_positive", x) - apply("is_positive", -x)),),
    elementwise=True,
    examples=(Example(([-4.0, 9.0],), [4.0, 9.0]),),
)
