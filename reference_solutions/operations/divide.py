"""Elementwise division: ``a / b``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, infix
from reference_solutions.operations.growth import Size
from reference_solutions.operations.operation import Example, Mistake, Operation


def _growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    (above, size), (below, other) = sizes
    return above * below, size - other


OPERATION = Operation(
    name="divide",
    subject="arithmetic",
    compute=np.true_divide,
    doc="The quotient, elementwise.",
    latex=r"\frac{{{0}}}{{{1}}}",
    form="quotient",
    arity=(2, 2),
    derivatives=(
        lambda g, _out, _a, b: g / b,
        lambda g, _out, a, b: -(g * a / b**2),
    ),
    broadcasts=True,
    elementwise=True,
    binds=Binds.FRACTION,
    text=infix(" / ", Binds.PRODUCT),
    public=False,
    growth=_growth,
    sign="/",
    written="a / b",
    elementary=True,
    examples=(
        Example(([1.0, 3.0], [2.0, 4.0]), [0.5, 0.75]),
        Example((1.0, [2.0, 4.0]), [0.5, 0.25]),
    ),
    mistakes=(
        Mistake(
            id="quotient-inverted",
            says="Numerator and denominator are exchanged.",
            forward=lambda a, b: b / a,
            used=r"\frac{{{1}}}{{{0}}}",
            example=Example((1.0, 4.0), 4.0),
        ),
        Mistake(
            id="multiplied-instead-of-divided",
            says="You multiplied where the sheet divides.",
            forward=lambda a, b: a * b,
            used=r"{0} \cdot {1}",
            example=Example((3.0, 4.0), 12.0),
        ),
    ),
)
