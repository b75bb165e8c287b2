"""Powers: ``x ** n``, elementwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown, as_base, fence, infix
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.growth import NoSizeError, Size, value_of
from reference_solutions.operations.operation import Example, Mistake, Operation


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    base = as_base(fence(operands[0].text, operands[0].binds, Binds.TRANSPOSE))
    return f"{base}^{{{operands[1].text}}}", Binds.POWER


def _growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    (sign, size), exponent = sizes[0], value_of(sizes[1])
    if sign < 0:
        if exponent != round(exponent):
            raise NoSizeError
        sign = -1.0 if exponent % 2 else 1.0
    if not exponent:
        return 1.0, 0.0
    return sign, size * exponent if size else 0.0


OPERATION = Operation(
    name="power",
    subject="arithmetic",
    compute=lambda base, exponent: np.power(np.asarray(base, dtype=np.float64), exponent),
    doc="The base raised to the exponent, elementwise.",
    form="power",
    latex=_latex,
    text=infix("**", Binds.POWER, groups_left=False),
    arity=(2, 2),
    derivatives=(
        lambda g, _out, base, exponent: g * exponent * base ** (exponent - 1),
        lambda g, out, base, _exponent: g * out * apply("log", base),
    ),
    broadcasts=True,
    elementwise=True,
    public=False,
    growth=_growth,
    sign="**",
    written="a ** b",
    elementary=True,
    overflows=True,
    examples=(Example(([2.0, 3.0], 2.0), [4.0, 9.0]), Example((2.0, [0.5, 3.0]), [2.0**0.5, 8.0])),
    mistakes=(
        Mistake(
            id="multiplied-by-exponent",
            says="You multiplied by the exponent instead of raising to that power.",
            forward=lambda base, exponent: base * exponent,
            used=r"{0} \cdot {1}",
            example=Example((3.0, 2.0), 6.0),
        ),
        Mistake(
            id="power-rule-factor-forgotten",
            says=(
                "The derivative of x to the n brings the exponent down as a factor; it is missing."
            ),
            backward={0: lambda g, _out, base, exponent: g * base ** (exponent - 1)},
            commonness="common",
            example=Example((3.0, 2.0), 3.0, gradient=1.0),
        ),
        Mistake(
            id="power-rule-exponent-kept",
            says="The derivative of x to the n has the exponent n - 1; you kept the exponent n.",
            backward={0: lambda g, _out, base, exponent: g * exponent * base**exponent},
            example=Example((3.0, 2.0), 18.0, gradient=1.0),
        ),
        Mistake(
            id="power-not-differentiated",
            says="The power itself stands where its derivative belongs.",
            backward={0: lambda g, out, _base, _exponent: g * out},
            example=Example((3.0, 2.0), 9.0, gradient=1.0),
        ),
    ),
)
