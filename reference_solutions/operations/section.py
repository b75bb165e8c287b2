"""A run of entries of a vector: ``section(v, start=2, length=3)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown, as_base, fence
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import WHOLE, required
from reference_solutions.operations.quantity import Quantity


def _section(x: Values, start: int, length: int) -> Values:
    if np.ndim(x) != 1 or not 0 <= start <= start + length <= len(x):
        raise ValueError(
            f"entries {start} to {start + length - 1} of shape {np.shape(x)} don't exist"
        )
    return x[start : start + length]


def _derivative(g: Quantity, _out: Quantity, x: Quantity, start: int, length: int) -> Expression:
    return apply("pad", g, before=start, after=x.shape[0] - start - length)


def _latex(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    start, length = params.get("start"), params.get("length")
    base = as_base(fence(operands[0].text, operands[0].binds, Binds.TRANSPOSE))
    if isinstance(start, int) and isinstance(length, int):
        return f"{base}_{{{start}:{start + length - 1}}}", Binds.ATOM
    return rf"{base}_{{\ldots}}", Binds.ATOM


OPERATION = Operation(
    name="section",
    subject="arrays",
    compute=_section,
    doc="section(v, start=i, length=n): n entries of a vector from the 0-based index i on.",
    latex=_latex,
    derivatives=(_derivative,),
    params={"start": required(WHOLE), "length": required(WHOLE)},
    copies=True,
    examples=(Example(([1.0, 2.0, 3.0, 4.0],), [2.0, 3.0], {"start": 1, "length": 2}),),
)
