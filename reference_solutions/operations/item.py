"""An entry, a row or a block of a quantity, by constant 0-based indices: ``h[t][0]``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference_solutions.expressions.printing import first_operand, subscripted
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import INDICES, required


def _item(x: Values, index: tuple[int, ...]) -> Values:
    if len(index) > np.ndim(x):
        if not np.ndim(x):
            raise ValueError("a single number has no index")
        raise ValueError(f"{len(index)} indices for a quantity of shape {np.shape(x)}")
    for position, size in zip(index, np.shape(x), strict=False):
        if not -size <= position < size:
            raise ValueError(f"index {position} is outside of a quantity of shape {np.shape(x)}")
    return x[tuple(index)]


def _many(x: Values, index: tuple[int, ...]) -> Values:
    return x[(slice(None), *index)]


def _written(params: Mapping[str, object]) -> str:
    index = params.get("index", ())
    return ", ".join(map(str, index)) if isinstance(index, tuple) else ""


OPERATION = Operation(
    name="item",
    subject="arrays",
    role="entry",
    compute=_item,
    doc="The entry (or row, or block) at constant 0-based indices.",
    latex=subscripted(_written, latex=True),
    text=subscripted(_written),
    words=first_operand,
    derivatives=(lambda g, _out, x, index: apply("scatter", g, index=index, shape=x.shape),),
    public=False,
    params={"index": required(INDICES)},
    many=_many,
    copies=True,
    written="x[0]",
    effortless=True,
    examples=(
        Example(([1.0, 2.0],), 2.0, {"index": (1,)}),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [3.0, 4.0], {"index": (1,)}),
    ),
)
