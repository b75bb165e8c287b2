"""The logarithm to base 10, elementwise."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.growth import logarithm
from reference_solutions.operations.operation import Example, Mistake, Operation

_LN = 2.302585092994046

OPERATION = Operation(
    name="log10",
    subject="exponentials and angles",
    compute=np.log10,
    doc="The logarithm to base 10, elementwise.",
    latex=r"\log_{{10}}({0})",
    derivatives=(lambda g, _out, x: g / (x * _LN),),
    growth=logarithm(10),
    elementwise=True,
    base=10.0,
    elementary=True,
    examples=(Example(([1.0, 1000.0],), [0.0, 3.0]),),
    mistakes=(
        Mistake(
            id="natural-log-for-base-10",
            says="You used the natural logarithm; base 10 is meant (divide by 2.302585).",
            forward=np.log,
            backward={0: lambda g, _out, x: g / x},
            commonness="very_common",
            used=r"\ln({0})",
            example=Example((2.0,), 0.6931471805599453),
        ),
        Mistake(
            id="base-2-for-base-10",
            says="You used the logarithm to base 2; base 10 is meant.",
            forward=np.log2,
            commonness="occasional",
            used=r"\log_{{2}}({0})",
            example=Example((100.0,), 6.643856189774724),
        ),
        Mistake(
            id="log10-derivative-of-natural-log",
            says="1/x is the derivative of ln x; to base 10 it is divided by ln 10 as well.",
            backward={0: lambda g, _out, x: g / x},
            commonness="common",
            example=Example((2.0,), 0.5, gradient=1.0),
        ),
    ),
)
