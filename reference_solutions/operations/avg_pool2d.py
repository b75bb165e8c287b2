"""Average pooling in two dimensions: ``avg_pool2d(x, size=2)``, the mean of each window.

Zeros that were padded count in the mean, as in PyTorch, unless ``count_padding=False``, as in
Keras. The input is (h, w), or has its channels as ``layout="hwc"`` or ``"chw"`` says. One dimension
is :mod:`reference_solutions.operations.avg_pool1d`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.pooling import (
    AVERAGE_CONSTANTS,
    AverageHow,
    Case,
    across_channels,
    averaged,
    largest,
    partial_windows,
    pooling,
    stride_of_window,
    stride_one,
    summed,
    without_padding,
)
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.windows import per_axis


def _present(this: Case) -> Array:
    entries = this.stacked(this.x, np.nan)
    return np.asarray(np.nansum(entries, axis=0) / np.sum(~np.isnan(entries), axis=0))


def _other_padding(this: Case) -> Array:
    if not any(this.window.padding):
        raise ValueError("there is no padding")
    return averaged(replace(this, count_padding=not this.count_padding))


def avg_pool_derivative(rank: int) -> Callable[..., Expression]:
    """Make the derivative rule of average pooling in ``rank`` dimensions."""

    def rule(g: Quantity, _out: Quantity, x: Quantity, **how: Unpack[AverageHow]) -> Expression:
        return apply("avg_pool_gradient", g, shape=x.shape, rank=rank, **how)

    return rule


def avg_pool_mistakes(rank: int, name: str, examples: Mapping[str, Example]) -> tuple[Mistake, ...]:
    """Make the mistakes of average pooling; their ids hold ``name``, such as ``pool1d``."""

    def full_share(
        g: Quantity, _out: Quantity, x: Quantity, **how: Unpack[AverageHow]
    ) -> Expression:
        size = per_axis(how.get("size", 2), rank, "size", 1)
        how["count_padding"] = True
        shared = apply("avg_pool_gradient", g, shape=x.shape, rank=rank, **how)
        return shared * float(np.prod(size))

    return (
        Mistake(
            id=f"max-{name}-for-average",
            says="You took the largest entry of each window; average pooling takes its mean.",
            forward=pooling(rank, largest),
            commonness="common",
            used=r"\operatorname{{maxpool}}({0})",
            example=examples["max"],
        ),
        Mistake(
            id=f"avg-{name}-summed",
            says="You added up each window; average pooling divides by the number of its entries.",
            forward=pooling(rank, summed),
            backward={0: full_share},
            commonness="common",
            example=examples["summed"],
        ),
        Mistake(
            id=f"avg-{name}-stride-one",
            says="The window moves by the stride; you moved it one step at a time.",
            forward=pooling(rank, stride_one(averaged)),
            example=examples["stride-one"],
        ),
        Mistake(
            id=f"avg-{name}-stride-of-window",
            says="The stride is given here; you moved the window by its own size.",
            forward=pooling(rank, stride_of_window(averaged)),
            commonness="common",
            example=examples["stride-of-window"],
        ),
        Mistake(
            id=f"avg-{name}-padding-ignored",
            says="The input is padded first; you left the padding out.",
            forward=pooling(rank, without_padding(averaged)),
            example=examples["padding-ignored"],
        ),
        Mistake(
            id=f"avg-{name}-partial-windows",
            says="A window that doesn't fit is dropped here; you averaged what was in it.",
            forward=pooling(rank, partial_windows(_present)),
            example=examples["partial-windows"],
        ),
        Mistake(
            id=f"avg-{name}-padding-counted-otherwise",
            says=(
                "Look whether the zeros that were padded count in the mean: yours doesn't treat "
                "them as the sheet does."
            ),
            forward=pooling(rank, _other_padding),
            example=examples["padding-counted-otherwise"],
        ),
        Mistake(
            id=f"avg-{name}-across-channels",
            says="Each channel is pooled by itself; you averaged over the channels as well.",
            forward=pooling(rank, across_channels(averaged)),
            commonness="rare",
            example=examples["across-channels"],
        ),
        Mistake(
            id=f"avg-{name}-gradient-not-shared",
            says=(
                "A window's mean hands each of its entries an equal share of the gradient: divide "
                "by their number."
            ),
            backward={0: full_share},
            commonness="common",
            example=examples["gradient-not-shared"],
        ),
    )


_X = [[1.0, 2.0, 0.0, 4.0], [3.0, 6.0, 8.0, 0.0]]
_ODD = [[1.0, 2.0, 5.0], [3.0, 6.0, 7.0]]
_DEEP = [[[1.0, 5.0], [3.0, 7.0]]]

OPERATION = Operation(
    name="avg_pool2d",
    subject="convolution and pooling",
    compute=pooling(2, averaged),
    doc=(
        "avg_pool2d(x, size=2): the mean of each window, channel by channel; `stride=` (the size), "
        "`padding=0`, `dilation=1`, `ceil_mode=False`, `count_padding=True`, "
        '`layout="hwc"` or `"chw"`.'
    ),
    latex=r"\operatorname{{avgpool}}({0})",
    derivatives=(avg_pool_derivative(2),),
    params=AVERAGE_CONSTANTS,
    examples=(
        Example((_X,), [[3.0, 3.0]]),
        Example((_X,), [[3.0, 4.0, 3.0]], {"stride": 1}),
        Example((_ODD,), [[3.0]]),
        Example((_DEEP,), [[[2.0, 6.0]]], {"size": (1, 2)}),
        Example(
            ([[[1.0, 3.0]], [[5.0, 7.0]]],), [[[2.0]], [[6.0]]], {"size": (1, 2), "layout": "chw"}
        ),
        Example(([[4.0, 8.0]],), [[1.0, 2.0]], {"padding": 1}),
        Example((_ODD,), [[3.0, 6.0]], {"ceil_mode": True}),
        Example((_ODD,), [[3.0], [5.0]], {"size": (1, 2), "dilation": (1, 2), "stride": 1}),
        Example(([[4.0, 8.0]],), [[4.0, 8.0]], {"padding": 1, "count_padding": False}),
    ),
    mistakes=avg_pool_mistakes(
        2,
        "pool",
        {
            "max": Example((_X,), [[6.0, 8.0]]),
            "summed": Example((_X,), [[12.0, 12.0]]),
            "stride-one": Example((_X,), [[3.0, 4.0, 3.0]]),
            "stride-of-window": Example((_X,), [[3.0, 3.0]], {"stride": 1}),
            "padding-ignored": Example((_X,), [[3.0, 3.0]], {"padding": 1}),
            "partial-windows": Example((_ODD,), [[3.0, 6.0]]),
            "padding-counted-otherwise": Example(([[4.0, 8.0]],), [[4.0, 8.0]], {"padding": 1}),
            "across-channels": Example((_DEEP,), [[[4.0, 4.0]]], {"size": (1, 2)}),
            "gradient-not-shared": Example(
                ([[1.0, 2.0], [3.0, 6.0]],), [[1.0, 1.0], [1.0, 1.0]], gradient=[[1.0]]
            ),
        },
    ),
)
