"""The Euclidean norm: the root of the sum of the squares of all entries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.printing import Binds, Shown
from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.axes import Axes, handed_to_each
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.reduction import Reduction


def euclidean(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """Take the Euclidean norm of all entries, or of those along axes."""
    return np.asarray(np.sqrt(np.sum(np.asarray(x) ** 2, axis=axis, keepdims=keepdims)))


def _spread(value: Quantity, x: Quantity, axis: Axes, keepdims: bool) -> Expression:
    """Repeat a value along the axes that were summed away; of all entries it fits by itself."""
    if axis is None:
        return value
    return handed_to_each(value, value, x, axis, keepdims)


def _derivative(
    g: Quantity, out: Quantity, x: Quantity, axis: Axes = None, keepdims: bool = False
) -> Expression:
    return _spread(g, x, axis, keepdims) * x / _spread(out, x, axis, keepdims)


def _over_index(term: Shown, indices: Sequence[str]) -> Shown:
    """Write the norm of a vector that has an entry for each value of the indices."""
    below = f"_{{{', '.join(indices)}}}" if indices else ""
    return rf"\lVert {term[0]} \rVert{below}", Binds.ATOM


OPERATION = Operation(
    name="norm",
    subject="linear algebra",
    compute=euclidean,
    doc="norm(x): the Euclidean norm of all entries (of a matrix Frobenius), or over `axis=`.",
    latex=r"\lVert {0} \rVert",
    of_nothing=True,
    latex_over_index=_over_index,
    derivatives=(_derivative,),
    params={"axis": AXES, "keepdims": FLAG},
    value_range=NEVER_NEGATIVE,
    reduction=Reduction("the norm"),
    examples=(
        Example(([3.0, -4.0],), 5.0),
        Example(([[1.0, 1.0], [-1.0, 1.0]],), 2.0),
        Example(([[3.0, -4.0], [0.0, 2.0]],), [5.0, 2.0], {"axis": 1}),
    ),
    mistakes=(
        Mistake(
            id="norm-squared",
            says="That is the squared norm; the root is missing.",
            forward=lambda x, **how: np.sum(x**2, **how),
            backward={
                0: lambda g, _out, x, axis=None, keepdims=False: (
                    _spread(g, x, axis, keepdims) * 2.0 * x
                )
            },
            commonness="common",
            used=r"\lVert {0} \rVert^2",
            example=Example(([3.0, -4.0],), 25.0),
        ),
        Mistake(
            id="norm-of-absolute-values",
            says="You added the absolute values (the 1-norm); the Euclidean norm is meant.",
            forward=lambda x, **how: np.sum(np.abs(x), **how),
            used=r"\lVert {0} \rVert_1",
            example=Example(([3.0, -4.0],), 7.0),
        ),
        Mistake(
            id="norm-of-largest-entry",
            says="You took the largest absolute value; the Euclidean norm is meant.",
            forward=lambda x, **how: np.max(np.abs(x), **how),
            commonness="rare",
            used=r"\lVert {0} \rVert_\infty",
            example=Example(([3.0, -4.0],), 4.0),
        ),
        Mistake(
            id="root-mean-square-for-norm",
            says="You divided by the number of entries; the norm takes the sum of the squares.",
            forward=lambda x, **how: np.sqrt(np.mean(x**2, **how)),
            used=r"\sqrt{{\frac{{1}}{{n}}\sum \left({0}\right)^2}}",
            example=Example(([1.0, 7.0],), 5.0),
        ),
        Mistake(
            id="norm-gradient-not-divided",
            says="The gradient of the norm is x divided by the norm; the division is missing.",
            backward={
                0: lambda g, _out, x, axis=None, keepdims=False: _spread(g, x, axis, keepdims) * x
            },
            commonness="common",
            example=Example(([3.0, -4.0],), [3.0, -4.0], gradient=1.0),
        ),
    ),
)
