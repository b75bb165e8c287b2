"""The square root, elementwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.operations.growth import NoSizeError, Size, only
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation


def _growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    sign, size = only(sizes)
    if sign < 0:
        raise NoSizeError
    return 1.0, size / 2


OPERATION = Operation(
    name="sqrt",
    subject="arithmetic",
    compute=np.sqrt,
    doc="The square root, elementwise.",
    latex=r"\sqrt{{{0}}}",
    form="function",
    derivatives=(lambda g, out, _x: g / (2 * out),),
    elementwise=True,
    growth=_growth,
    value_range=NEVER_NEGATIVE,
    called="root",
    elementary=True,
    examples=(Example(([4.0, 9.0],), [2.0, 3.0]),),
    mistakes=(
        Mistake(
            id="square-root-left-out",
            says="The square root was not taken.",
            forward=lambda x: x * 1.0,
            used="{0}",
            example=Example((4.0,), 4.0),
        ),
    ),
)
