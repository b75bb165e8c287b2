"""The determinant of a square matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def check_square(name: str, matrix: Array) -> None:
    """Refuse anything but a square matrix with a ValueError."""
    if np.ndim(matrix) != 2 or np.shape(matrix)[0] != np.shape(matrix)[1]:
        raise ValueError(f"`{name}` takes a square matrix, got shape {np.shape(matrix)}")


def _det(matrix: Array) -> Array:
    check_square("det", matrix)
    return np.asarray(np.linalg.det(matrix))


def _diagonal(matrix: Array) -> Array:
    check_square("det", matrix)
    return np.asarray(np.prod(np.diagonal(matrix)))


def _permanent(matrix: Array) -> Array:
    check_square("det", matrix)
    if np.shape(matrix) != (2, 2):
        raise ValueError("only two by two is done so")
    return np.asarray(matrix[0, 0] * matrix[1, 1] + matrix[0, 1] * matrix[1, 0])


def _rule(*, transpose: bool = True) -> Callable[..., Expression]:
    def rule(g: Quantity, out: Quantity, matrix: Quantity) -> Expression:
        inverse = apply("inverse", matrix)
        return g * out * (inverse.T if transpose else inverse)

    return rule


_A = ([[3.0, 1.0], [4.0, 2.0]],)

OPERATION = Operation(
    name="det",
    subject="linear algebra",
    compute=_det,
    doc="det(A): the determinant of a square matrix (its derivative needs an invertible one).",
    latex=r"\det({0})",
    derivatives=(_rule(),),
    examples=(
        Example(_A, 2.0),
        Example(([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 1.0]],), 7.0),
    ),
    mistakes=(
        Mistake(
            id="determinant-of-diagonal",
            says=(
                "You multiplied the diagonal; that is the determinant of a triangular matrix only."
            ),
            forward=_diagonal,
            commonness="common",
            used=r"\prod_i \left({0}\right)_{{ii}}",
            example=Example(_A, 6.0),
        ),
        Mistake(
            id="determinant-with-plus",
            says="The determinant of a 2 by 2 matrix is ad - bc; you added.",
            forward=_permanent,
            used="ad + bc",
            example=Example(_A, 10.0),
        ),
        Mistake(
            id="determinant-sign",
            says="The sign is turned: the products are subtracted the other way round.",
            forward=lambda matrix: -_det(matrix),
            used=r"-\det({0})",
            example=Example(_A, -2.0),
        ),
        Mistake(
            id="inverse-determinant",
            says="That is 1 divided by the determinant.",
            forward=lambda matrix: 1 / _det(matrix),
            used=r"\frac{{1}}{{\det({0})}}",
            example=Example(_A, 0.5),
        ),
        Mistake(
            id="determinant-gradient-not-transposed",
            says="The gradient of the determinant is det(A) times the transposed inverse.",
            backward={0: _rule(transpose=False)},
            commonness="common",
            example=Example(_A, [[2.0, -1.0], [-4.0, 3.0]], gradient=1.0),
        ),
    ),
)
