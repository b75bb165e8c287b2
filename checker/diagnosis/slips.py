"""Entry slips: mistakes of writing down, found by looking at the numbers alone.

Each slip is tried against what was expected there (the right value, or what follows from the
student's own). It pays like any explanation: evidence against price.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from checker.diagnosis.evidence import agreement_bits, entry_bits
from checker.edits.slip_kinds import IN_NUMBERS as KINDS
from checker.matching import agrees
from reference_solutions.graph import Array


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
    roundings: Sequence[Array],
    shape: tuple[int, ...],
    others: Sequence[tuple[str, Array]],
) -> list[Slip]:
    """Slips that turn ``expected`` into ``written``, best first.

    All arrays are flat. ``tolerances`` are those of the written entries, ``roundings`` what
    rounding on the way can do to the expected ones, the finest first: as much is granted as it
    takes. ``others`` are expected values of other answers of the same size, by name.
    """
    scale = float(np.max(np.abs(expected))) if expected.size else 0.0
    found: list[Slip] = []
    for kind, change, options in _whole(expected, shape):
        values = change(expected)
        if not agrees(written, values, tolerances + np.abs(change(roundings[-1]))).all():
            continue
        granted = (tolerances + np.abs(change(rounding)) for rounding in roundings)
        allowed = next((one for one in granted if agrees(written, values, one).all()), None)
        if allowed is not None:
            evidence = agreement_bits(written, values, expected, scale, allowed)
            bits = evidence - KINDS[kind].bits - math.log2(options)
            found.append(Slip(kind, KINDS[kind].sentence(), bits))
    for name, values in others:
        if agrees(written, values, tolerances).all():
            evidence = agreement_bits(written, values, expected, scale, tolerances)
            bits = evidence - KINDS["other-answer-copied"].bits - math.log2(len(others))
            said = KINDS["other-answer-copied"].sentence(other=name)
            found.append(Slip("other-answer-copied", said, bits))
    right = [agrees(written, expected, tolerances + rounding) for rounding in roundings]
    wrong = [int(np.argmin(agreeing)) for agreeing in right if (~agreeing).sum() == 1]
    if wrong and (written.size > 1 or not found):
        at = wrong[-1]
        shown = [
            float(rounding[at])
            for rounding, agreeing in zip(roundings, right, strict=True)
            # Where rounding explains this entry too, there is no slip.
            if np.delete(agreeing, at).all() and not agreeing[at]
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


_Change = Callable[[Array], Array]


def _whole(expected: Array, shape: tuple[int, ...]) -> Iterator[tuple[str, _Change, int]]:
    """Slips that concern all entries: kind, what they do to the entries, options."""
    if np.any(expected != 0):
        yield "sign-slip", np.negative, 1
    for power in (-3, -2, -1, 1, 2, 3):
        kind = "decimal-point-slip"
        if power == 2 and expected.size and expected.min() >= 0 and expected.max() <= 1:
            kind = "percent-for-fraction"
        yield kind, partial(np.multiply, 10.0**power), 3 if power != 2 else 1
    if expected.size > 1 and not expected.min() and (expected == np.round(expected)).all():
        yield "counted-from-one", partial(np.add, 1.0), 1
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] > 1:
        yield "rows-for-columns", lambda x: x.reshape(shape).T.ravel(), 1
    if shape and shape[0] > 1:
        yield "order-reversed", lambda x: x.reshape(shape)[::-1].ravel(), 1
        yield "order-shifted", lambda x: np.roll(x.reshape(shape), 1, axis=0).ravel(), 2
        yield "order-shifted", lambda x: np.roll(x.reshape(shape), -1, axis=0).ravel(), 2


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
