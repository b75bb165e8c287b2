"""Windows that move over an input, and where the input has its channels.

What convolutions and poolings share. Sizes follow Dumoulin and Visin, A guide to convolution
arithmetic, 2016: zeros on both sides, and floor((n + 2p - d(k-1) - 1) / s) + 1 positions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reference_solutions.arrays import Array

Sizes = tuple[int, ...]
Slices = tuple[slice, ...]
_LARGEST = 100_000


def per_axis(value: int | Sizes | None, rank: int, what: str, smallest: int) -> Sizes:
    """Read a constant that is a number for all axes, or one for each. Raises ValueError."""
    sizes = value if isinstance(value, tuple) else (value,) * rank
    if len(sizes) != rank or any(
        not isinstance(size, int) or isinstance(size, bool) or not smallest <= size <= _LARGEST
        for size in sizes
    ):
        numbers = "a whole number" if rank == 1 else f"a whole number or {rank} of them"
        raise ValueError(f"`{what}` is {numbers} from {smallest} on, got {value}")
    return tuple(int(size) for size in sizes if size is not None)


@dataclass(frozen=True, slots=True)
class Window:
    """A window that moves over the leading axes of an array."""

    size: Sizes
    stride: Sizes
    padding: Sizes
    dilation: Sizes

    @property
    def rank(self) -> int:
        """Over how many axes the window moves."""
        return len(self.size)

    def places(self, sizes: Sizes) -> Sizes:
        """Count the positions along each axis. Raises ValueError where the window doesn't fit."""
        spans = [d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True)]
        room = [n + 2 * p - k for n, p, k in zip(sizes, self.padding, spans, strict=True)]
        if min(room) < 0:
            raise ValueError(
                f"a window of {_times(spans)} doesn't fit into {_times(sizes)}"
                + (f" with padding {_times(self.padding)}" if any(self.padding) else "")
            )
        return tuple(r // s + 1 for r, s in zip(room, self.stride, strict=True))

    def padded(self, x: Array, value: float = 0.0) -> Array:
        """Put ``value`` around ``x``, along its leading axes."""
        widths = [(p, p) for p in self.padding] + [(0, 0)] * (x.ndim - self.rank)
        return np.pad(x, widths, constant_values=value)

    def unpadded(self, x: Array) -> Array:
        """Take the padding off the leading axes again."""
        inside = zip(self.padding, x.shape[: self.rank], strict=True)
        return x[tuple(slice(p, n - p) for p, n in inside)]

    def offsets(self, places: Sizes) -> Iterator[tuple[Sizes, Slices]]:
        """Give each entry of the window with where it lies, over all positions, when padded."""
        for at in np.ndindex(*self.size):
            yield (
                at,
                tuple(
                    slice(i * d, i * d + s * (n - 1) + 1, s)
                    for i, d, s, n in zip(at, self.dilation, self.stride, places, strict=True)
                ),
            )


def _times(sizes: list[int] | Sizes) -> str:
    return " x ".join(str(size) for size in sizes)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the arrays of a convolution are laid out; inside, the channels come last."""

    rank: int
    first: bool
    channels: bool
    filters: bool

    def input(self, x: Array) -> Array:
        """Bring an input to the shape (places..., channels)."""
        if not self.channels:
            return x[..., None]
        return np.moveaxis(x, 0, -1) if self.first else x

    def input_back(self, x: Array) -> Array:
        """Undo :meth:`input`: from the shape (places..., channels) to the layout."""
        if not self.channels:
            return x[..., 0]
        return np.moveaxis(x, -1, 0) if self.first else x

    def kernels(self, kernels: Array) -> Array:
        """Bring kernels to the shape (window..., channels, filters)."""
        if self.filters:
            return np.moveaxis(kernels, (1, 0), (-2, -1)) if self.first else kernels
        if self.channels:
            return (np.moveaxis(kernels, 0, -1) if self.first else kernels)[..., None]
        return kernels[..., None, None]

    def kernels_back(self, kernels: Array) -> Array:
        """Undo :meth:`kernels`: from the shape (window..., channels, filters) to the layout."""
        if self.filters:
            return np.moveaxis(kernels, (-2, -1), (1, 0)) if self.first else kernels
        if self.channels:
            return np.moveaxis(kernels[..., 0], -1, 0) if self.first else kernels[..., 0]
        return kernels[..., 0, 0]

    def output(self, y: Array) -> Array:
        """Bring a result (places..., filters) to the layout."""
        if not self.filters:
            return y[..., 0]
        return np.moveaxis(y, -1, 0) if self.first else y

    def output_back(self, y: Array) -> Array:
        """Undo :meth:`output`: from the layout to the shape (places..., filters)."""
        if not self.filters:
            return y[..., None]
        return np.moveaxis(y, 0, -1) if self.first else y


LAYOUTS = {1: ("lc", "cl"), 2: ("hwc", "chw")}
"""By the number of axes that a window moves over: the channels last, and first."""


def channels_first(layout: str, rank: int) -> bool:
    """Read a layout. Raises ValueError."""
    if layout not in LAYOUTS[rank]:
        raise ValueError(f"`layout` is {' or '.join(map(repr, LAYOUTS[rank]))}, got {layout!r}")
    return layout == LAYOUTS[rank][1]
