"""The sign, elementwise: -1, 0 or 1. Its derivative is zero wherever it has one."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import SIGNED_UNIT, Example, Mistake, Operation

OPERATION = Operation(
    name="sign",
    subject="arithmetic",
    compute=np.sign,
    doc="-1 for a negative value, 1 for a positive one and 0 for zero, elementwise.",
    latex=r"\operatorname{{sign}}({0})",
    derivatives=(None,),
    aliases=("sgn",),
    elementwise=True,
    value_range=SIGNED_UNIT,
    examples=(Example(([-2.5, 0.0, 3.0],), [-1.0, 0.0, 1.0]),),
    mistakes=(
        Mistake(
            id="sign-of-other-direction",
            says="The sign is turned: a positive value has the sign 1.",
            forward=lambda x: -np.sign(x),
            used=r"-\operatorname{{sign}}({0})",
            example=Example(([-2.5, 3.0],), [1.0, -1.0]),
        ),
        Mistake(
            id="step-for-sign",
            says="You put 0 for a negative value; its sign is -1.",
            forward=lambda x: np.where(np.asarray(x) > 0, 1.0, 0.0),
            commonness="common",
            used=r"[{0} > 0]",
            example=Example(([-2.5, 3.0],), [0.0, 1.0]),
        ),
    ),
)
