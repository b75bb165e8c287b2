"""1 where the operand is positive, 0 elsewhere: the derivative of the ReLU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown
from reference_solutions.operations.operation import PROBABILITY, Example, Operation


def _words(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    return f"({operands[0].text} > 0)", Binds.ATOM


OPERATION = Operation(
    name="is_positive",
    compute=lambda x: np.where(np.asarray(x) > 0, 1.0, 0.0),
    doc="1 where the operand is positive, 0 elsewhere.",
    latex=r"[{0} > 0]",
    words=_words,
    public=False,
    elementwise=True,
    copies=True,
    value_range=PROBABILITY,
    examples=(Example(([1.5, -2.0, 0.0],), [1.0, 0.0, 0.0]),),
)
