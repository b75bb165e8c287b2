"""Values in memory, written as a student would have written them in a file.

A number that was computed is taken at its full precision, and no digit of it can be mistyped. One
of few digits was typed, or rounded on purpose: 0.762 is written as the text ``0.762``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from submissions_schema.yaml_reader import Tree

_HALF_PRECISION = 2
"""The size in bytes of a float that holds three digits; larger ones agree to single precision."""

_NEXT_TO_NOTHING = 1e-280
_TYPED_DIGITS = 6
"""More digits than anybody types; a float that was computed nearly always has more."""


Leaf = bool | int | float | np.generic
Values = Leaf | str | None | list["Values"] | dict[str, "Values"]


def values_of(value: object) -> Values:
    """Return what a value is made of: lists of plain numbers, or of numpy's own."""
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    if isinstance(value, Mapping):
        return {str(key): values_of(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [values_of(item) for item in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [values_of(item) for item in value]
    if isinstance(value, Leaf):
        return value
    return _array_values(_on_the_host(value))


def _array_values(value: object) -> Values:
    """Read a numpy array, or what can be made one: a tensor, a data frame's column."""
    array: NDArray[np.generic] = np.ma.asanyarray(value)
    if array.dtype == object and array.ndim == 0:
        if isinstance(value, Collection) and not isinstance(value, bytes | bytearray | np.ndarray):
            return [values_of(item) for item in value]
        return str(value)
    if array.ndim == 0:
        return values_of(array[()])
    return [None if item is np.ma.masked else values_of(item) for item in array]


def _decimals(values: Values) -> Iterator[Decimal]:
    """Yield the floats of a value with as few digits as tell them from all others."""
    if isinstance(values, list | dict):
        for item in values.values() if isinstance(values, dict) else values:
            yield from _decimals(item)
    elif isinstance(values, float | np.floating) and np.isfinite(values) and not _is_half(values):
        yield Decimal(_shortest(values)).normalize()


def _is_half(value: object) -> bool:
    return isinstance(value, np.floating) and value.itemsize == _HALF_PRECISION


def _shortest(value: float | np.floating) -> str:
    single = isinstance(value, np.floating) and value.itemsize < np.dtype(np.float64).itemsize
    return str(value) if single else repr(float(value))


@dataclass(frozen=True, slots=True)
class InMemory:
    """A value as it would stand in a file; ``shown`` maps texts that are longer than it to it."""

    tree: Tree
    shown: Mapping[str, str]


def plainly(values: Values) -> InMemory:
    """Write what is no number of an answer: as Python does."""
    return InMemory(_tree(values, _plain), {})


def with_digits(values: Values, *, exact: bool) -> InMemory:
    """Write numbers with all that they hold; ``exact`` says that a whole one is exact too."""
    writer = _Writer(values, exact=exact)
    return InMemory(_tree(values, writer.leaf), writer.shown)


def _tree(values: Values, write: Callable[[Leaf], str]) -> Tree:
    if isinstance(values, dict):
        return {key: _tree(item, write) for key, item in values.items()}
    if isinstance(values, list):
        return [_tree(item, write) for item in values]
    return values if values is None or isinstance(values, str) else write(values)


def _plain(value: Leaf) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, str) else repr(plain)


class _Writer:
    """Writes the numbers of one answer, as all of them together tell how they were made."""

    def __init__(self, values: Values, *, exact: bool) -> None:
        self._exact = exact
        self.shown: dict[str, str] = {}
        found = list(_decimals(values))
        self._digits = max((len(number.as_tuple().digits) for number in found), default=0)
        self._places = max((_places(number) for number in found), default=0)
        self._typed = self._places > 0 and self._digits <= _TYPED_DIGITS

    def leaf(self, value: Leaf) -> str:
        """Write one number."""
        if isinstance(value, bool | np.bool_):
            return _plain(value)
        if isinstance(value, int | np.integer):
            short = repr(int(value))
            return self._whole(short) if self._exact and not self._typed else short
        if isinstance(value, float | np.floating) and np.isfinite(value):
            return self._float(value)
        return str(value)

    def _whole(self, short: str) -> str:
        """Write a whole number that is exact, and not rounded to the last place."""
        text = f"{short}.{'0' * 16}"
        self.shown[text] = short
        return text

    def _float(self, value: float | np.floating) -> str:
        """Write a float with all that it holds: every digit, if its digits were not written."""
        if _is_half(value):
            text, short = f"{float(value):#.3g}", str(value)
        elif self._typed:
            text, short = self._as_typed(value), _shortest(value)
        else:
            number = float(value)
            if abs(number) < _NEXT_TO_NOTHING:
                number = 0.0
            text, short = f"{number:.16e}", _shortest(value)
        self.shown[text] = short
        return text

    def _as_typed(self, value: float | np.floating) -> str:
        """Write a float with the zeros at its end that floats don't keep, as its neighbours tell.

        In ``[0.76, 0.762]`` the first is 0.760: with as many decimal places, or as many digits.
        """
        number = Decimal(_shortest(value)).normalize()
        places = min(self._places, self._digits - 1 - number.adjusted()) if number else self._places
        return f"{number:.{max(places, _places(number))}f}"


def _places(number: Decimal) -> int:
    """Return how many decimal places a number has."""
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _on_the_host(value: object) -> object:
    """Return a tensor's numbers without its gradient and out of its device."""
    for method in ("detach", "cpu"):
        if hasattr(value, method):
            value = getattr(value, method)()
    return value
