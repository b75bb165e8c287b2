"""The entry of a vector that another quantity names: ``yhat[t][y[t]]`` with 0-based y[t]."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown, in_parentheses
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import (
    Example,
    Mistake,
    Operation,
    Values,
    refuse_sets,
)


def _check(x: Values, chosen: Values) -> None:
    if np.ndim(x) == 0 or np.ndim(chosen) != 0:
        raise ValueError("one entry is picked by one whole number")


def _neighbour(by: int) -> Callable[[Values, Values], Values]:
    """Pick the entry so many places further on, around the end."""

    def compute(x: Values, chosen: Values) -> Values:
        _check(x, chosen)
        return _pick(x, (chosen + by) % len(x))

    return compute


def _pick(x: Values, chosen: Values) -> Values:
    _check(x, chosen)
    position = int(chosen)
    if position != chosen or not 0 <= position < len(x):
        raise ValueError(f"indices run from 0 to {len(x) - 1}, got {chosen}")
    return x[position]


def _many(x: Values, chosen: Values) -> Values:
    if x.ndim < 2 or chosen.ndim != 1:
        raise ValueError("one entry is picked by one whole number")
    wrong = (chosen != np.round(chosen)) | (chosen < 0) | (chosen >= x.shape[1])
    refuse_sets(wrong, "an index is out of range")
    sets = np.arange(max(len(x), len(chosen)))
    return x[sets % len(x), chosen.astype(np.intp)]


def _text(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    vector, chosen = operands
    return f"{in_parentheses(vector.text, vector.binds, Binds.ATOM)}[{chosen.text}]", Binds.ATOM


OPERATION = Operation(
    name="pick",
    subject="arrays",
    compute=_pick,
    doc="The entry (or row) of the first operand at the 0-based index that is the second.",
    latex="{0}[{1}]",
    text=_text,
    arity=(2, 2),
    derivatives=(
        lambda g, _out, x, chosen: (
            g * apply("one_hot", chosen, size=x.shape[0])
            if len(x.shape) == 1
            else apply("outer", apply("one_hot", chosen, size=x.shape[0]), g)
        ),
        None,
    ),
    public=False,
    many=_many,
    copies=True,
    written="x[y]",
    examples=(Example(([5.0, 6.0, 7.0], 2.0), 7.0),),
    mistakes=(
        Mistake(
            id="entry-before-picked",
            says="You took the entry before the one meant (indices are counted from 0).",
            forward=_neighbour(-1),
            commonness="common",
            used="{0}[{1}-1]",
            example=Example(([5.0, 6.0, 7.0], 2.0), 6.0),
        ),
        Mistake(
            id="entry-after-picked",
            says="You took the entry after the one meant (indices are counted from 0).",
            forward=_neighbour(1),
            commonness="common",
            used="{0}[{1}+1]",
            example=Example(([5.0, 6.0, 7.0], 1.0), 7.0),
        ),
    ),
)
