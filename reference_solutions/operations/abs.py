"""The absolute value, elementwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.growth import Size, only
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Operation


def _growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    return 1.0, only(sizes)[1]


OPERATION = Operation(
    name="abs",
    subject="arithmetic",
    compute=np.abs,
    doc="The absolute value, elementwise; its derivative at 0 is taken as 0.",
    latex="|{0}|",
    form="function",
    derivatives=(lambda g, _out, x: g * (apply("is_positive", x) - apply("is_positive", -x)),),
    elementwise=True,
    growth=_growth,
    value_range=NEVER_NEGATIVE,
    called="absolute value",
    elementary=True,
    invites=(
        "function-not-applied",
        "root-or-square-added",
    ),
    examples=(Example(([-4.0, 9.0],), [4.0, 9.0]),),
)
