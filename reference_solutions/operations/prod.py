"""Products: ``prod(x)``, over axes, or over an index (``prod(a)``, ``prod(a[t], t)``)."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.printing import Binds
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes, handed_to_each, over_index
from reference_solutions.operations.operation import Example, Mistake, Operation, Values
from reference_solutions.operations.parameter import AXES, FLAG
from reference_solutions.operations.quantity import Quantity


def _prod(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    return np.prod(x, axis=axis, keepdims=keepdims)


def _derivative(
    g: Quantity, out: Quantity, x: Quantity, axis: Axes = None, keepdims: bool = False
) -> Expression:
    return handed_to_each(g, out, x, axis, keepdims) * apply("product_of_others", x, axis=axis)


OPERATION = Operation(
    name="prod",
    subject="sums and statistics",
    compute=_prod,
    doc="The product of all entries, or over `axis=`; of an indexed quantity, over its index.",
    latex=r"\prod {0}",
    takes_index=True,
    latex_over_index=over_index(r"\prod", Binds.PRODUCT),
    of_nothing=True,
    derivatives=(_derivative,),
    binds=Binds.SUMMATION,
    params={"axis": AXES, "keepdims": FLAG},
    examples=(
        Example(([2.0, 3.0, 4.0],), 24.0),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [3.0, 8.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="sum-for-product",
            says="You added the factors; the sheet multiplies them.",
            forward=lambda x, axis=None, keepdims=False: np.sum(x, axis=axis, keepdims=keepdims),
            commonness="common",
            used=r"\sum {0}",
            example=Example(([2.0, 3.0, 4.0],), 9.0),
        ),
        Mistake(
            id="product-derivative-of-one-factor",
            says="The derivative by a factor is the product of the others; they are missing.",
            backward={
                0: lambda g, _out, x, axis=None, keepdims=False: apply(
                    "spread", g, shape=x.shape, axis=None if keepdims else axis
                )
            },
            example=Example(([2.0, 3.0, 4.0],), [1.0, 1.0, 1.0], gradient=1.0),
        ),
    ),
)
