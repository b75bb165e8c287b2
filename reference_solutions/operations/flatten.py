"""All entries in one vector, the last axis running fastest (row by row)."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Coincidence, Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def _by_columns(g: Quantity, _out: Quantity, x: Quantity) -> Expression | None:
    if len(x.shape) != 2:
        return None
    return apply("transpose", apply("reshape", g, shape=x.shape[::-1]))


def _channels_first(x: Array) -> Array:
    if np.ndim(x) != 3:
        raise ValueError("there are no channels")
    return np.moveaxis(x, -1, 0).reshape(-1)


def _channels_last(x: Array) -> Array:
    if np.ndim(x) != 3:
        raise ValueError("there are no channels")
    return np.moveaxis(x, 0, -1).reshape(-1)


_DEEP = ([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]],)

OPERATION = Operation(
    name="flatten",
    subject="arrays",
    compute=lambda x: np.reshape(x, -1),
    doc="flatten(x): all entries in one vector, row by row.",
    latex=r"\operatorname{{vec}}({0})",
    derivatives=(lambda g, _out, x: apply("reshape", g, shape=x.shape),),
    copies=True,
    examples=(Example(([[1.0, 2.0], [3.0, 4.0]],), [1.0, 2.0, 3.0, 4.0]),),
    mistakes=(
        Mistake(
            id="flattened-column-by-column",
            says="You read the entries off column by column; go row by row.",
            forward=lambda x: np.reshape(x, -1, order="F"),
            backward={0: _by_columns},
            commonness="common",
            example=Example(([[1.0, 2.0], [3.0, 4.0]],), [1.0, 3.0, 2.0, 4.0]),
            hidden=Coincidence("the matrix is symmetric", ([[1.0, 2.0], [2.0, 3.0]],)),
        ),
        Mistake(
            id="flattened-channel-by-channel",
            says=(
                "You read off one channel after the other; with the channels last they belong to "
                "each place together."
            ),
            forward=_channels_first,
            commonness="common",
            example=Example(_DEEP, [1.0, 3.0, 5.0, 7.0, 2.0, 4.0, 6.0, 8.0]),
        ),
        Mistake(
            id="flattened-place-by-place",
            says=(
                "You read off all channels of a place together; with the channels first they come "
                "one after the other."
            ),
            forward=_channels_last,
            example=Example(_DEEP, [1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0]),
        ),
    ),
)
