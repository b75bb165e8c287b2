"""1 where a comparison holds, 0 where it doesn't, elementwise: ``x > 0``, ``t == 0``."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import (
    Binds,
    Operand,
    Shown,
    fence,
    in_parentheses,
)
from reference_solutions.operations.operation import PROBABILITY, Example, Operation, Values
from reference_solutions.operations.parameter import Parameter, required

SIGNS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""The comparisons, by the sign that stands between the two values."""
_LATEX = {"==": "=", "!=": r"\neq", "<=": r"\leq", ">=": r"\geq"}
_SIGN = Parameter("the sign of a comparison", lambda value: value in SIGNS)


def _compare(a: Values, b: Values, sign: str) -> Values:
    return np.where(SIGNS[sign](np.asarray(a), np.asarray(b)), 1.0, 0.0)


def _latex(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    sign = str(params.get("sign", "=="))
    left, right = (fence(o.text, o.binds, Binds.SUM) for o in operands)
    return rf"[{left} {_LATEX.get(sign, sign)} {right}]", Binds.ATOM


def _text(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    left, right = (in_parentheses(o.text, o.binds, Binds.SUM) for o in operands)
    return f"({left} {params.get('sign', '==')} {right})", Binds.ATOM


OPERATION = Operation(
    name="compare",
    subject="arithmetic",
    compute=_compare,
    doc="1 where a comparison such as `a > b` holds, 0 where it doesn't, elementwise.",
    latex=_latex,
    text=_text,
    arity=(2, 2),
    derivatives=(None, None),
    public=False,
    params={"sign": required(_SIGN)},
    broadcasts=True,
    elementwise=True,
    copies=True,
    value_range=PROBABILITY,
    written="a > b",
    examples=(
        Example(([1.0, 2.0, 3.0], 2.0), [0.0, 0.0, 1.0], {"sign": ">"}),
        Example(([1.0, 2.0, 3.0], 2.0), [1.0, 0.0, 1.0], {"sign": "!="}),
    ),
)
