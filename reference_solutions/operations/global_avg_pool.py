"""Global average pooling: ``global_avg_pool(x)``, the mean of each channel (Lin et al., 2014).

The input is (h, w), or has its channels as ``layout="hwc"`` or ``"chw"`` says.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.parameter import WORD
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.windows import channels_first


def _with(pool: Callable[..., Array]) -> Callable[..., Array]:
    def compute(x: Array, layout: str = "hwc") -> Array:
        if np.ndim(x) not in (2, 3):
            raise ValueError(
                f"pooling takes (h, w) or its channels as well, got shape {np.shape(x)}"
            )
        axes = (1, 2) if np.ndim(x) == 3 and channels_first(layout, 2) else (0, 1)
        return np.asarray(pool(x, axis=axes))

    return compute


def _over_channels(x: Array, layout: str = "hwc") -> Array:
    if np.ndim(x) != 3:
        raise ValueError("there is only one channel")
    return np.asarray(np.mean(x, axis=0 if channels_first(layout, 2) else 2))


def _over_all(x: Array, layout: str = "hwc") -> Array:
    if np.ndim(x) != 3:
        raise ValueError("there is only one channel")
    return np.asarray(np.mean(x))


def _spread(g: Quantity, x: Quantity, layout: str) -> tuple[Expression, float]:
    """``g`` given to all places of its channel, and how many those are."""
    if len(x.shape) == 3 and channels_first(layout, 2):
        return apply("spread", apply("column", apply("column", g)), shape=x.shape), float(
            np.prod(x.shape[1:])
        )
    return apply("spread", g, shape=x.shape), float(np.prod(x.shape[:2]))


def _derivative(g: Quantity, _out: Quantity, x: Quantity, layout: str = "hwc") -> Expression:
    spread, places = _spread(g, x, layout)
    return spread / places


def _not_shared(g: Quantity, _out: Quantity, x: Quantity, layout: str = "hwc") -> Expression:
    return _spread(g, x, layout)[0]


_DEEP = [[[1.0, 5.0], [3.0, 9.0]]]

OPERATION = Operation(
    name="global_avg_pool",
    subject="convolution and pooling",
    compute=_with(np.mean),
    doc='global_avg_pool(x): the mean of each channel; `layout="hwc"` or `"chw"`.',
    latex=r"\operatorname{{GAP}}({0})",
    derivatives=(_derivative,),
    params={"layout": WORD},
    examples=(
        Example((_DEEP,), [2.0, 7.0]),
        Example(([[1.0, 2.0], [3.0, 6.0]],), 3.0),
        Example(([[[1.0, 3.0]], [[5.0, 9.0]]],), [2.0, 7.0], {"layout": "chw"}),
    ),
    mistakes=(
        Mistake(
            id="global-max-for-average",
            says=(
                "You took the largest entry of each channel; global average pooling takes its mean."
            ),
            forward=_with(np.max),
            commonness="common",
            example=Example((_DEEP,), [3.0, 9.0]),
        ),
        Mistake(
            id="global-pool-summed",
            says="You added up each channel; divide by the number of its places.",
            forward=_with(np.sum),
            backward={0: _not_shared},
            commonness="common",
            example=Example((_DEEP,), [4.0, 14.0]),
        ),
        Mistake(
            id="global-pool-over-channels",
            says="The mean runs over the places of each channel; you took it over the channels.",
            forward=_over_channels,
            commonness="common",
            example=Example((_DEEP,), [[3.0, 6.0]]),
        ),
        Mistake(
            id="global-pool-over-everything",
            says="Each channel has a mean of its own; you took one over all of them.",
            forward=_over_all,
            example=Example((_DEEP,), 4.5),
        ),
        Mistake(
            id="global-pool-gradient-not-shared",
            says=(
                "Each place receives an equal share of its channel's gradient: divide by their "
                "number."
            ),
            backward={0: _not_shared},
            commonness="common",
            example=Example((_DEEP,), [[[1.0, 2.0], [1.0, 2.0]]], gradient=[1.0, 2.0]),
        ),
    ),
)
