"""The constants that every formula knows, unless the sheet has a quantity of that name."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from reference_solutions.language.expression import Apply, Expression, Name, Number

CONSTANTS: Mapping[str, float] = {"e": math.e, "pi": math.pi}

LATEX: Mapping[float, str] = {math.e: "e", math.pi: r"\pi"}
"""How they are written."""


def with_constants(expression: Expression, known: Collection[str]) -> Expression:
    """Return ``expression`` with the numbers of constants; ``known`` are the sheet's quantities."""
    if isinstance(expression, Name):
        value = CONSTANTS.get(expression.name)
        if value is None or expression.index or expression.name in known:
            return expression
        return Number(value, expression.name, expression.start)
    if not isinstance(expression, Apply):
        return expression
    args = tuple(with_constants(arg, known) for arg in expression.args)
    return Apply(expression.operation, args, expression.params, expression.start)
