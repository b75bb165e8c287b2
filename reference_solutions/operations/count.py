"""How many entries are not zero: how often a condition holds, as in ``count(x > 0)``."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.axes import Axes, over_index
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import AXES, FLAG


def _count(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    return np.asarray(np.sum(np.asarray(x) != 0, axis=axis, keepdims=keepdims)) * 1.0


def _all(x: Values, axis: Axes = None, keepdims: bool = False) -> Values:
    return np.asarray(np.sum(np.ones_like(x), axis=axis, keepdims=keepdims)) * 1.0


OPERATION = Operation(
    name="count",
    subject="sums and statistics",
    compute=_count,
    doc="How many entries are not zero, as in `count(x > 0)`; of all, or over `axis=`.",
    latex=r"\#({0})",
    of_nothing=True,
    latex_over_index=over_index(r"\#"),
    derivatives=(None,),
    params={"axis": AXES, "keepdims": FLAG},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(([1.0, 0.0, 2.0],), 2.0),
        Example(([[1.0, 0.0], [1.0, 1.0]],), [2.0, 1.0], {"axis": 0}),
    ),
    mistakes=(
        Mistake(
            id="counted-the-others",
            says="You counted those for which the condition doesn't hold.",
            forward=lambda x, axis=None, keepdims=False: (
                _all(x, axis, keepdims) - _count(x, axis, keepdims)
            ),
            example=Example(([1.0, 0.0, 2.0],), 1.0),
        ),
        Mistake(
            id="counted-all",
            says="You counted all entries; only those count for which the condition holds.",
            forward=_all,
            example=Example(([1.0, 0.0, 2.0],), 3.0),
        ),
        Mistake(
            id="share-for-count",
            says="That is the share of the entries; their number is meant.",
            forward=lambda x, axis=None, keepdims=False: (
                _count(x, axis, keepdims) / _all(x, axis, keepdims)
            ),
            commonness="common",
            example=Example(([1.0, 0.0],), 0.5),
        ),
    ),
)
