"""The negative: ``-x``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown, in_parentheses
from reference_solutions.operations.growth import Size, only
from reference_solutions.operations.operation import Example, Operation


def _text(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    return f"-{in_parentheses(operands[0].text, operands[0].binds, Binds.POWER)}", Binds.SIGN


def _growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    sign, size = only(sizes)
    return -sign, size


OPERATION = Operation(
    name="negate",
    subject="arithmetic",
    compute=np.negative,
    doc="The negative of its operand, elementwise.",
    latex="-{0}",
    text=_text,
    derivatives=(lambda g, _out, _x: -g,),
    binds=Binds.SIGN,
    public=False,
    elementwise=True,
    copies=True,
    growth=_growth,
    written="-a",
    elementary=True,
    effortless=True,
    examples=(Example(([1.0, -2.0],), [-1.0, 2.0]),),
)
