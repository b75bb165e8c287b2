"""The rectified linear unit, elementwise: max(x, 0)."""

from __future__ import annotations

import numpy as np

from reference_solutions.expression import apply
from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="relu",
    compute=lambda x: np.maximum(x, 0.0),
    doc="max(x, 0), elementwise; its derivative at 0 is taken as 0.",
    latex=r"\operatorname{{ReLU}}({0})",
    derivatives=(lambda g, _out, x: g * apply("is_positive", x),),
    examples=(Example(([1.5, -2.0],), [1.5, 0.0]),),
    mistakes=(
        Mistake(
            id="relu-left-out",
            says="The ReLU was not applied: negative values become 0.",
            forward=lambda x: x * 1.0,
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            used="{0}",
            example=Example((-2.0,), -2.0),
        ),
        Mistake(
            id="absolute-value-for-relu",
            says="A negative value becomes 0 under the ReLU; you took its absolute value.",
            forward=np.abs,
            used=r"|{0}|",
            example=Example((-2.0,), 2.0),
        ),
        Mistake(
            id="relu-derivative-forgotten",
            says="Going back through the ReLU, the gradient is 0 wherever its input was negative.",
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            example=Example((-2.0,), 3.0, gradient=3.0),
        ),
    ),
)
