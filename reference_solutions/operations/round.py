"""Rounding to the nearest number of so many decimals, elementwise; halves to the even digit.

That is the rule of numpy, PyTorch and IEEE 754 (round half to even): 0.5 becomes 0, 1.5 becomes 2.
"""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import WHOLE


def _round(x: Values, decimals: int = 0) -> Values:
    if abs(decimals) > 300:
        raise ValueError(f"`decimals` is from -300 to 300, got {decimals}")
    return np.round(x, decimals)


def _down(x: Values, decimals: int = 0) -> Values:
    scale = 10.0**decimals
    return np.floor(np.asarray(x) * scale) / scale


def _up(x: Values, decimals: int = 0) -> Values:
    scale = 10.0**decimals
    return np.ceil(np.asarray(x) * scale) / scale


OPERATION = Operation(
    name="round",
    subject="arithmetic",
    compute=_round,
    doc="Rounded to the nearest whole number, or to `decimals=`, elementwise; halves to even.",
    latex=r"\operatorname{{round}}({0})",
    derivatives=(None,),
    params={"decimals": WHOLE},
    elementwise=True,
    examples=(
        Example(([2.4, -2.6, 0.5],), [2.0, -3.0, 0.0]),
        Example((2.345678,), 2.35, {"decimals": 2}),
    ),
    mistakes=(
        Mistake(
            id="cut-off-for-rounded",
            says="You cut the digits off; round to the nearest number.",
            forward=_down,
            commonness="common",
            used=r"\lfloor {0} \rfloor",
            example=Example((2.75,), 2.0),
            hidden=Coincidence("cutting off gives the same digits", ([2.25, 3.0],)),
        ),
        Mistake(
            id="rounded-up-for-nearest",
            says="You rounded up; round to the nearest number.",
            forward=_up,
            used=r"\lceil {0} \rceil",
            example=Example((2.25,), 3.0),
        ),
    ),
)
