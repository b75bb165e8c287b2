"""The negative: ``-x``."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import Example, Operation

OPERATION = Operation(
    name="negate",
    compute=np.negative,
    doc="The negative of its operand, elementwise.",
    latex="-{0}",
    derivatives=(lambda g, _out, _x: -g,),
    binds=15,
    public=False,
    elementwise=True,
    copies=True,
    examples=(Example(([1.0, -2.0],), [-1.0, 2.0]),),
)
