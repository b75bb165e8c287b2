"""A run of entries of a vector: ``section(v, start=2, length=3)``."""

from __future__ import annotations

import numpy as np

from reference_solutions.language.expression import apply
from reference_solutions.operations.operation import Example, Operation, Quantity, Values


def _section(x: Values, start: int, length: int) -> Values:
    if np.ndim(x) != 1 or not 0 <= start <= start + length <= len(x):
        raise ValueError(
            f"entries {start} to {start + length - 1} of shape {np.shape(x)} don't exist"
        )
    return x[start : start + length]


def _derivative(g: Quantity, _out: Quantity, x: Quantity, start: int, length: int) -> Quantity:
    return apply("pad", g, before=start, after=x.shape[0] - start - length)


OPERATION = Operation(
    name="section",
    compute=_section,
    doc="section(v, start=i, length=n): n entries of a vector from the 0-based index i on.",
    latex=r"{{{0}}}_{{\ldots}}",
    derivatives=(_derivative,),
    params=("start", "length"),
    copies=True,
    examples=(Example(([1.0, 2.0, 3.0, 4.0],), [2.0, 3.0], {"start": 1, "length": 2}),),
)
