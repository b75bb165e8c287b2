"""Max pooling: ``max_pool2d(x, size=2)``, the largest entry of each window, channel by channel.

The window moves by its own size unless ``stride`` says otherwise; a window that doesn't fit is
dropped, and padding never wins, as if it were -inf (Dumoulin and Visin, A guide to convolution
arithmetic, 2016, chapter 3; PyTorch). The input is (h, w), or has its channels as
``layout="hwc"`` or ``"chw"`` says. Of equal entries the first, row by row, receives the gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np

from reference_solutions.language.expression import Expression, apply
from reference_solutions.operations.avg_pool2d import (
    CONSTANTS,
    Case,
    How,
    across_channels,
    averaged,
    largest,
    partial_windows,
    smallest,
    stride_one,
    with_variant,
)
from reference_solutions.operations.conv2d import per_axis
from reference_solutions.operations.operation import Example, Mistake, Operation

if TYPE_CHECKING:
    from reference_solutions.graph import Array
    from reference_solutions.graph.leaf import Leaf


def _zero_border(this: Case) -> Array:
    if not any(this.window.padding):
        raise ValueError("there is no padding")
    return np.asarray(this.stacked(this.x, 0.0).max(axis=0))


def _present(this: Case) -> Array:
    return np.asarray(np.nanmax(this.stacked(this.x, -np.inf), axis=0))


def _derivative(g: Leaf, _out: Leaf, x: Leaf, **how: Unpack[How]) -> Expression:
    return apply("max_pool_gradient", x, g, **how)


def _shared(g: Leaf, _out: Leaf, x: Leaf, **how: Unpack[How]) -> Expression:
    return apply("avg_pool_gradient", g, shape=x.shape, **how)


def _to_all(g: Leaf, out: Leaf, x: Leaf, **how: Unpack[How]) -> Expression:
    entries = float(np.prod(per_axis(how.get("size", 2), 2, "size", 1)))
    return _shared(g, out, x, **how) * entries


_X = [[1.0, 2.0, 0.0, 4.0], [3.0, 6.0, 8.0, 1.0]]
_ODD = [[1.0, 2.0, 5.0], [3.0, 6.0, 7.0]]
_DEEP = [[[1.0, 7.0], [3.0, 5.0]]]
_NEGATIVE = [[-4.0, -8.0]]
_SQUARE = [[1.0, 2.0], [3.0, 6.0]]

OPERATION = Operation(
    name="max_pool2d",
    subject="convolution and pooling",
    compute=with_variant(largest),
    doc=(
        "max_pool2d(x, size=2): the largest entry of each window, channel by channel; `stride=` "
        '(the size), `padding=0`, `dilation=1`, `ceil_mode=False`, `layout="hwc"` or `"chw"`.'
    ),
    latex=r"\operatorname{{maxpool}}({0})",
    derivatives=(_derivative,),
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
    mistakes=(
        Mistake(
            id="average-pool-for-max",
            says="You took the mean of each window; max pooling takes its largest entry.",
            forward=with_variant(averaged),
            commonness="common",
            used=r"\operatorname{{avgpool}}({0})",
            example=Example((_X,), [[3.0, 3.25]]),
        ),
        Mistake(
            id="min-pool-for-max",
            says="You took the smallest entry of each window; max pooling takes the largest.",
            forward=with_variant(smallest),
            commonness="rare",
            used=r"\operatorname{{minpool}}({0})",
            example=Example((_X,), [[1.0, 0.0]]),
        ),
        Mistake(
            id="max-pool-stride-one",
            says="The window moves by the stride; you moved it one step at a time.",
            forward=with_variant(stride_one(largest)),
            commonness="common",
            example=Example((_X,), [[6.0, 8.0, 8.0]]),
        ),
        Mistake(
            id="max-pool-partial-windows",
            says=(
                "A window that doesn't fit is dropped here; you took the largest of what was in it."
            ),
            forward=with_variant(partial_windows(_present)),
            example=Example((_ODD,), [[6.0, 7.0]]),
        ),
        Mistake(
            id="max-pool-zero-padding",
            says="Padding must not win: where all entries are negative you took a padded zero.",
            forward=with_variant(_zero_border),
            example=Example((_NEGATIVE,), [[0.0, 0.0]], {"padding": 1}),
        ),
        Mistake(
            id="max-pool-across-channels",
            says=(
                "Each channel is pooled by itself; you took the largest over the channels as well."
            ),
            forward=with_variant(across_channels(largest)),
            commonness="rare",
            example=Example((_DEEP,), [[[7.0, 7.0]]], {"size": (1, 2)}),
        ),
        Mistake(
            id="max-pool-gradient-shared",
            says=(
                "Only the largest entry of a window receives its gradient; you shared it out "
                "equally."
            ),
            backward={0: _shared},
            commonness="common",
            example=Example((_SQUARE,), [[1.0, 1.0], [1.0, 1.0]], gradient=[[4.0]]),
        ),
        Mistake(
            id="max-pool-gradient-to-all",
            says="Only the largest entry of a window receives its gradient; you gave it to all.",
            backward={0: _to_all},
            example=Example((_SQUARE,), [[4.0, 4.0], [4.0, 4.0]], gradient=[[4.0]]),
        ),
    ),
)
