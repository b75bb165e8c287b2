"""Entry slips: mistakes of writing down, found by looking at the numbers alone.

Each slip is tried against what was expected there (the right value, or what follows from the
student's own). It pays like any explanation: evidence against price.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from checker.diagnosis.evidence import agreement_bits, entry_bits
from checker.edits.slip_kinds import IN_NUMBERS as KINDS
from checker.matching import agrees
from reference_solutions.graph import Array

_KEPT = 100
"""Of how many shapes it is kept in which orders their entries may be written."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that explains an answer; ``bits`` is its evidence less its price.

    ``one_number`` is that it is one in a single number, beside which others may be right.
    """

    id: str
    message: str
    bits: float
    one_number: bool = False


def find_slips(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
    texts: Sequence[str],
    written: Array,
    expected: Array,
    tolerances: Array,
    roundings: Array,
    shape: tuple[int, ...],
    others: Sequence[tuple[str, Array]],
) -> list[Slip]:
    """Slips that turn ``expected`` into ``written``, best first.

    Arrays are flat; ``roundings`` is (roundings, entries). ``tolerances`` are those of the written
    entries, ``roundings`` what rounding on the way can do to the expected ones, the finest first:
    as much is granted as it takes. ``others`` are expected values of other answers of the same
    size, by name.
    """
    scale = float(np.max(np.abs(expected))) if expected.size else 0.0
    found: list[Slip] = []
    for kind, options, values, rounded in _whole(written, expected, tolerances, roundings, shape):
        granted = tolerances + rounded
        enough = np.flatnonzero(agrees(written, values, granted).all(axis=1))
        if enough.size:
            evidence = agreement_bits(written, values, expected, scale, granted[enough[0]])
            bits = evidence - KINDS[kind].bits - math.log2(options)
            found.append(Slip(kind, KINDS[kind].sentence(), bits))
    for name, values in others:
        if agrees(written, values, tolerances).all():
            evidence = agreement_bits(written, values, expected, scale, tolerances)
            bits = evidence - KINDS["other-answer-copied"].bits - math.log2(len(others))
            said = KINDS["other-answer-copied"].sentence(other=name)
            found.append(Slip("other-answer-copied", said, bits))
    right = agrees(written, expected, tolerances + roundings)
    wrong = [int(np.argmin(agreeing)) for agreeing in right[(~right).sum(axis=1) == 1]]
    if wrong and (written.size > 1 or not found):
        at = wrong[-1]
        shown = [
            float(rounding[at])
            for rounding, agreeing in zip(roundings, right, strict=True)
            # Where rounding explains this entry too, there is no slip.
            if not agreeing[at] and agreeing.sum() == agreeing.size - 1
        ]
        place = str(list(map(int, np.unravel_index(at, shape)))) if shape else ""
        entry = _Entry(
            texts[at],
            float(written[at]),
            float(expected[at]),
            float(tolerances[at]),
            shown,
            scale,
            written.size > 1,
        )
        found.extend(_one_entry(entry, place))
    return sorted(found, key=lambda slip: -slip.bits)


_FACTORS = np.array([-1.0, 1e-3, 1e-2, 1e-1, 1e1, 1e2, 1e3])[:, None]
"""What all entries may be multiplied by: a lost sign, and decimal points in the wrong place."""


def _whole(
    written: Array, expected: Array, tolerances: Array, roundings: Array, shape: tuple[int, ...]
) -> Iterator[tuple[str, int, Array, Array]]:
    """Slips that concern all entries and come near enough: kind, options, values, roundings."""
    scaled = tolerances + np.abs(_FACTORS) * roundings[-1]
    for at in np.flatnonzero(agrees(written, _FACTORS * expected, scaled).all(axis=1)):
        factor = float(_FACTORS[at, 0])
        kind, options = "decimal-point-slip", 3 if factor != 100.0 else 1
        if factor == 100.0 and expected.size and expected.min() >= 0 and expected.max() <= 1:
            kind = "percent-for-fraction"
        if factor == -1.0:
            kind, options = "sign-slip", 1
        if factor != -1.0 or np.any(expected != 0):
            yield kind, options, factor * expected, abs(factor) * roundings
    if expected.size > 1 and not expected.min() and (expected == np.round(expected)).all():
        yield "counted-from-one", 1, expected + 1.0, roundings
    kinds, orders = _orders(shape)
    moved = agrees(written, expected[orders], tolerances + roundings[-1][orders])
    for at in np.flatnonzero(moved.all(axis=1)):
        kind, options = kinds[at]
        yield kind, options, expected[orders[at]], roundings[:, orders[at]]


@lru_cache(_KEPT)
def _orders(shape: tuple[int, ...]) -> tuple[list[tuple[str, int]], NDArray[np.intp]]:
    """Orders in which the entries of an array may be written down: kind, options, and where from.

    The last are (orders, entries).
    """
    at = np.arange(math.prod(shape)).reshape(shape)
    found = []
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] > 1:
        found.append(("rows-for-columns", 1, at.T))
    if shape and shape[0] > 1:
        found.append(("order-reversed", 1, at[::-1]))
        found.append(("order-shifted", 2, np.roll(at, 1, axis=0)))
        found.append(("order-shifted", 2, np.roll(at, -1, axis=0)))
    kinds = [(kind, options) for kind, options, _ in found]
    return kinds, np.array([order.ravel() for *_, order in found]).reshape(-1, at.size).astype(int)


_AMONG_RIGHT = 2.0
"""Bits by which a slip in one entry is likelier where all other entries are right."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """The one entry of an answer that is wrong.

    ``half_unit`` is its tolerance, ``roundings`` what rounding on the way can do to it, where the
    other entries are right with it; ``scale`` is the answer's largest entry.
    """

    text: str
    written: float
    expected: float
    half_unit: float
    roundings: Sequence[float]
    scale: float
    among_others: bool

    def bits(self, value: float, half_unit: float) -> float | None:
        """Return the evidence that ``value`` was meant, as near as it comes; None where it isn't.

        ``half_unit`` is half a unit in its last place.
        """
        difference = abs(value - self.expected)
        reach = next((r + half_unit for r in self.roundings if difference <= r + half_unit), None)
        if reach is None:
            return None
        bits = float(entry_bits(np.array([value]), self.scale, np.array([reach]))[0])
        return bits + (_AMONG_RIGHT if self.among_others else 0.0)


def _one_entry(entry: _Entry, place: str) -> Iterator[Slip]:
    """Slips in the single entry that is wrong; ``place`` is its index, if it has one."""
    form = "entry" if place else "number"
    if entry.among_others and entry.expected != 0:
        bits = entry.bits(-entry.written, entry.half_unit)
        if bits is not None:
            kind = KINDS["sign-slip"]
            yield Slip(kind.id, kind.sentence(form, entry=place), bits - kind.bits, True)
        for power in (-3, -2, -1, 1, 2, 3):
            bits = entry.bits(entry.written / 10.0**power, entry.half_unit / 10.0**power)
            if bits is not None:
                kind = KINDS["decimal-point-slip"]
                message = kind.sentence(form, entry=place)
                yield Slip(kind.id, message, bits - kind.bits - math.log2(3), True)
    # A typing slip leaves the digits as they were meant: the right value must round to them.
    for id, options, variants in _typed(entry.text):
        nearest = min(variants, key=lambda value: abs(value - entry.expected), default=math.inf)
        bits = entry.bits(nearest, entry.half_unit)
        if bits is not None:
            message = KINDS[id].sentence(form, entry=place)
            yield Slip(id, message, bits - KINDS[id].bits - math.log2(options), True)


def _typed(text: str) -> Iterator[tuple[str, int, list[float]]]:
    """Return what may have been meant by a number that was mistyped once, by kind."""
    digits = [i for i, char in enumerate(text) if char.isascii() and char.isdigit()]
    swapped: list[float | None] = []
    for i, j in pairwise(digits):
        if text[i] != text[j]:
            swapped.append(_number(text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :]))
    yield "digits-swapped", max(len(swapped), 1), [value for value in swapped if value is not None]
    changed: list[float | None] = []
    for i in digits:
        changed.extend(_number(text[:i] + d + text[i + 1 :]) for d in "0123456789" if d != text[i])
    for i in digits:
        changed.append(_number(text[:i] + text[i + 1 :]))
    yield "digit-mistyped", max(len(changed), 1), [value for value in changed if value is not None]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
