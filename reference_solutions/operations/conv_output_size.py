"""How many positions a kernel has: ``conv_output_size(n, k, stride, padding, dilation)``.

floor((n + 2p - d(k-1) - 1) / s) + 1 (Dumoulin and Visin, A guide to convolution arithmetic, 2016,
relationships 6 and 15). The sizes are operands, so that they can be symbols; those left out are
stride 1, padding 0 and dilation 1. Constants can be named as well (``stride=2``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Coincidence,
    Example,
    Mistake,
    Operation,
)
from reference_solutions.operations.parameter import REAL

Size = Array | float


def _check(room: Array, stride: Size) -> None:
    if np.any(np.asarray(stride) <= 0):
        raise ValueError(f"a stride is a positive number, got {stride}")
    if np.any(room < 0):
        raise ValueError("the kernel is larger than the padded input")


def positions(n: Size, kernel: Size, stride: Size, padding: Size, dilation: Size) -> Array:
    """Count positions before rounding, elementwise: (n + 2p - d (k - 1) - 1) / s.

    Raises ValueError where the kernel doesn't fit.
    """
    room = np.asarray(n + 2 * np.asarray(padding) - dilation * (np.asarray(kernel) - 1) - 1)
    _check(room, stride)
    return room / stride


def _size(n: Size, kernel: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1) -> Array:
    return np.floor(positions(n, kernel, stride, padding, dilation)) + 1


Sizes = Callable[..., "Array"]


def _with(formula: Sizes) -> Sizes:
    """Make a wrong formula, for where the right one has a value."""

    def compute(
        n: Size, kernel: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
    ) -> Array:
        positions(n, kernel, stride, padding, dilation)
        return np.asarray(formula(n, kernel, stride, padding, dilation))

    return compute


OPERATION = Operation(
    name="conv_output_size",
    subject="shapes and counts",
    compute=_size,
    doc=(
        "conv_output_size(n, k, stride, padding, dilation): floor((n + 2p - d(k-1) - 1)/s) + 1, "
        "the size that a convolution makes of size n (stride 1, padding 0, dilation 1 if left "
        "out)."
    ),
    latex="",
    arity=(2, 5),
    derivatives=lambda _position: None,
    params={"stride": REAL, "padding": REAL, "dilation": REAL},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((28.0, 3.0), 26.0),
        Example((28.0, 5.0, 1.0, 2.0), 28.0),
        Example((224.0, 7.0, 2.0, 3.0), 112.0),
        Example((10.0, 3.0, 1.0, 0.0, 2.0), 6.0),
        Example(([227.0, 100.0], 11.0), [55.0, 23.0], {"stride": 4}),
    ),
    mistakes=(
        Mistake(
            id="conv-size-rounded-up",
            says="Where the kernel no longer fits it doesn't go: round the quotient down, not up.",
            forward=_with(
                lambda n, k, s, p, d: np.ceil(positions(n, k, s, p, d)) + 1,
            ),
            commonness="common",
            used=r"\lceil \ldots \rceil + 1",
            source="seen in published work",
            example=Example((224.0, 7.0, 2.0, 3.0), 113.0),
            hidden=Coincidence("the division leaves no rest", (5.0, 3.0, 2.0)),
        ),
        Mistake(
            id="conv-size-not-rounded",
            says="A size is a whole number: round the quotient down before 1 is added.",
            forward=_with(lambda n, k, s, p, d: positions(n, k, s, p, d) + 1),
            source="seen in published work",
            example=Example((224.0, 7.0, 2.0, 3.0), 112.5),
            hidden=Coincidence("the division leaves no rest", (5.0, 3.0, 2.0)),
        ),
        Mistake(
            id="conv-size-without-plus-one",
            says="The first position counts as well: add 1 after the division.",
            forward=_with(lambda n, k, s, p, d: np.floor(positions(n, k, s, p, d))),
            commonness="common",
            used=r"\lfloor \ldots \rfloor",
            example=Example((28.0, 3.0), 25.0),
        ),
        Mistake(
            id="conv-size-padding-once",
            says="The padding is on both sides: it counts twice, 2p.",
            forward=_with(lambda n, k, s, p, d: _size(n, k, s, np.asarray(p) / 2, d)),
            commonness="common",
            example=Example((28.0, 5.0, 1.0, 2.0), 26.0),
        ),
        Mistake(
            id="conv-size-padding-ignored",
            says="The padding is missing: it adds 2p to the input's size.",
            forward=_with(lambda n, k, s, _p, d: _size(n, k, s, 0, d)),
            commonness="common",
            example=Example((28.0, 5.0, 1.0, 2.0), 24.0),
        ),
        Mistake(
            id="conv-size-stride-ignored",
            says="The stride is missing: the kernel moves s at a time, so divide by s.",
            forward=_with(lambda n, k, _s, p, d: _size(n, k, 1, p, d)),
            commonness="common",
            source="seen in published work",
            example=Example((224.0, 7.0, 2.0, 3.0), 224.0),
        ),
        Mistake(
            id="conv-size-input-divided-by-stride",
            says="The kernel's size is missing: n / s alone is not the number of positions.",
            forward=_with(lambda n, _k, s, _p, _d: np.floor(np.asarray(n) / s)),
            example=Example((12.0, 5.0, 3.0), 4.0),
        ),
        Mistake(
            id="conv-size-kept",
            says=(
                'There is no such padding here ("valid"): the size doesn\'t stay as it was '
                '("same").'
            ),
            forward=_with(lambda n, _k, _s, _p, _d: n),
            commonness="common",
            used="{0}",
            source="seen in published work",
            example=Example((28.0, 3.0), 28.0),
        ),
        Mistake(
            id="conv-size-kernel-added",
            says="The kernel's size is taken away from the input's, not added to it.",
            forward=_with(
                lambda n, k, s, p, d: (
                    np.floor((n + 2 * np.asarray(p) + d * (np.asarray(k) - 1) - 1) / s) + 1
                )
            ),
            commonness="rare",
            example=Example((28.0, 3.0), 30.0),
        ),
        Mistake(
            id="conv-size-dilation-ignored",
            says="A dilated kernel spans d(k - 1) + 1 entries; you took k.",
            forward=_with(lambda n, k, s, p, _d: _size(n, k, s, p, 1)),
            commonness="common",
            example=Example((10.0, 3.0, 1.0, 0.0, 2.0), 8.0),
        ),
        Mistake(
            id="conv-size-dilation-times-kernel",
            says="A dilated kernel spans d(k - 1) + 1 entries, not d times k.",
            forward=_with(
                lambda n, k, s, p, d: np.floor((n + 2 * np.asarray(p) - d * np.asarray(k)) / s) + 1
            ),
            example=Example((10.0, 3.0, 1.0, 0.0, 2.0), 5.0),
        ),
    ),
)
