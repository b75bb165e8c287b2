"""Average pooling: ``avg_pool2d(x, size=2)``, the mean of each window, channel by channel.

The window moves by its own size unless ``stride`` says otherwise; a window that doesn't fit is
dropped (Dumoulin and Visin, A guide to convolution arithmetic, 2016, chapter 3). Zeros that were
padded count in the mean, as in PyTorch, unless ``count_padding=False``, as in Keras. The input is
(h, w), or has its channels as ``layout="hwc"`` or ``"chw"`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np

from reference_solutions.language.expression import Expression, apply
from reference_solutions.operations.conv2d import (
    Layout,
    Sizes,
    Slices,
    Window,
    channels_first,
    per_axis,
)
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.parameter import FLAG, SIZES, SIZES_OR_NONE, WORD

if TYPE_CHECKING:
    from reference_solutions.graph import Array
    from reference_solutions.graph.leaf import Leaf


CONSTANTS = {
    "size": SIZES,
    "stride": SIZES_OR_NONE,
    "padding": SIZES,
    "dilation": SIZES,
    "ceil_mode": FLAG,
    "layout": WORD,
}


class How(TypedDict, total=False):
    """The constants of pooling."""

    size: int | Sizes
    stride: int | Sizes | None
    padding: int | Sizes
    dilation: int | Sizes
    ceil_mode: bool
    layout: str


class AverageHow(How, total=False):
    """The constants of average pooling."""

    count_padding: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Pooling's operand with the channels last: what a variant of it works on."""

    x: Array
    layout: Layout
    window: Window
    count_padding: bool = True
    ceil_mode: bool = False

    @property
    def beyond(self) -> Sizes:
        """How far the last window reaches beyond the padded input, where it may be cut off.

        It begins in the input or in the padding before it, as in PyTorch.
        """
        if not self.ceil_mode:
            return (0,) * self.window.rank
        self.window.places(self.x.shape[: self.window.rank])
        found = []
        parts = zip(
            self.x.shape[: self.window.rank],
            self.window.size,
            self.window.stride,
            self.window.padding,
            self.window.dilation,
            strict=True,
        )
        for n, k, s, p, d in parts:
            room = n + 2 * p - d * (k - 1) - 1
            steps = -(-room // s)
            if steps * s >= n + p:
                steps -= 1
            found.append(max(0, steps * s - room))
        return tuple(found)

    @property
    def places(self) -> Sizes:
        """How many positions the window has. Raises ValueError where it doesn't fit."""
        sizes = zip(self.x.shape[: self.window.rank], self.beyond, strict=True)
        return self.window.places(tuple(n + more for n, more in sizes))

    def padded(self, x: Array, border: float = 0.0, beyond: float | None = None) -> Array:
        """Put ``border`` around ``x``, and ``beyond`` where a window reaches over the end."""
        widths = [(0, more) for more in self.beyond] + [(0, 0)] * (x.ndim - self.window.rank)
        around = self.window.padded(x, border)
        return np.pad(around, widths, constant_values=border if beyond is None else beyond)

    def unpadded(self, x: Array) -> Array:
        """Undo :meth:`padded`."""
        inside = tuple(
            slice(0, size - more) for size, more in zip(x.shape, self.beyond, strict=False)
        )
        return self.window.unpadded(x[inside])

    def stacked(self, x: Array, border: float, beyond: float | None = None) -> Array:
        """Put the entries of each window along a new first axis."""
        padded = self.padded(x, border, beyond)
        return np.stack([padded[where] for _, where in self.window.offsets(self.places)])

    def offsets(self) -> Iterator[tuple[Sizes, Slices]]:
        """Give each entry of the window with where it lies, over all positions, when padded."""
        return self.window.offsets(self.places)


def case(x: Array, **how: Unpack[AverageHow]) -> Case:
    """Read the operand and the constants of pooling. Raises ValueError for what doesn't fit."""
    if np.ndim(x) not in (2, 3):
        raise ValueError(f"pooling takes (h, w) or its channels as well, got shape {np.shape(x)}")
    layout = Layout(2, channels_first(how.get("layout", "hwc"), 2), np.ndim(x) == 3, filters=False)
    size = per_axis(how.get("size", 2), 2, "size", 1)
    stride = how.get("stride")
    padding = per_axis(how.get("padding", 0), 2, "padding", 0)
    if any(2 * p > k for p, k in zip(padding, size, strict=True)):
        raise ValueError(f"the padding is at most half of the window, got {padding} for {size}")
    step = size if stride is None else per_axis(stride, 2, "stride", 1)
    dilation = per_axis(how.get("dilation", 1), 2, "dilation", 1)
    return Case(
        layout.input(np.asarray(x)),
        layout,
        Window(size, step, padding, dilation),
        how.get("count_padding", True),
        bool(how.get("ceil_mode", False)),
    )


Variant = Callable[[Case], "Array"]


def with_variant(variant: Variant) -> Callable[..., Array]:
    """Make a pooling of a function that pools with the channels last."""

    def compute(x: Array, **how: Unpack[AverageHow]) -> Array:
        this = case(x, **how)
        return this.layout.input_back(variant(this))

    return compute


def weights(this: Case) -> Array:
    """Return by what each window's sum is divided."""
    entries = np.ones((*this.x.shape[:2], 1))
    border = 1.0 if this.count_padding else 0.0
    return np.asarray(this.stacked(entries, border, 0.0).sum(axis=0))


def averaged(this: Case) -> Array:
    """Take the mean of each window."""
    return np.asarray(this.stacked(this.x, 0.0).sum(axis=0) / weights(this))


def summed(this: Case) -> Array:
    """Take the sum of each window."""
    return np.asarray(this.stacked(this.x, 0.0).sum(axis=0))


def largest(this: Case) -> Array:
    """Take the largest entry of each window; padding never wins."""
    return np.asarray(this.stacked(this.x, -np.inf).max(axis=0))


def smallest(this: Case) -> Array:
    """Take the smallest entry of each window."""
    return np.asarray(this.stacked(this.x, np.inf).min(axis=0))


def stride_one(pool: Variant) -> Variant:
    """Move the window one step at a time."""

    def variant(this: Case) -> Array:
        if this.window.stride == (1, 1):
            raise ValueError("the stride is 1")
        return pool(replace(this, window=replace(this.window, stride=(1, 1))))

    return variant


def partial_windows(pool: Variant) -> Variant:
    """Keep the windows at the end that are only partly filled."""

    def variant(this: Case) -> Array:
        window = this.window
        if this.ceil_mode or max(window.dilation) > 1:
            raise ValueError("the windows at the end are kept, or have gaps")
        if any(window.padding) or any(np.greater(window.stride, window.size)):
            raise ValueError("the windows at the end may be empty")
        sizes = zip(this.x.shape, window.padding, window.size, window.stride, strict=False)
        missing = [-(n + 2 * p - k) % s for n, p, k, s in sizes]
        if not any(missing):
            raise ValueError("all windows fit")
        widths = [(0, more) for more in missing] + [(0, 0)]
        grown = np.pad(this.x, widths, constant_values=np.nan)
        return pool(replace(this, x=grown))

    return variant


def across_channels(pool: Variant) -> Variant:
    """Pool over the channels as well."""

    def variant(this: Case) -> Array:
        if this.x.shape[-1] == 1:
            raise ValueError("there is only one channel")
        x = np.moveaxis(this.x, -1, 0)
        each = np.stack([pool(replace(this, x=channel[..., None])) for channel in x])
        how = np.max if pool is largest else np.mean
        pooled = np.asarray(how(each, axis=0))
        return np.repeat(pooled, this.x.shape[-1], axis=-1)

    return variant


def _present(this: Case) -> Array:
    return np.asarray(np.nanmean(this.stacked(this.x, np.nan), axis=0))


def _other_padding(this: Case) -> Array:
    if not any(this.window.padding):
        raise ValueError("there is no padding")
    return averaged(replace(this, count_padding=not this.count_padding))


def _derivative(g: Leaf, _out: Leaf, x: Leaf, **how: Unpack[AverageHow]) -> Expression:
    return apply("avg_pool_gradient", g, shape=x.shape, **how)


def _full_share(g: Leaf, _out: Leaf, x: Leaf, **how: Unpack[AverageHow]) -> Expression:
    size = per_axis(how.get("size", 2), 2, "size", 1)
    how["count_padding"] = True
    return apply("avg_pool_gradient", g, shape=x.shape, **how) * float(np.prod(size))


_X = [[1.0, 2.0, 0.0, 4.0], [3.0, 6.0, 8.0, 0.0]]
_ODD = [[1.0, 2.0, 5.0], [3.0, 6.0, 7.0]]
_DEEP = [[[1.0, 5.0], [3.0, 7.0]]]

OPERATION = Operation(
    name="avg_pool2d",
    subject="convolution and pooling",
    compute=with_variant(averaged),
    doc=(
        "avg_pool2d(x, size=2): the mean of each window, channel by channel; `stride=` (the size), "
        "`padding=0`, `dilation=1`, `ceil_mode=False`, `count_padding=True`, "
        '`layout="hwc"` or `"chw"`.'
    ),
    latex=r"\operatorname{{avgpool}}({0})",
    derivatives=(_derivative,),
    params={**CONSTANTS, "count_padding": FLAG},
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
    mistakes=(
        Mistake(
            id="max-pool-for-average",
            says="You took the largest entry of each window; average pooling takes its mean.",
            forward=with_variant(largest),
            commonness="common",
            used=r"\operatorname{{maxpool}}({0})",
            example=Example((_X,), [[6.0, 8.0]]),
        ),
        Mistake(
            id="avg-pool-summed",
            says="You added up each window; average pooling divides by the number of its entries.",
            forward=with_variant(summed),
            backward={0: _full_share},
            commonness="common",
            example=Example((_X,), [[12.0, 12.0]]),
        ),
        Mistake(
            id="avg-pool-stride-one",
            says="The window moves by the stride; you moved it one step at a time.",
            forward=with_variant(stride_one(averaged)),
            example=Example((_X,), [[3.0, 4.0, 3.0]]),
        ),
        Mistake(
            id="avg-pool-partial-windows",
            says="A window that doesn't fit is dropped here; you averaged what was in it.",
            forward=with_variant(partial_windows(_present)),
            example=Example((_ODD,), [[3.0, 6.0]]),
        ),
        Mistake(
            id="avg-pool-padding-counted-otherwise",
            says=(
                "Look whether the zeros that were padded count in the mean: yours doesn't treat "
                "them as the sheet does."
            ),
            forward=with_variant(_other_padding),
            example=Example(([[4.0, 8.0]],), [[4.0, 8.0]], {"padding": 1}),
        ),
        Mistake(
            id="avg-pool-across-channels",
            says="Each channel is pooled by itself; you averaged over the channels as well.",
            forward=with_variant(across_channels(averaged)),
            commonness="rare",
            example=Example((_DEEP,), [[[4.0, 4.0]]], {"size": (1, 2)}),
        ),
        Mistake(
            id="avg-pool-gradient-not-shared",
            says=(
                "A window's mean hands each of its entries an equal share of the gradient: divide "
                "by their number."
            ),
            backward={0: _full_share},
            commonness="common",
            example=Example(
                ([[1.0, 2.0], [3.0, 6.0]],), [[1.0, 1.0], [1.0, 1.0]], gradient=[[1.0]]
            ),
        ),
    ),
)
