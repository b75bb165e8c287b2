"""A trailing axis of length one, so that a value of each row serves its whole row."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Operation

OPERATION = Operation(
    name="column",
    subject="arrays",
    compute=lambda x: np.asarray(x)[..., None],
    doc="Its operand with a trailing axis of length one.",
    latex="{0}",
    derivatives=(lambda g, _out, _x: apply("sum", g, axis=-1),),
    copies=True,
    transparent=True,
    examples=(Example(([1.0, 2.0],), [[1.0], [2.0]]),),
)
