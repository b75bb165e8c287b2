"""A gradient summed back to the shape that was broadcast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Mistake, Operation, Values
from reference_solutions.operations.parameter import SHAPE, required
from reference_solutions.operations.reduction import Reduction


def _sum_to(x: Values, shape: tuple[int, ...]) -> Values:
    x = np.asarray(x)
    x = x.sum(axis=tuple(range(x.ndim - len(shape)))) if x.ndim > len(shape) else x
    axes = tuple(i for i, size in enumerate(shape) if size == 1 and x.shape[i] != 1)
    return x.sum(axis=axes, keepdims=True) if axes else x


def _mean_to(x: Values, shape: tuple[int, ...]) -> Values:
    total = np.asarray(_sum_to(x, shape))
    if total.size == np.size(x):
        raise ValueError("nothing is added up")
    return total * (total.size / np.size(x))


def _words(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    return f"sum({operands[0].text})", Binds.ATOM


OPERATION = Operation(
    name="sum_to",
    compute=_sum_to,
    doc="The operand summed over the axes along which a smaller shape was broadcast.",
    latex=r"\sum {0}",
    words=_words,
    derivatives=(lambda g, _out, x, shape: apply("spread", g, shape=x.shape),),
    binds=Binds.SUMMATION,
    public=False,
    params={"shape": required(SHAPE)},
    reduction=Reduction("the sum", adds_up=True),
    examples=(
        Example(([[1.0, 2.0], [3.0, 4.0]],), [4.0, 6.0], {"shape": (2,)}),
        Example(([1.0, 2.0],), 3.0, {"shape": ()}),
    ),
    mistakes=(
        Mistake(
            id="shared-gradient-averaged",
            says=(
                "What is added to every row (a bias) receives the sum of the gradients of all "
                "rows; you took their mean."
            ),
            forward=_mean_to,
            commonness="common",
            used=r"\frac{{1}}{{n}}\sum {0}",
            example=Example(([[1.0, 2.0], [3.0, 4.0]],), [2.0, 3.0], {"shape": (2,)}),
        ),
    ),
)
