"""The logarithm to base 2, elementwise."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.growth import logarithm
from reference_solutions.operations.operation import Example, Mistake, Operation

_LN = 0.6931471805599453

OPERATION = Operation(
    name="log2",
    subject="exponentials and angles",
    compute=np.log2,
    doc="The logarithm to base 2, elementwise.",
    latex=r"\log_{{2}}({0})",
    derivatives=(lambda g, _out, x: g / (x * _LN),),
    growth=logarithm(2),
    elementwise=True,
    base=2.0,
    elementary=True,
    examples=(Example(([1.0, 8.0],), [0.0, 3.0]),),
    mistakes=(
        Mistake(
            id="natural-log-for-base-2",
            says="You used the natural logarithm; base 2 is meant (divide by 0.693147).",
            forward=np.log,
            backward={0: lambda g, _out, x: g / x},
            commonness="very_common",
            used=r"\ln({0})",
            example=Example((2.0,), 0.6931471805599453),
        ),
        Mistake(
            id="base-10-for-base-2",
            says="You used the logarithm to base 10; base 2 is meant.",
            forward=np.log10,
            commonness="common",
            used=r"\log_{{10}}({0})",
            example=Example((100.0,), 2.0),
        ),
        Mistake(
            id="log2-derivative-of-natural-log",
            says="1/x is the derivative of ln x; to base 2 it is divided by ln 2 as well.",
            backward={0: lambda g, _out, x: g / x},
            commonness="common",
            example=Example((2.0,), 0.5, gradient=1.0),
        ),
    ),
)
