"""A value placed at an index of an array of zeros: what `item` hands back."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import INDICES, SHAPE, required


def _scatter(g: Values, index: tuple[int, ...], shape: tuple[int, ...]) -> Values:
    out = np.zeros(shape)
    out[tuple(index)] = g
    return out


OPERATION = Operation(
    name="scatter",
    compute=_scatter,
    doc="Zeros of a shape, with the operand at an index.",
    latex="{0}",
    derivatives=(lambda g, _out, _x, index, shape: apply("item", g, index=index),),
    public=False,
    params={"index": required(INDICES), "shape": required(SHAPE)},
    copies=True,
    transparent=True,
    examples=(Example((5.0,), [0.0, 5.0], {"index": (1,), "shape": (2,)}),),
)
