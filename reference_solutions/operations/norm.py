"""The Euclidean norm: the root of the sum of the squares of all entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation

if TYPE_CHECKING:
    from reference_solutions.graph import Array


def euclidean(x: Array) -> Array:
    """Take the Euclidean norm of all entries."""
    return np.asarray(np.sqrt(np.sum(np.asarray(x) ** 2)))


OPERATION = Operation(
    name="norm",
    subject="linear algebra",
    compute=euclidean,
    doc="norm(x): the Euclidean norm, of a matrix that of all its entries (Frobenius).",
    latex=r"\lVert {0} \rVert",
    derivatives=(lambda g, out, x: g * x / out,),
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(([3.0, -4.0],), 5.0),
        Example(([[1.0, 1.0], [-1.0, 1.0]],), 2.0),
    ),
    mistakes=(
        Mistake(
            id="norm-squared",
            says="That is the squared norm; the root is missing.",
            forward=lambda x: np.sum(x**2),
            backward={0: lambda g, _out, x: g * 2.0 * x},
            commonness="common",
            used=r"\lVert {0} \rVert^2",
            example=Example(([3.0, -4.0],), 25.0),
        ),
        Mistake(
            id="norm-of-absolute-values",
            says="You added the absolute values (the 1-norm); the Euclidean norm is meant.",
            forward=lambda x: np.sum(np.abs(x)),
            used=r"\lVert {0} \rVert_1",
            example=Example(([3.0, -4.0],), 7.0),
        ),
        Mistake(
            id="norm-of-largest-entry",
            says="You took the largest absolute value; the Euclidean norm is meant.",
            forward=lambda x: np.max(np.abs(x)),
            commonness="rare",
            used=r"\lVert {0} \rVert_\infty",
            example=Example(([3.0, -4.0],), 4.0),
        ),
        Mistake(
            id="root-mean-square-for-norm",
            says="You divided by the number of entries; the norm takes the sum of the squares.",
            forward=lambda x: np.sqrt(np.mean(x**2)),
            used=r"\sqrt{{\frac{{1}}{{n}}\sum \left({0}\right)^2}}",
            example=Example(([1.0, 7.0],), 5.0),
        ),
        Mistake(
            id="norm-gradient-not-divided",
            says="The gradient of the norm is x divided by the norm; the division is missing.",
            backward={0: lambda g, _out, x: g * x},
            commonness="common",
            example=Example(([3.0, -4.0],), [3.0, -4.0], gradient=1.0),
        ),
    ),
)
