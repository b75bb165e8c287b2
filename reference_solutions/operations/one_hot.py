"""A class index (0-based) as a vector with a single 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown, fence
from reference_solutions.operations.operation import (
    PROBABILITY,
    Example,
    Operation,
    Values,
    refuse_sets,
)
from reference_solutions.operations.parameter import WHOLE, required


def _one_hot(y: Values, size: int, shift: int = 0) -> Values:
    if not 0 < size <= 10_000:
        raise ValueError("`one_hot` takes a size from 1 to 10000")
    classes = np.asarray(y)
    if np.any(classes != np.round(classes)) or np.any(classes < 0) or np.any(classes >= size):
        raise ValueError(f"class indices run from 0 to {size - 1}, got {_wrong(classes, size)}")
    hot = np.mod(classes + shift, size)[..., None] == np.arange(size)
    return hot.astype(np.float64)


def _wrong(classes: Values, size: int) -> str:
    """Return the first number that is no class index, as people write it."""
    bad = (classes != np.round(classes)) | (classes < 0) | (classes >= size)
    return f"{np.asarray(classes)[bad].flat[0]:g}"


def _many(y: Values, size: int, shift: int = 0) -> Values:
    wrong = (y != np.round(y)) | (y < 0) | (y >= size)
    refuse_sets(wrong.reshape(len(y), -1).any(axis=1), "a class index is out of range")
    return _one_hot(y, size, shift)


def _latex(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    text, inner, _ = operands[0]
    if params.get("shift"):
        text = f"{fence(text, inner, Binds.SUM)}{params['shift']:+d}"
    return rf"\operatorname{{onehot}}({text})", Binds.ATOM


def _words(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    shift = params.get("shift")
    shown = f"{shift:+d}" if isinstance(shift, int) and shift else ""
    return f"one_hot({operands[0].text}{shown})", Binds.ATOM


OPERATION = Operation(
    name="one_hot",
    subject="arrays",
    compute=_one_hot,
    doc="one_hot(y, size=K): K entries, 1 at the 0-based class index y and 0 elsewhere.",
    latex=_latex,
    words=_words,
    derivatives=(None,),
    params={"size": required(WHOLE), "shift": WHOLE},
    many=_many,
    copies=True,
    value_range=PROBABILITY,
    examples=(Example((1.0,), [0.0, 1.0, 0.0], {"size": 3}),),
)
