"""A quantity under another name."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import Example, Operation

OPERATION = Operation(
    name="identity",
    compute=lambda x: np.asarray(x, dtype=np.float64),
    doc="Its operand.",
    latex="{0}",
    form="copy",
    role="copy",
    derivatives=(lambda g, _out, _x: g,),
    public=False,
    elementwise=True,
    copies=True,
    transparent=True,
    examples=(Example(([1.0, 2.0],), [1.0, 2.0]),),
)
