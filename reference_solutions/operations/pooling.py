"""What poolings in one and two dimensions share: windows, and what is taken of each.

The window moves by its own size unless ``stride`` says otherwise; a window that doesn't fit is
dropped, unless ``ceil_mode`` keeps what begins in the input (Dumoulin and Visin, A guide to
convolution arithmetic, 2016, chapter 3; PyTorch). Each channel is pooled by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.parameter import FLAG, SIZES, SIZES_OR_NONE, WORD
from reference_solutions.operations.windows import (
    LAYOUTS,
    Layout,
    Sizes,
    Slices,
    Window,
    channels_first,
    per_axis,
)

CONSTANTS = {
    "size": SIZES,
    "stride": SIZES_OR_NONE,
    "padding": SIZES,
    "dilation": SIZES,
    "ceil_mode": FLAG,
    "layout": WORD,
}
AVERAGE_CONSTANTS = {**CONSTANTS, "count_padding": FLAG}


class How(TypedDict, total=False):
    """The constants of pooling, and over how many axes the window moves."""

    rank: int

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
    """Pooling's operand, (places..., channels): what a variant of it works on."""

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
        """Undo :meth:`padded`: the leading axes have their own length again."""
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
    """Read the operand, (places...) with or without channels, and the constants of pooling.

    Raises ValueError for what doesn't fit.
    """
    rank = how.get("rank", 2)
    if np.ndim(x) not in (rank, rank + 1):
        places = "(h, w)" if rank == 2 else "(n,)"
        raise ValueError(f"pooling takes {places} or its channels as well, got shape {np.shape(x)}")
    first = channels_first(how.get("layout", LAYOUTS[rank][0]), rank)
    layout = Layout(rank, first, np.ndim(x) == rank + 1, filters=False)
    size = per_axis(how.get("size", 2), rank, "size", 1)
    stride = how.get("stride")
    padding = per_axis(how.get("padding", 0), rank, "padding", 0)
    if any(2 * p > k for p, k in zip(padding, size, strict=True)):
        raise ValueError(f"the padding is at most half of the window, got {padding} for {size}")
    step = size if stride is None else per_axis(stride, rank, "stride", 1)
    dilation = per_axis(how.get("dilation", 1), rank, "dilation", 1)
    return Case(
        layout.input(np.asarray(x)),
        layout,
        Window(size, step, padding, dilation),
        how.get("count_padding", True),
        bool(how.get("ceil_mode", False)),
    )


Variant = Callable[[Case], "Array"]


def pooling(rank: int, variant: Variant) -> Callable[..., Array]:
    """Make a pooling in ``rank`` dimensions of a function that pools with the channels last.

    It takes and gives arrays in the layout that is named, with channels or without.
    """

    def compute(x: Array, **how: Unpack[AverageHow]) -> Array:
        how["rank"] = rank
        this = case(x, **how)
        return this.layout.input_back(variant(this))

    return compute


def weights(this: Case) -> Array:
    """Return by what each window's sum is divided."""
    entries = np.ones((*this.x.shape[:-1], 1))
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
        if set(this.window.stride) == {1}:
            raise ValueError("the stride is 1")
        one = (1,) * this.window.rank
        return pool(replace(this, window=replace(this.window, stride=one)))

    return variant


def stride_of_window(pool: Variant) -> Variant:
    """Move the window by its own size."""

    def variant(this: Case) -> Array:
        if this.window.stride == this.window.size:
            raise ValueError("the stride is the size of the window")
        return pool(replace(this, window=replace(this.window, stride=this.window.size)))

    return variant


def without_padding(pool: Variant) -> Variant:
    """Leave the padding out."""

    def variant(this: Case) -> Array:
        if not any(this.window.padding):
            raise ValueError("there is no padding")
        none = (0,) * this.window.rank
        return pool(replace(this, window=replace(this.window, padding=none)))

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
