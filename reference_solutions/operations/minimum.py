"""The smaller of two values, elementwise. Equal values share the gradient equally."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.growth import smallest
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.reduction import Reduction

OPERATION = Operation(
    name="minimum",
    subject="arithmetic",
    compute=np.minimum,
    doc="minimum(a, b): the smaller of the two, elementwise.",
    latex=r"\min({0}, {1})",
    arity=(2, 2),
    derivatives=(
        lambda g, _out, a, b: (
            g * (1 + apply("is_positive", b - a) - apply("is_positive", a - b)) / 2
        ),
        lambda g, _out, a, b: (
            g * (1 + apply("is_positive", a - b) - apply("is_positive", b - a)) / 2
        ),
    ),
    broadcasts=True,
    elementwise=True,
    growth=smallest,
    reduction=Reduction("the smaller one", instead=("mean", "sum")),
    invites=("root-or-square-added",),
    examples=(
        Example(([1.0, 5.0], [3.0, 2.0]), [1.0, 2.0]),
        Example(([1.0, -5.0], 0.0), [0.0, -5.0]),
    ),
    mistakes=(
        Mistake(
            id="maximum-for-minimum",
            says="You took the larger of the two; the smaller is meant.",
            forward=np.maximum,
            used=r"\max({0}, {1})",
            example=Example(([1.0, 5.0], [3.0, 2.0]), [3.0, 5.0]),
        ),
    ),
)
