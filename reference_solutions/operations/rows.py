"""Rows of a matrix by their 0-based indices: ``rows(E, tokens)``, the look-up of an embedding.

A row that is taken several times receives the gradients of all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def _check(table: Array, chosen: Array) -> None:
    if np.ndim(table) != 2 or np.ndim(chosen) != 1:
        raise ValueError(
            "`rows` takes a matrix and a vector of indices, "
            f"got shapes {np.shape(table)} and {np.shape(chosen)}"
        )
    indices = np.asarray(chosen)
    if np.any(indices != np.round(indices)) or np.any((indices < 0) | (indices >= len(table))):
        raise ValueError(f"rows are numbered from 0 to {len(table) - 1}, got {chosen}")


def _shifted(by: int) -> Callable[[Array, Array], Array]:
    def compute(table: Array, chosen: Array) -> Array:
        _check(table, chosen)
        return np.asarray(table[np.mod(np.asarray(chosen).astype(np.intp) + by, len(table))])

    return compute


def _columns(table: Array, chosen: Array) -> Array:
    _check(table, chosen)
    return _rows(np.transpose(table), chosen)


def _derivative(g: Quantity, _out: Quantity, table: Quantity, chosen: Quantity) -> Expression:
    return apply("one_hot", chosen, size=table.shape[0]).T @ g


_rows = _shifted(0)

_TABLE = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]

OPERATION = Operation(
    name="rows",
    subject="arrays",
    compute=_rows,
    doc="rows(E, tokens): the rows of a matrix at 0-based indices, in their order.",
    latex="{0}[{1}]",
    arity=(2, 2),
    derivatives=(_derivative, None),
    examples=(Example((_TABLE, [2.0, 0.0, 2.0]), [[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]),),
    mistakes=(
        Mistake(
            id="row-before",
            says="You took the row before the one meant (rows are counted from 0).",
            forward=_shifted(-1),
            commonness="common",
            used="{0}[{1}-1]",
            example=Example((_TABLE, [2.0, 1.0]), [[3.0, 4.0], [1.0, 2.0]]),
        ),
        Mistake(
            id="row-after",
            says="You took the row after the one meant (rows are counted from 0).",
            forward=_shifted(1),
            commonness="common",
            used="{0}[{1}+1]",
            example=Example((_TABLE, [1.0, 0.0]), [[5.0, 6.0], [3.0, 4.0]]),
        ),
        Mistake(
            id="columns-for-rows",
            says="You took columns of the matrix; each index stands for a row.",
            forward=_columns,
            used=r"\left({0}\right)^{{\top}}[{1}]",
            example=Example((_TABLE, [1.0]), [[2.0, 4.0, 6.0]]),
        ),
    ),
)
