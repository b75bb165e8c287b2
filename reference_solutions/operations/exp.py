"""The exponential function, elementwise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds
from reference_solutions.operations.growth import Size, only, value_of
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation


def _growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    return 1.0, value_of(only(sizes)) * math.log10(math.e)


OPERATION = Operation(
    name="exp",
    subject="exponentials and angles",
    compute=np.exp,
    doc="e to the power of its operand, elementwise.",
    latex="e^{{{0}}}",
    form="function",
    derivatives=(lambda g, out, _x: g * out,),
    binds=Binds.POWER,
    elementwise=True,
    value_range=NEVER_NEGATIVE,
    growth=_growth,
    called="exponential",
    inverse="log",
    elementary=True,
    overflows=True,
    invites=("function-not-applied",),
    examples=(Example(([0.0, 1.0],), [1.0, 2.718281828459045]),),
    mistakes=(
        Mistake(
            id="power-of-10-for-exp",
            says="You used powers of 10; the sheet has e.",
            forward=lambda x: 10.0**x,
            used="10^{{{0}}}",
            example=Example((2.0,), 100.0),
        ),
        Mistake(
            id="power-of-2-for-exp",
            says="You used powers of 2; the sheet has e.",
            forward=lambda x: 2.0**x,
            used="2^{{{0}}}",
            example=Example((3.0,), 8.0),
        ),
        Mistake(
            id="exponent-sign-turned",
            says="The exponent has the wrong sign: you took e to the power of minus the value.",
            forward=lambda x: np.exp(-x),
            backward={0: lambda g, out, _x: -(g / out)},
            used="e^{{-{0}}}",
            example=Example((1.0,), 0.36787944117144233),
        ),
    ),
)
