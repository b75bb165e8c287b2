"""The transpose of a matrix: ``W.T`` or ``transpose(W)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import (
    Binds,
    Operand,
    Shown,
    as_base,
    fence,
    in_parentheses,
)
from reference_solutions.operations.operation import Example, Operation, Values


def _transpose(x: Values) -> Values:
    return np.swapaxes(x, -1, -2) if np.ndim(x) >= 2 else x


def _many(x: Values) -> Values:
    return np.swapaxes(x, -1, -2) if x.ndim >= 3 else x


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    base = as_base(fence(operands[0].text, operands[0].binds, Binds.TRANSPOSE))
    return rf"{base}^{{\top}}", Binds.TRANSPOSE


def _text(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    text, inner, _ = operands[0]
    return f"{in_parentheses(text, inner, Binds.ATOM)}.T", Binds.ATOM


OPERATION = Operation(
    name="transpose",
    subject="arrays",
    compute=_transpose,
    doc="The last two axes exchanged; a vector or a number is its own transpose.",
    form="transposition",
    latex=_latex,
    text=_text,
    derivatives=(lambda g, _out, _x: g.T,),
    many=_many,
    copies=True,
    written="A.T",
    effortless=True,
    examples=(Example(([[1.0, 2.0], [3.0, 4.0]],), [[1.0, 3.0], [2.0, 4.0]]),),
)
