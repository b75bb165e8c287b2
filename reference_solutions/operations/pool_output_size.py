"""How many positions a pooling window has: ``pool_output_size(n, k, stride, padding)``.

floor((n + 2p - k) / s) + 1 (Dumoulin and Visin, A guide to convolution arithmetic, 2016, chapter
3). The stride is the window's size unless it is given; the sizes are operands, so that they can be
symbols. Constants can be named as well (``stride=2``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.conv_output_size import positions
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Coincidence,
    Example,
    Mistake,
    Operation,
)
from reference_solutions.operations.parameter import REAL, REAL_OR_NONE

Size = Array | float


def _with(formula: Callable[[Array, Size, Size], Array]) -> Callable[..., Array]:
    """Make a formula of the positions before rounding, the input's size and the stride."""

    def compute(n: Size, size: Size, stride: Size | None = None, padding: Size = 0) -> Array:
        step = size if stride is None else stride
        return np.asarray(formula(positions(n, size, step, padding, 1), n, step))

    return compute


def _stride_one(n: Size, size: Size, stride: Size | None = None, padding: Size = 0) -> Array:
    _size(n, size, stride, padding)
    return _size(n, size, 1, padding)


def _padding_once(n: Size, size: Size, stride: Size | None = None, padding: Size = 0) -> Array:
    _size(n, size, stride, padding)
    return _size(n, size, stride, np.asarray(padding) / 2)


def _padding_ignored(n: Size, size: Size, stride: Size | None = None, padding: Size = 0) -> Array:
    _size(n, size, stride, padding)
    return _size(n, size, stride, 0)


def _own_size(n: Size, size: Size, stride: Size | None = None, padding: Size = 0) -> Array:
    if stride is None:
        raise ValueError("the stride is the window's size")
    _size(n, size, stride, padding)
    return _size(n, size, size, padding)


_size = _with(lambda places, _n, _s: np.floor(places) + 1)

OPERATION = Operation(
    name="pool_output_size",
    subject="shapes and counts",
    compute=_size,
    doc=(
        "pool_output_size(n, k, stride, padding): floor((n + 2p - k)/s) + 1, the size that pooling "
        "makes of size n (the stride is k and the padding 0 if left out)."
    ),
    latex="",
    arity=(2, 4),
    derivatives=lambda _position: None,
    params={"stride": REAL_OR_NONE, "padding": REAL},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((28.0, 2.0), 14.0),
        Example((55.0, 3.0, 2.0), 27.0),
        Example((7.0, 2.0), 3.0),
        Example((112.0, 3.0, 2.0, 1.0), 56.0),
    ),
    mistakes=(
        Mistake(
            id="pool-size-rounded-up",
            says="A window that doesn't fit is dropped: round the quotient down, not up.",
            forward=_with(lambda places, _n, _s: np.ceil(places) + 1),
            commonness="common",
            example=Example((7.0, 2.0), 4.0),
            hidden=Coincidence("the division leaves no rest", (6.0, 2.0, 2.0)),
        ),
        Mistake(
            id="pool-size-without-plus-one",
            says="The first position counts as well: add 1 after the division.",
            forward=_with(lambda places, _n, _s: np.floor(places)),
            commonness="common",
            example=Example((28.0, 2.0), 13.0),
        ),
        Mistake(
            id="pool-size-stride-one",
            says="The window moves by the stride; you moved it one step at a time.",
            forward=_stride_one,
            commonness="common",
            example=Example((28.0, 2.0), 27.0),
        ),
        Mistake(
            id="pool-size-stride-of-window",
            says="The stride is given here; you moved the window by its own size.",
            forward=_own_size,
            commonness="common",
            example=Example((55.0, 3.0, 2.0), 18.0),
        ),
        Mistake(
            id="pool-size-kept",
            says="Pooling makes the input smaller; that is its size as it was.",
            forward=_with(lambda _places, n, _s: np.asarray(n)),
            used="{0}",
            example=Example((28.0, 2.0), 28.0),
        ),
        Mistake(
            id="pool-size-divided-by-stride",
            says="The window's size is missing: n / s alone is not the number of positions.",
            forward=_with(lambda _places, n, s: np.floor(np.asarray(n) / s)),
            example=Example((10.0, 3.0, 2.0), 5.0),
        ),
        Mistake(
            id="pool-size-padding-once",
            says="The padding is on both sides: it counts twice, 2p.",
            forward=_padding_once,
            example=Example((28.0, 5.0, 1.0, 2.0), 26.0),
        ),
        Mistake(
            id="pool-size-padding-ignored",
            says="The padding is missing: it adds 2p to the input's size.",
            forward=_padding_ignored,
            example=Example((112.0, 3.0, 2.0, 1.0), 55.0),
        ),
    ),
)
