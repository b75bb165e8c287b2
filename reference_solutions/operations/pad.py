"""Zeros before and after a vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference_solutions.expression import apply
from reference_solutions.operations.operation import Example, Operation


def _pad(x: Any, before: int = 0, after: int = 0) -> Any:
    if np.ndim(x) != 1:
        raise ValueError("`pad` takes a vector")
    return np.pad(x, (before, after))


OPERATION = Operation(
    name="pad",
    compute=_pad,
    doc="pad(v, before=m, after=n): a vector with zeros put before and after it.",
    latex=r"\operatorname{{pad}}({0})",
    derivatives=(
        lambda g, _out, x, before=0, after=0: apply("section", g, start=before, length=x.shape[0]),
    ),
    params=("before", "after"),
    examples=(Example(([1.0, 2.0],), [0.0, 1.0, 2.0], {"before": 1}),),
)
