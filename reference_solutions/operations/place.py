"""A value placed at a part of an array of zeros: what `part` hands back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import INDICES, SHAPE, required
from reference_solutions.operations.part import subscripts


def _place(g: Values, at: Sequence[int], shape: tuple[int, ...]) -> Values:
    out = np.zeros(shape)
    out[subscripts(at, shape)] = g
    return out


OPERATION = Operation(
    name="place",
    compute=_place,
    doc="Zeros of a shape, with the operand at a part of them.",
    latex="{0}",
    derivatives=(lambda g, _out, _x, at, shape: apply("part", g, at=at),),
    public=False,
    params={"at": required(INDICES), "shape": required(SHAPE)},
    copies=True,
    transparent=True,
    examples=(Example(([5.0, 6.0],), [0.0, 5.0, 6.0], {"at": (1, 1, 0, 1), "shape": (3,)}),),
)
