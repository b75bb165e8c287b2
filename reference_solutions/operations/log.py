"""The natural logarithm, elementwise: ``log(x)`` or ``ln(x)``."""

from __future__ import annotations

import math

import numpy as np

from reference_solutions.operations.growth import logarithm
from reference_solutions.operations.operation import Example, Mistake, Operation

OPERATION = Operation(
    name="log",
    subject="exponentials and angles",
    compute=np.log,
    doc="The natural logarithm, elementwise.",
    latex=r"\ln({0})",
    form="function",
    derivatives=(lambda g, _out, x: g / x,),
    aliases=("ln",),
    elementwise=True,
    growth=logarithm(math.e),
    called="logarithm",
    base=math.e,
    inverse="exp",
    elementary=True,
    invites=("function-not-applied",),
    examples=(Example(([1.0, 2.0],), [0.0, 0.6931471805599453]),),
    mistakes=(
        Mistake(
            id="log-base-10",
            says=(
                "You used the logarithm to base 10; the natural logarithm ln is meant (base e; "
                "multiply by 2.302585)."
            ),
            forward=np.log10,
            backward={0: lambda g, _out, x: g / (x * 2.302585092994046)},
            commonness="very_common",
            used=r"\log_{{10}}({0})",
            source="seen in published work",
            example=Example((100.0,), 2.0),
        ),
        Mistake(
            id="log-base-2",
            says=(
                "You used the logarithm to base 2 (bits); the natural logarithm ln is meant (nats; "
                "multiply by 0.693147)."
            ),
            forward=np.log2,
            backward={0: lambda g, _out, x: g / (x * 0.6931471805599453)},
            commonness="common",
            used=r"\log_{{2}}({0})",
            source="seen in published work",
            example=Example((8.0,), 3.0),
        ),
    ),
)
