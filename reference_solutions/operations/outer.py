"""The outer product of two vectors: ``outer(a, b)``, a matrix with a_i b_j."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown, as_base, fence
from reference_solutions.operations.operation import Example, Mistake, Operation, Values


def _outer(a: Values, b: Values) -> Values:
    if np.ndim(a) != 1 or np.ndim(b) != 1:
        raise ValueError(f"`outer` takes two vectors, got shapes {np.shape(a)} and {np.shape(b)}")
    return np.multiply.outer(a, b)


def _many(a: Values, b: Values) -> Values:
    if a.ndim != 2 or b.ndim != 2:
        raise ValueError("`outer` takes vectors")
    return a[:, :, None] * b[:, None, :]


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    column = fence(operands[0].text, operands[0].binds, Binds.PRODUCT)
    row = as_base(fence(operands[1].text, operands[1].binds, Binds.TRANSPOSE))
    return rf"{column}\,{row}^{{\top}}", Binds.PRODUCT


OPERATION = Operation(
    name="outer",
    subject="linear algebra",
    compute=_outer,
    doc="The outer product of two vectors: entry (i, j) is a_i times b_j.",
    form="outer product",
    latex=_latex,
    arity=(2, 2),
    derivatives=(lambda g, _out, _a, b: g @ b, lambda g, _out, a, _b: g.T @ a),
    many=_many,
    examples=(Example(([1.0, 2.0], [3.0, 4.0, 5.0]), [[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]]),),
    mistakes=(
        Mistake(
            id="outer-operands-exchanged",
            says="Right numbers, transposed: the two vectors of the outer product are exchanged.",
            forward=lambda a, b: np.multiply.outer(b, a),
            used=r"{1}\,{0}^{{\top}}",
            example=Example(([1.0, 2.0], [3.0, 4.0]), [[3.0, 6.0], [4.0, 8.0]]),
        ),
    ),
)
