"""The inverse of a square matrix."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.printing import Binds
from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.det import check_square
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def _inverse(matrix: Array) -> Array:
    check_square("inverse", matrix)
    try:
        return np.asarray(np.linalg.inv(matrix))
    except np.linalg.LinAlgError:
        raise ValueError("this matrix has no inverse: its determinant is 0") from None


def _adjugate(matrix: Array) -> Array:
    return np.asarray(_inverse(matrix) * np.linalg.det(matrix))


def _signs_kept(matrix: Array) -> Array:
    inverse = _inverse(matrix)
    if np.shape(matrix) != (2, 2):
        raise ValueError("only two by two is done so")
    return np.asarray(inverse * np.array([[1.0, -1.0], [-1.0, 1.0]]))


def _diagonal_kept(matrix: Array) -> Array:
    inverse = _inverse(matrix)
    if np.shape(matrix) != (2, 2):
        raise ValueError("only two by two is done so")
    swapped = inverse.copy()
    swapped[0, 0], swapped[1, 1] = inverse[1, 1], inverse[0, 0]
    return swapped


def _derivative(g: Quantity, out: Quantity, _matrix: Quantity) -> Expression:
    return -(out.T @ g @ out.T)


_A = ([[3.0, 1.0], [4.0, 2.0]],)

OPERATION = Operation(
    name="inverse",
    subject="linear algebra",
    compute=_inverse,
    doc="inverse(A): the inverse of a square matrix.",
    latex="{{{0}}}^{{-1}}",
    derivatives=(_derivative,),
    binds=Binds.INVERSE,
    examples=(
        Example(_A, [[1.0, -0.5], [-2.0, 1.5]]),
        Example(
            ([[2.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 4.0, 0.0]],),
            [[0.5, 0.0, 0.0], [0.0, 0.0, 0.25], [0.0, 1.0, 0.0]],
        ),
    ),
    mistakes=(
        Mistake(
            id="inverse-not-divided-by-determinant",
            says="That is the adjugate; divide by the determinant.",
            forward=_adjugate,
            commonness="common",
            used=r"\operatorname{{adj}}({0})",
            example=Example(_A, [[2.0, -1.0], [-4.0, 3.0]]),
        ),
        Mistake(
            id="inverse-entry-by-entry",
            says="You inverted each entry; the inverse B of a matrix A solves A B = I.",
            forward=lambda matrix: 1 / matrix,
            example=Example(_A, [[1 / 3, 1.0], [0.25, 0.5]]),
        ),
        Mistake(
            id="inverse-transposed",
            says="Right numbers, transposed: the entries off the diagonal stay where they were.",
            forward=lambda matrix: _inverse(matrix).T,
            used=r"\left({0}\right)^{{-\top}}",
            example=Example(_A, [[1.0, -2.0], [-0.5, 1.5]]),
        ),
        Mistake(
            id="inverse-signs-kept",
            says=(
                "In the inverse of a 2 by 2 matrix the entries off the diagonal change their sign."
            ),
            forward=_signs_kept,
            example=Example(_A, [[1.0, 0.5], [2.0, 1.5]]),
        ),
        Mistake(
            id="inverse-diagonal-kept",
            says="In the inverse of a 2 by 2 matrix the entries of the diagonal change places.",
            forward=_diagonal_kept,
            example=Example(_A, [[1.5, -0.5], [-2.0, 1.0]]),
        ),
        Mistake(
            id="transpose-for-inverse",
            says="That is the transpose, which is the inverse of an orthogonal matrix only.",
            forward=np.transpose,
            used=r"\left({0}\right)^{{\top}}",
            example=Example(_A, [[3.0, 4.0], [1.0, 2.0]]),
        ),
    ),
)
