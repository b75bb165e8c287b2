"""Zeros before and after a vector."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import WHOLE


def _pad(x: Values, before: int = 0, after: int = 0) -> Values:
    if np.ndim(x) != 1:
        raise ValueError("`pad` takes a vector")
    if not (0 <= before <= 10_000 and 0 <= after <= 10_000):
        raise ValueError("`pad` takes from 0 to 10000 zeros before and after")
    return np.pad(x, (before, after))


OPERATION = Operation(
    name="pad",
    subject="arrays",
    compute=_pad,
    doc="pad(v, before=m, after=n): a vector with zeros put before and after it.",
    latex=r"\operatorname{{pad}}({0})",
    derivatives=(
        lambda g, _out, x, before=0, after=0: apply("section", g, start=before, length=x.shape[0]),
    ),
    params={"before": WHOLE, "after": WHOLE},
    copies=True,
    examples=(Example(([1.0, 2.0],), [0.0, 1.0, 2.0], {"before": 1}),),
)
