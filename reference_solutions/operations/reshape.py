"""The same entries in another shape, read and written row by row: ``reshape(x, shape=(2, 3))``."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.parameter import SIZES, required


def _reshape(x: Array, shape: int | tuple[int, ...]) -> Array:
    try:
        return np.reshape(x, shape)
    except ValueError:
        raise ValueError(f"{np.size(x)} entries don't fit into shape {shape}") from None


def _column_by_column(x: Array, shape: int | tuple[int, ...]) -> Array:
    _reshape(x, shape)
    return np.reshape(x, shape, order="F")


def _transposed(x: Array, shape: int | tuple[int, ...]) -> Array:
    found = _reshape(x, shape)
    if found.ndim != 2 or found.shape[0] != found.shape[1]:
        raise ValueError("the result is no square")
    return found.T


OPERATION = Operation(
    name="reshape",
    subject="arrays",
    compute=_reshape,
    doc="reshape(x, shape=(m, n)): the same entries, row by row, in another shape.",
    latex=r"\operatorname{{reshape}}({0})",
    derivatives=(lambda g, _out, x, shape: apply("reshape", g, shape=x.shape),),
    params={"shape": required(SIZES)},
    copies=True,
    examples=(
        Example(
            ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0],),
            [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
            {"shape": (2, 3)},
        ),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [1.0, 2.0, 3.0, 4.0], {"shape": (-1,)}),
    ),
    mistakes=(
        Mistake(
            id="reshaped-column-by-column",
            says="You read and filled in column by column; go row by row.",
            forward=_column_by_column,
            commonness="common",
            example=Example(
                ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0],),
                [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]],
                {"shape": (2, 3)},
            ),
        ),
        Mistake(
            id="reshaped-and-transposed",
            says="The result is transposed: the entries are filled in row by row.",
            forward=_transposed,
            example=Example(([1.0, 2.0, 3.0, 4.0],), [[1.0, 3.0], [2.0, 4.0]], {"shape": (2, 2)}),
        ),
    ),
)
