"""A convolution's shape: ``conv_output_shape([h, w, c], k, filters, stride, padding)``.

Height and width by :mod:`reference_solutions.operations.conv_output_size`; the depth is the number
of filters. The shape is (h, w, c) unless ``layout="chw"``. The kernel, stride, padding and dilation
are a number, or a list of two for height and width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.conv_output_size import OPERATION as SIZE
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import WORD
from reference_solutions.operations.windows import channels_first


def sides_and_depth(shape: Array, layout: str) -> tuple[Array, Array]:
    """Take height and width apart from the depth. Raises ValueError for no such shape."""
    if np.shape(shape) != (3,):
        raise ValueError(f"a shape has height, width and depth, got {np.shape(shape)} numbers")
    shape = np.asarray(shape)
    if channels_first(layout, 2):
        return shape[1:], shape[0]
    return shape[:2], shape[2]


def shape_of(sides: Array, depth: Array, layout: str) -> Array:
    """Put height and width, of shape () or (2,), and depth, of shape (), together as (3,)."""
    if np.ndim(depth) != 0:
        raise ValueError(f"the number of filters is one number, got shape {np.shape(depth)}")
    both = np.broadcast_to(sides, (2,))
    parts = (depth, *both) if channels_first(layout, 2) else (*both, depth)
    return np.array(parts, dtype=np.float64)


def size_mistakes(
    size: Operation,
    words: Mapping[str, tuple[str, Example]],
    made: Callable[[Callable[..., Array]], Callable[..., Array]],
) -> tuple[Mistake, ...]:
    """Make the mistakes of a size, made in height and width.

    ``words`` has the id of each and its example; ``made`` makes a shape of what gives sizes.
    """
    return tuple(
        Mistake(
            id=words[mistake.id][0],
            says=mistake.says,
            forward=made(mistake.forward),
            commonness=mistake.commonness,
            source=mistake.source,
            example=words[mistake.id][1],
        )
        for mistake in size.mistakes
        if mistake.id in words and mistake.forward is not None
    )


def _with(size: Callable[..., Array]) -> Callable[..., Array]:
    def compute(
        shape: Array, kernel: Array, filters: Array, *window: Array, layout: str = "hwc"
    ) -> Array:
        sides, _ = sides_and_depth(shape, layout)
        for operand in (kernel, *window):
            if np.shape(operand) not in ((), (2,)):
                raise ValueError(
                    f"a kernel, stride or padding is a number or two, got shape {np.shape(operand)}"
                )
        return shape_of(np.asarray(size(sides, kernel, *window)), filters, layout)

    return compute


def _other_layout(
    shape: Array, kernel: Array, filters: Array, *window: Array, layout: str = "hwc"
) -> Array:
    right = _shape(shape, kernel, filters, *window, layout=layout)
    return np.roll(right, -1 if layout == "chw" else 1)


def _depth_kept(
    shape: Array, kernel: Array, filters: Array, *window: Array, layout: str = "hwc"
) -> Array:
    _shape(shape, kernel, filters, *window, layout=layout)
    return _shape(shape, kernel, sides_and_depth(shape, layout)[1], *window, layout=layout)


def _depth_multiplied(
    shape: Array, kernel: Array, filters: Array, *window: Array, layout: str = "hwc"
) -> Array:
    depth = sides_and_depth(shape, layout)[1] * filters
    return _shape(shape, kernel, np.asarray(depth), *window, layout=layout)


_shape = _with(SIZE.compute)

_RGB = [227.0, 227.0, 3.0]
_PLAIN = ([32.0, 32.0, 3.0], 5.0, 6.0)
_STRIDED = (_RGB, 10.0, 96.0, 4.0)
_PADDED = ([28.0, 20.0, 1.0], 5.0, 6.0, 1.0, 2.0)
_DILATED = ([10.0, 10.0, 1.0], 3.0, 6.0, 1.0, 0.0, 2.0)

_WORDS = {
    "conv-size-rounded-up": ("conv-shape-rounded-up", Example(_STRIDED, [56.0, 56.0, 96.0])),
    "conv-size-without-plus-one": (
        "conv-shape-without-plus-one",
        Example(_PLAIN, [27.0, 27.0, 6.0]),
    ),
    "conv-size-padding-once": ("conv-shape-padding-once", Example(_PADDED, [26.0, 18.0, 6.0])),
    "conv-size-padding-ignored": (
        "conv-shape-padding-ignored",
        Example(_PADDED, [24.0, 16.0, 6.0]),
    ),
    "conv-size-stride-ignored": (
        "conv-shape-stride-ignored",
        Example(_STRIDED, [218.0, 218.0, 96.0]),
    ),
    "conv-size-kept": ("conv-shape-kept", Example(_PLAIN, [32.0, 32.0, 6.0])),
    "conv-size-dilation-ignored": (
        "conv-shape-dilation-ignored",
        Example(_DILATED, [8.0, 8.0, 6.0]),
    ),
}


OPERATION = Operation(
    name="conv_output_shape",
    subject="shapes and counts",
    compute=_shape,
    doc=(
        "conv_output_shape([h, w, c], k, filters, stride, padding, dilation): height, width and "
        'depth of what a convolution makes; depth first with `layout="chw"`.'
    ),
    latex="",
    arity=(3, 6),
    derivatives=lambda _position: None,
    params={"layout": WORD},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(_PLAIN, [28.0, 28.0, 6.0]),
        Example(_STRIDED, [55.0, 55.0, 96.0]),
        Example(_PADDED, [28.0, 20.0, 6.0]),
        Example(_DILATED, [6.0, 6.0, 6.0]),
        Example(([3.0, 32.0, 30.0], [5.0, 3.0], 6.0), [6.0, 28.0, 28.0], {"layout": "chw"}),
    ),
    mistakes=(
        *size_mistakes(SIZE, _WORDS, _with),
        Mistake(
            id="conv-shape-depth-of-input",
            says="The depth of the result is the number of filters, not the depth of the input.",
            forward=_depth_kept,
            commonness="common",
            example=Example(_PLAIN, [28.0, 28.0, 3.0]),
        ),
        Mistake(
            id="conv-shape-depths-multiplied",
            says=(
                "Each filter adds up over all input channels and gives one map: the depth is the "
                "number of filters, not times the input's depth."
            ),
            forward=_depth_multiplied,
            example=Example(_PLAIN, [28.0, 28.0, 18.0]),
        ),
        Mistake(
            id="conv-shape-in-other-order",
            says="The right numbers in another order: look where the sheet puts the channels.",
            forward=_other_layout,
            commonness="common",
            example=Example(_PLAIN, [6.0, 28.0, 28.0]),
        ),
    ),
)
