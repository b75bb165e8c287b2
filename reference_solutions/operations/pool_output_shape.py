"""The shape that pooling makes: ``pool_output_shape([h, w, c], k, stride, padding)``.

Height and width by :mod:`reference_solutions.operations.pool_output_size`; each channel is pooled
by itself, so the depth stays. The shape is (h, w, c) unless ``layout="chw"``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.conv_output_shape import (
    shape_of,
    sides_and_depth,
    size_mistakes,
)
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import WORD
from reference_solutions.operations.pool_output_size import OPERATION as SIZE


def _with(size: Callable[..., Array]) -> Callable[..., Array]:
    def compute(shape: Array, *window: Array, layout: str = "hwc") -> Array:
        sides, depth = sides_and_depth(shape, layout)
        for operand in window:
            if np.shape(operand) not in ((), (2,)):
                raise ValueError(
                    f"a window, stride or padding is a number or two, got shape {np.shape(operand)}"
                )
        return shape_of(np.asarray(size(sides, *window)), depth, layout)

    return compute


def _depth_pooled(shape: Array, *window: Array, layout: str = "hwc") -> Array:
    right = _shape(shape, *window, layout=layout)
    depth = np.asarray(sides_and_depth(shape, layout)[1])
    return shape_of(
        sides_and_depth(right, layout)[0],
        np.asarray(SIZE.compute(depth, *[np.max(operand) for operand in window])),
        layout,
    )


def _other_layout(shape: Array, *window: Array, layout: str = "hwc") -> Array:
    right = _shape(shape, *window, layout=layout)
    return np.roll(right, -1 if layout == "chw" else 1)


_shape = _with(SIZE.compute)

_PLAIN = ([28.0, 28.0, 6.0], 2.0)
_STRIDED = ([55.0, 55.0, 96.0], 3.0, 2.0)

_WORDS = {
    "pool-size-rounded-up": (
        "pool-shape-rounded-up",
        Example(([7.0, 7.0, 6.0], 2.0), [4.0, 4.0, 6.0]),
    ),
    "pool-size-without-plus-one": (
        "pool-shape-without-plus-one",
        Example(_PLAIN, [13.0, 13.0, 6.0]),
    ),
    "pool-size-stride-one": ("pool-shape-stride-one", Example(_PLAIN, [27.0, 27.0, 6.0])),
    "pool-size-stride-of-window": (
        "pool-shape-stride-of-window",
        Example(_STRIDED, [18.0, 18.0, 96.0]),
    ),
    "pool-size-kept": ("pool-shape-kept", Example(_PLAIN, [28.0, 28.0, 6.0])),
}


OPERATION = Operation(
    name="pool_output_shape",
    subject="shapes and counts",
    compute=_shape,
    doc=(
        "pool_output_shape([h, w, c], k, stride, padding): height, width and depth of what pooling "
        'makes; depth first with `layout="chw"`.'
    ),
    latex="",
    arity=(2, 4),
    derivatives=lambda _position: None,
    params={"layout": WORD},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(_PLAIN, [14.0, 14.0, 6.0]),
        Example(_STRIDED, [27.0, 27.0, 96.0]),
        Example(([6.0, 28.0, 20.0], [2.0, 4.0]), [6.0, 14.0, 5.0], {"layout": "chw"}),
    ),
    mistakes=(
        *size_mistakes(SIZE, _WORDS, _with),
        Mistake(
            id="pool-shape-depth-pooled",
            says="Each channel is pooled by itself: the depth stays as it was.",
            forward=_depth_pooled,
            commonness="common",
            example=Example(_PLAIN, [14.0, 14.0, 3.0]),
        ),
        Mistake(
            id="pool-shape-in-other-order",
            says="The right numbers in another order: look where the sheet puts the channels.",
            forward=_other_layout,
            commonness="common",
            example=Example(_PLAIN, [6.0, 14.0, 14.0]),
        ),
    ),
)
