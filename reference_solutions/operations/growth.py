"""How values grow as symbols go to infinity: a sign and the decimal logarithm of the size.

Computed so, nothing overflows. What declares no growth is computed in ordinary numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Size: TypeAlias = tuple[float, float]
"""The sign of a value and the decimal logarithm of its absolute value."""

Growth: TypeAlias = Callable[[Sequence[Size], Mapping[str, object]], Size]
"""The size of a value from those of the operands, and the params."""


class NoSizeError(ValueError):
    """The size of a value can't be told at this point."""


def size_of(value: float) -> Size:
    """Return the size of a number. Raises :class:`NoSizeError` where it is none."""
    if math.isnan(value):
        raise NoSizeError
    size = math.inf if math.isinf(value) else math.log10(abs(value)) if value else -math.inf
    return math.copysign(1.0, value), size


def value_of(size: Size) -> float:
    """Return the number of a size; infinite beyond the range of floats."""
    sign, logarithm = size
    return sign * (10.0**logarithm if logarithm < 308 else math.inf)


def only(sizes: Sequence[Size]) -> Size:
    """Return the size of the one operand. Raises :class:`NoSizeError` where there are others."""
    if len(sizes) != 1:
        raise NoSizeError
    return sizes[0]


def as_its_operand(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    """Grow as the operand does."""
    return only(sizes)


def logarithm(base: float) -> Growth:
    """Make the growth of a logarithm."""

    def growth(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
        sign, size = only(sizes)
        if sign < 0 or math.isinf(size):
            raise NoSizeError
        return size_of(size / math.log10(base))

    return growth


def largest(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    """Grow as the largest of the operands does."""
    if not sizes:
        raise NoSizeError
    return max(sizes, key=lambda size: (size[0], size[0] * size[1]))


def smallest(sizes: Sequence[Size], _params: Mapping[str, object]) -> Size:
    """Grow as the smallest of the operands does."""
    if not sizes:
        raise NoSizeError
    return min(sizes, key=lambda size: (size[0], size[0] * size[1]))
