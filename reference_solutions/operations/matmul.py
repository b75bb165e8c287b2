"""Matrix products: ``A @ b``, ``A @ B``, and the inner product of two vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown, fence, infix
from reference_solutions.expressions.tree import Expression, apply, as_expression
from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.quantity import Quantity


def _matmul(a: Values, b: Values) -> Values:
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        raise ValueError("`@` needs vectors or matrices; for a number use `*`")
    inner_b = np.shape(b)[-2] if np.ndim(b) > 1 else np.shape(b)[0]
    if np.shape(a)[-1] != inner_b:
        raise ValueError(f"`@` can't multiply shapes {np.shape(a)} and {np.shape(b)}")
    return a @ b


def _left(g: Quantity, _out: Quantity, a: Quantity, b: Quantity) -> Expression | None:
    ranks = len(a.shape), len(b.shape)
    if ranks == (1, 1):
        return as_expression(g * b)
    if ranks[0] == 1:
        if ranks[1] > 2:
            rows = apply("sum", b @ apply("column", g), axis=-1)
            return apply("sum_to", rows, shape=a.shape)
        return as_expression(b @ g)
    if ranks[1] == 1:
        return apply("column", g) * b if ranks[0] > 2 else apply("outer", g, b)
    return _fitted(g @ b.T, a, b)


def _right(g: Quantity, _out: Quantity, a: Quantity, b: Quantity) -> Expression | None:
    ranks = len(a.shape), len(b.shape)
    if ranks == (1, 1):
        return as_expression(g * a)
    if ranks[0] == 1:
        if ranks[1] > 2:
            return apply("column", a) @ apply("column", g).T
        return apply("outer", a, g)
    if ranks[1] == 1 and ranks[0] > 2:
        rows = apply("sum", a * apply("column", g), axis=-2)
        return apply("sum_to", rows, shape=b.shape)
    return _fitted(a.T @ g, b, a)


def _fitted(gradient: Expression, operand: Quantity, other: Quantity) -> Expression:
    """Return ``gradient`` summed over the batch axes along which ``operand`` was broadcast."""
    if operand.shape[:-2] == other.shape[:-2]:
        return gradient
    return apply("sum_to", gradient, shape=operand.shape)


def _square(matrix: Quantity) -> bool:
    return len(matrix.shape) == 2 and matrix.shape[0] == matrix.shape[1]


def _transposed(a: Values, b: Values) -> Values:
    if np.ndim(a) == 2 and np.ndim(b) >= 1 and np.shape(a)[0] == np.shape(b)[0]:
        return np.transpose(a) @ b
    if np.ndim(a) == 1 and np.ndim(b) == 2:
        return b @ a
    raise ValueError("the transpose doesn't fit here")


def _right_transposed(a: Values, b: Values) -> Values:
    if np.ndim(a) < 2 or np.ndim(b) < 2:
        raise ValueError("the second operand is no matrix")
    return a @ np.swapaxes(b, -1, -2)


def _elementwise(a: Values, b: Values) -> Values:
    if np.ndim(a) != np.ndim(b) or np.ndim(a) < 2:
        raise ValueError("the shapes differ")
    return a * b


def _many(a: Values, b: Values) -> Values:
    vectors = a.ndim == 2, b.ndim == 2
    a = a[:, None, :] if vectors[0] else a
    b = b[:, :, None] if vectors[1] else b
    if a.ndim != 3 or b.ndim != 3:
        raise ValueError("the operands have batches of their own")
    product = a @ b
    product = product[:, :, 0] if vectors[1] else product
    return product[:, 0] if vectors[0] else product


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    fenced = [
        fence(text, inner, Binds.PRODUCT + (position > 0))
        for position, (text, inner, _) in enumerate(operands)
    ]
    return r"\,".join(fenced), Binds.PRODUCT


OPERATION = Operation(
    name="matmul",
    subject="linear algebra",
    compute=_matmul,
    doc="The matrix product; for two vectors the inner product. Leading axes are batches.",
    form="matrix product",
    latex=_latex,
    text=infix(" @ ", Binds.PRODUCT),
    arity=(2, 2),
    derivatives=(_left, _right),
    public=False,
    many=_many,
    sign="@",
    written="A @ B",
    overflows=True,
    examples=(
        Example(([[1.0, 2.0], [3.0, 4.0]], [1.0, -1.0]), [-1.0, -1.0]),
        Example(([1.0, 2.0], [3.0, 4.0]), 11.0),
        Example(([1.0, 2.0], [[1.0, 0.0, 2.0], [0.0, 1.0, 3.0]]), [1.0, 2.0, 8.0]),
        Example(([[1.0, 2.0]], [[3.0, 1.0], [4.0, 0.0]]), [[11.0, 1.0]]),
        Example(([[[1.0, 2.0]], [[0.0, 1.0]]], [3.0, 4.0]), [[11.0], [4.0]]),
        Example(([3.0, 4.0], [[[1.0], [2.0]], [[0.0], [1.0]]]), [[11.0], [4.0]]),
        Example(([[[1.0, 2.0]], [[0.0, 1.0]]], [[3.0], [4.0]]), [[[11.0]], [[4.0]]]),
    ),
    mistakes=(
        Mistake(
            id="matrix-transposed",
            says=(
                "You used the columns of the matrix where its rows are meant: "
                "entry i of the product is the sum over j of A_ij times b_j."
            ),
            forward=_transposed,
            commonness="common",
            used=r"\left({0}\right)^{{\top}} {1}",
            source="reported in threads",
            example=Example(([[1.0, 2.0], [3.0, 4.0]], [1.0, 0.0]), [1.0, 2.0]),
            hidden=Coincidence("the matrix is symmetric", ([[2.0, 1.0], [1.0, 3.0]], [0.5, -1.5])),
        ),
        Mistake(
            id="second-matrix-transposed",
            says="The second matrix of the product was transposed.",
            forward=_right_transposed,
            used=r"{0} \left({1}\right)^{{\top}}",
            example=Example(([[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]), [[11.0, 17.0]]),
            hidden=Coincidence(
                "the second matrix is symmetric",
                ([[1.0, 2.0], [0.0, 1.0]], [[2.0, 1.0], [1.0, 3.0]]),
            ),
        ),
        Mistake(
            id="elementwise-for-matrix-product",
            says="You multiplied entry by entry; the sheet has a matrix product.",
            forward=_elementwise,
            used=r"{0} \odot {1}",
            example=Example(
                ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [0.0, 1.0]]), [[1.0, 0.0], [0.0, 4.0]]
            ),
        ),
        Mistake(
            id="transpose-forgotten-going-back",
            says="Going back through a matrix product needs the transposed matrix.",
            backward={1: lambda g, _out, a, b: a @ g if _square(a) else None},
            commonness="common",
            example=Example(
                ([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0]), [1.0, 3.0], gradient=[1.0, 0.0], position=1
            ),
        ),
        Mistake(
            id="outer-product-transposed",
            says=(
                "The outer product is the wrong way round: the gradient of a matrix has the "
                "matrix's own shape, row i from the output's gradient, column j from the input."
            ),
            backward={
                0: lambda g, _out, a, b: (
                    apply("outer", b, g) if len(b.shape) == 1 and _square(a) else None
                )
            },
            commonness="common",
            example=Example(
                ([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0]),
                [[5.0, 0.0], [6.0, 0.0]],
                gradient=[1.0, 0.0],
            ),
        ),
        Mistake(
            id="gradient-paired-with-output",
            says=(
                "The gradient of a weight matrix pairs the output's gradient with the input; you "
                "paired it with the output."
            ),
            backward={
                0: lambda g, out, a, b: (
                    apply("outer", g, out) if len(b.shape) == 1 and _square(a) else None
                )
            },
            commonness="rare",
            example=Example(
                ([[1.0, 2.0], [3.0, 4.0]], [1.0, 0.0]),
                [[1.0, 3.0], [0.0, 0.0]],
                gradient=[1.0, 0.0],
            ),
        ),
    ),
)
