"""The larger of two values, elementwise. Equal values share the gradient equally."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.growth import largest
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.reduction import Reduction

OPERATION = Operation(
    name="maximum",
    subject="arithmetic",
    compute=np.maximum,
    doc="maximum(a, b): the larger of the two, elementwise.",
    latex=r"\max({0}, {1})",
    arity=(2, 2),
    derivatives=(
        lambda g, _out, a, b: (
            g * (1 + apply("is_positive", a - b) - apply("is_positive", b - a)) / 2
        ),
        lambda g, _out, a, b: (
            g * (1 + apply("is_positive", b - a) - apply("is_positive", a - b)) / 2
        ),
    ),
    broadcasts=True,
    elementwise=True,
    growth=largest,
    reduction=Reduction("the larger one", instead=("mean", "sum")),
    invites=("root-or-square-added",),
    examples=(
        Example(([1.0, 5.0], [3.0, 2.0]), [3.0, 5.0]),
        Example(([1.0, -5.0], 0.0), [1.0, 0.0]),
    ),
    mistakes=(
        Mistake(
            id="minimum-for-maximum",
            says="You took the smaller of the two; the larger is meant.",
            forward=np.minimum,
            used=r"\min({0}, {1})",
            example=Example(([1.0, 5.0], [3.0, 2.0]), [1.0, 2.0]),
        ),
    ),
)
