"""1 where the operand is positive, 0 elsewhere: the derivative of the ReLU."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import Example, Operation

OPERATION = Operation(
    name="is_positive",
    compute=lambda x: np.where(np.asarray(x) > 0, 1.0, 0.0),
    doc="1 where the operand is positive, 0 elsewhere.",
    latex=r"[{0} > 0]",
    public=False,
    elementwise=True,
    copies=True,
    examples=(Example(([1.5, -2.0, 0.0],), [1.0, 0.0, 0.0]),),
)
