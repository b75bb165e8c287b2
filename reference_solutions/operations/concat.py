"""Vectors one after another: ``concat(h, x)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.language.expression import apply
from reference_solutions.language.printing import Binds, Operand, Shown
from reference_solutions.operations.operation import (
    Derivative,
    Example,
    Mistake,
    Operation,
    Quantity,
    Values,
)


def _concat(*parts: Values) -> Values:
    if any(np.ndim(part) != 1 for part in parts):
        raise ValueError("`concat` takes vectors")
    return np.concatenate(parts)


def _derivative(position: int) -> Derivative:
    def rule(g: Quantity, _out: Quantity, *parts: Quantity) -> Quantity:
        start = sum(part.shape[0] for part in parts[:position])
        return apply("section", g, start=start, length=parts[position].shape[0])

    return rule


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    return rf"[{'; '.join(operand.text for operand in operands)}]", Binds.ATOM


OPERATION = Operation(
    name="concat",
    subject="arrays",
    compute=_concat,
    doc="Its operands, vectors, one after another.",
    form="list",
    latex=_latex,
    arity=(1, 50),
    derivatives=_derivative,
    copies=True,
    examples=(Example(([1.0, 2.0], [3.0]), [1.0, 2.0, 3.0]),),
    mistakes=(
        Mistake(
            id="concatenated-in-other-order",
            says="The vectors are joined in the other order.",
            forward=lambda *parts: np.concatenate(parts[::-1]),
            commonness="common",
            example=Example(([1.0, 2.0], [3.0]), [3.0, 1.0, 2.0]),
        ),
    ),
)
