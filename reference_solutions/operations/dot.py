"""The inner product of two vectors: the sum of the products of their entries."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import Example, Mistake, Operation


def inner(a: Array, b: Array) -> Array:
    """Compute the inner product. Raises ValueError for anything but two vectors of one length."""
    if np.ndim(a) != 1 or np.shape(a) != np.shape(b):
        raise ValueError(
            f"two vectors of one length are needed, got shapes {np.shape(a)} and {np.shape(b)}"
        )
    return np.asarray(a @ b)


OPERATION = Operation(
    name="dot",
    subject="linear algebra",
    compute=inner,
    doc="dot(a, b): the inner product of two vectors.",
    latex=r"\langle {0}, {1} \rangle",
    arity=(2, 2),
    derivatives=(lambda g, _out, _a, b: g * b, lambda g, _out, a, _b: g * a),
    overflows=True,
    examples=(Example(([1.0, 2.0, -1.0], [3.0, 4.0, 5.0]), 6.0),),
    mistakes=(
        Mistake(
            id="dot-product-not-summed",
            says="These are the products of the entries; the inner product adds them up.",
            forward=lambda a, b: a * b,
            commonness="common",
            used=r"{0} \odot {1}",
            example=Example(([1.0, 2.0], [3.0, 4.0]), [3.0, 8.0]),
        ),
        Mistake(
            id="outer-for-dot-product",
            says="That is the outer product, a matrix; the inner product is one number.",
            forward=np.multiply.outer,
            used=r"{0}\left({1}\right)^{{\top}}",
            example=Example(([1.0, 2.0], [3.0, 4.0]), [[3.0, 4.0], [6.0, 8.0]]),
        ),
        Mistake(
            id="dot-product-averaged",
            says="You divided by the number of entries; the inner product is the sum.",
            forward=lambda a, b: np.mean(a * b),
            example=Example(([1.0, 2.0], [3.0, 4.0]), 5.5),
        ),
        Mistake(
            id="dot-product-operand-exchanged-going-back",
            says="The gradient of one vector is the other vector; you took the vector itself.",
            backward={0: lambda g, _out, a, _b: g * a, 1: lambda g, _out, _a, b: g * b},
            example=Example(([1.0, 2.0], [3.0, 4.0]), [1.0, 2.0], gradient=1.0),
        ),
    ),
)
