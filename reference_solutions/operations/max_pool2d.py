"""Max pooling in two dimensions: ``max_pool2d(x, size=2)``, the largest entry of each window.

Padding never wins, as if it were -inf (Dumoulin and Visin, A guide to convolution arithmetic, 2016,
chapter 3; PyTorch). The input is (h, w), or has its channels as ``layout="hwc"`` or ``"chw"`` says.
Of equal entries the first, row by row, receives the gradient. One dimension is
:mod:`reference_solutions.operations.max_pool1d`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.pooling import (
    CONSTANTS,
    Case,
    How,
    across_channels,
    averaged,
    largest,
    partial_windows,
    pooling,
    smallest,
    stride_of_window,
    stride_one,
    without_padding,
)
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.windows import per_axis


def _zero_border(this: Case) -> Array:
    if not any(this.window.padding):
        raise ValueError("there is no padding")
    return np.asarray(this.stacked(this.x, 0.0).max(axis=0))


def _present(this: Case) -> Array:
    return np.asarray(np.fmax.reduce(this.stacked(this.x, -np.inf), axis=0))


def max_pool_derivative(rank: int) -> Callable[..., Expression]:
    """Make the derivative rule of max pooling in ``rank`` dimensions."""

    def rule(g: Quantity, _out: Quantity, x: Quantity, **how: Unpack[How]) -> Expression:
        return apply("max_pool_gradient", x, g, rank=rank, **how)

    return rule


def max_pool_mistakes(rank: int, name: str, examples: Mapping[str, Example]) -> tuple[Mistake, ...]:
    """Make the mistakes of max pooling; their ids hold ``name``, such as ``pool1d``."""

    def shared(g: Quantity, _out: Quantity, x: Quantity, **how: Unpack[How]) -> Expression:
        return apply("avg_pool_gradient", g, shape=x.shape, rank=rank, **how)

    def to_all(g: Quantity, out: Quantity, x: Quantity, **how: Unpack[How]) -> Expression:
        entries = float(np.prod(per_axis(how.get("size", 2), rank, "size", 1)))
        return shared(g, out, x, **how) * entries

    return (
        Mistake(
            id=f"average-{name}-for-max",
            says="You took the mean of each window; max pooling takes its largest entry.",
            forward=pooling(rank, averaged),
            commonness="common",
            used=r"\operatorname{{avgpool}}({0})",
            example=examples["average"],
        ),
        Mistake(
            id=f"min-{name}-for-max",
            says="You took the smallest entry of each window; max pooling takes the largest.",
            forward=pooling(rank, smallest),
            commonness="rare",
            used=r"\operatorname{{minpool}}({0})",
            example=examples["min"],
        ),
        Mistake(
            id=f"max-{name}-stride-one",
            says="The window moves by the stride; you moved it one step at a time.",
            forward=pooling(rank, stride_one(largest)),
            commonness="common",
            example=examples["stride-one"],
        ),
        Mistake(
            id=f"max-{name}-stride-of-window",
            says="The stride is given here; you moved the window by its own size.",
            forward=pooling(rank, stride_of_window(largest)),
            commonness="common",
            example=examples["stride-of-window"],
        ),
        Mistake(
            id=f"max-{name}-padding-ignored",
            says="The input is padded first; you left the padding out.",
            forward=pooling(rank, without_padding(largest)),
            example=examples["padding-ignored"],
        ),
        Mistake(
            id=f"max-{name}-partial-windows",
            says=(
                "A window that doesn't fit is dropped here; you took the largest of what was in it."
            ),
            forward=pooling(rank, partial_windows(_present)),
            example=examples["partial-windows"],
        ),
        Mistake(
            id=f"max-{name}-zero-padding",
            says="Padding must not win: where all entries are negative you took a padded zero.",
            forward=pooling(rank, _zero_border),
            example=examples["zero-padding"],
        ),
        Mistake(
            id=f"max-{name}-across-channels",
            says=(
                "Each channel is pooled by itself; you took the largest over the channels as well."
            ),
            forward=pooling(rank, across_channels(largest)),
            commonness="rare",
            example=examples["across-channels"],
        ),
        Mistake(
            id=f"max-{name}-gradient-shared",
            says=(
                "Only the largest entry of a window receives its gradient; you shared it out "
                "equally."
            ),
            backward={0: shared},
            commonness="common",
            example=examples["gradient-shared"],
        ),
        Mistake(
            id=f"max-{name}-gradient-to-all",
            says="Only the largest entry of a window receives its gradient; you gave it to all.",
            backward={0: to_all},
            example=examples["gradient-to-all"],
        ),
    )


_X = [[1.0, 2.0, 0.0, 4.0], [3.0, 6.0, 8.0, 1.0]]
_ODD = [[1.0, 2.0, 5.0], [3.0, 6.0, 7.0]]
_DEEP = [[[1.0, 7.0], [3.0, 5.0]]]
_NEGATIVE = [[-4.0, -8.0]]
_SQUARE = [[1.0, 2.0], [3.0, 6.0]]

OPERATION = Operation(
    name="max_pool2d",
    subject="convolution and pooling",
    compute=pooling(2, largest),
    doc=(
        "max_pool2d(x, size=2): the largest entry of each window, channel by channel; `stride=` "
        '(the size), `padding=0`, `dilation=1`, `ceil_mode=False`, `layout="hwc"` or `"chw"`.'
    ),
    latex=r"\operatorname{{maxpool}}({0})",
    derivatives=(max_pool_derivative(2),),
    params=CONSTANTS,
    examples=(
        Example((_X,), [[6.0, 8.0]]),
        Example((_X,), [[6.0, 8.0, 8.0]], {"stride": 1}),
        Example((_ODD,), [[6.0]]),
        Example((_DEEP,), [[[3.0, 7.0]]], {"size": (1, 2)}),
        Example(
            ([[[1.0, 3.0]], [[7.0, 5.0]]],), [[[3.0]], [[7.0]]], {"size": (1, 2), "layout": "chw"}
        ),
        Example((_NEGATIVE,), [[-4.0, -8.0]], {"padding": 1}),
        Example((_ODD,), [[6.0, 7.0]], {"ceil_mode": True}),
        Example((_ODD,), [[5.0], [7.0]], {"size": (1, 2), "dilation": (1, 2), "stride": 1}),
    ),
    mistakes=max_pool_mistakes(
        2,
        "pool",
        {
            "average": Example((_X,), [[3.0, 3.25]]),
            "min": Example((_X,), [[1.0, 0.0]]),
            "stride-one": Example((_X,), [[6.0, 8.0, 8.0]]),
            "stride-of-window": Example((_X,), [[6.0, 8.0]], {"stride": 1}),
            "padding-ignored": Example((_X,), [[6.0, 8.0]], {"padding": 1}),
            "partial-windows": Example((_ODD,), [[6.0, 7.0]]),
            "zero-padding": Example((_NEGATIVE,), [[0.0, 0.0]], {"padding": 1}),
            "across-channels": Example((_DEEP,), [[[7.0, 7.0]]], {"size": (1, 2)}),
            "gradient-shared": Example((_SQUARE,), [[1.0, 1.0], [1.0, 1.0]], gradient=[[4.0]]),
            "gradient-to-all": Example((_SQUARE,), [[4.0, 4.0], [4.0, 4.0]], gradient=[[4.0]]),
        },
    ),
)
