"""How much a written number says: what it takes to write it down without having computed it.

The description length of the lazy student's hypothesis. What it takes few bits to write may be
anybody's guess, however precisely it agrees: 1, 1/2, the logarithm of a small number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

import numpy as np

from reference_solutions.graph import Array

DIGIT = math.log2(10)
"""Bits that one decimal digit says."""

_GUESS = 5.0
"""The most bits that 1/n and the logarithm of n say, for a small n."""

_LARGEST = 10
"""The largest n of these."""

_COARSE = 0.0051
"""Relative half unit of three digits: with fewer, too many numbers are one of these."""

_GUESSES = np.array(
    [part for n in range(2, _LARGEST + 1) for part in (1 / n, math.log(n), math.log2(n))]
)
_SAME = 1e-9
_PLAIN = re.compile(r"[\s\d.,_+\-\u2212eE]*")
_TOKEN = re.compile(r"(?P<word>[^\W\d]+)|(?P<number>\d+\.?\d*|\.\d+)")


def said_bits(texts: Sequence[str], values: Array, half_units: Array) -> Array:
    """Return how many bits each entry says, by the shortest way to write it down.

    All are flat: what was written, its values, and half a unit in each last place.
    """
    found = np.array(
        [_said(text, abs(float(value))) for text, value in zip(texts, values, strict=True)]
    )
    return np.where(_guessed(values, half_units), np.minimum(found, _GUESS), found)


def whole_bits(values: Array) -> Array:
    """Return how many bits whole numbers say, of which small ones are the likeliest."""
    return np.asarray(np.log2(np.fmax(np.abs(values), 1.0)))


def is_guess(texts: Sequence[str], values: Array, half_units: Array) -> bool:
    """Whether nothing that was written can be what rounding on the way left.

    So it is if every number is a digit and zeros, a simple fraction or the logarithm of a small
    number, or arithmetic in which nothing was rounded.
    """
    # Most answers tell with their first number.
    return all(
        _is_exact(text)
        or _said(text, abs(value)) <= _GUESS
        or bool(_guessed(np.full(1, value), np.full(1, half_unit))[0])
        for text, value, half_unit in zip(texts, values.tolist(), half_units.tolist(), strict=True)
    )


def is_plain(text: str) -> bool:
    """Whether a text is a number and no arithmetic."""
    return _PLAIN.fullmatch(text) is not None


def unheard(bits: Array, values: Array, known: Collection[float]) -> float:
    """Return what numbers say that are neither known already nor said twice."""
    told = np.array(sorted(known))
    total = 0.0
    for bit, size in zip(bits.tolist(), np.abs(values).tolist(), strict=True):
        if not (np.abs(told - size) <= _SAME * (1.0 + size)).any():
            total += bit
            told = np.append(told, size)
    return total


def _said(text: str, size: float) -> float:
    if not math.isfinite(size):
        return 0.0
    mantissa = f"{size:.14e}".partition("e")[0].replace(".", "").rstrip("0")
    bits = DIGIT * len(mantissa)
    if not is_plain(text):
        bits = min(bits, sum(_token_bits(token) for token in _TOKEN.finditer(text)))
    return bits


def _token_bits(token: re.Match[str]) -> float:
    number = token["number"]
    return DIGIT * (1 if number is None else max(len(number.replace(".", "").strip("0")), 1))


def _is_exact(text: str) -> bool:
    """Whether a text is arithmetic with whole numbers, or decimals of one digit, alone."""
    if is_plain(text):
        return False
    return all(
        token["number"] is None or "." not in token["number"] or _token_bits(token) <= DIGIT
        for token in _TOKEN.finditer(text)
    )


def _guessed(values: Array, half_units: Array) -> Array:
    off = np.abs(np.abs(values)[:, None] - _GUESSES[None, :])
    fine = half_units <= _COARSE * np.abs(values)
    return np.asarray((off <= half_units[:, None] + _SAME).any(axis=1) & fine)
