"""The lazy student: what could have been written without doing the work.

A claim of points, or that a mistake was made, has to beat this too: one number and zeros in every
box, a given array or another answer copied. Whatever the right solution shows as well (a true zero,
two answers that are equal) is no sign of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from checker.diagnosis.layout import Layout
from checker.matching import noise
from reference_solutions.graph import Array

_SAME = 1e-9
"""Relative difference up to which two written numbers are the same."""

_FINE = 5e-4
"""Relative to an answer's largest entry: how finely the right values are told apart."""

_KEPT = 1_000
"""Of so many answers it is kept whether they are one number."""

_CHEAP = (0.0, 0.1, 0.5, 1.0)
"""Numbers that anybody writes who has none."""


@dataclass(frozen=True, slots=True)
class Lazy:
    """The answers of a submission that could be had without work, by their number in the layout.

    ``constant`` are those of one number (and zeros), ``given`` repeat given data, ``copied`` repeat
    another answer.
    """

    constant: frozenset[int] = frozenset()
    given: frozenset[int] = frozenset()
    copied: frozenset[int] = frozenset()

    @property
    def answers(self) -> frozenset[int]:
        """All of them."""
        return self.constant | self.given | self.copied

    @property
    def worthless(self) -> frozenset[int]:
        """Those that say nothing of how somebody would go on from them."""
        return self.constant | self.given


def find_lazy(
    layout: Layout,
    written: Mapping[int, Array],
    half_units: Mapping[int, Array],
    right: Collection[int],
    rounded: Collection[int] = (),
) -> Lazy:
    """Find what could be had without work, of all answers but those that are ``right``.

    ``written`` has the values of answers, flat, ``half_units`` half a unit in their last places.
    Of what is right if ``rounded``, one number everywhere is the only other explanation.
    """
    found: dict[str, set[int]] = {"constant": set(), "given": set(), "copied": set()}
    for answer in written.keys() - right:
        if _is_constant(layout, answer, written[answer], half_units[answer]):
            found["constant"].add(answer)
        elif answer not in rounded and (kind := _copied_from(layout, answer, written)):
            found[kind].add(answer)
    if len(found["constant"]) == 1:
        # A single number may well be 1 or 0.5; who writes such numbers for want of others does so
        # in more than one place.
        found["constant"] -= {answer for answer in found["constant"] if written[answer].size == 1}
    return Lazy(**{kind: frozenset(answers) for kind, answers in found.items()})


def _is_constant(layout: Layout, answer: int, values: Array, half_units: Array) -> bool:
    if answer in layout.symbolic:
        by_world = values.reshape(len(layout.worlds(answer)), -1)
        return float(np.ptp(by_world, axis=0).max(initial=0.0)) == 0.0
    if not _one_number(values.tobytes(), half_units.tobytes()):
        return False
    expected = layout.values[answer]
    return not _one_number(expected.tobytes(), _told_apart(layout, answer).tobytes())


def _told_apart(layout: Layout, answer: int) -> Array:
    return _FINE * np.full_like(layout.values[answer], layout.scales[answer])


def _copied_from(layout: Layout, answer: int, written: Mapping[int, Array]) -> str:
    values = written[answer]
    if answer in layout.symbolic or not np.isfinite(values).all():
        return ""
    slack = _told_apart(layout, answer)
    if any(_copy(values, data) for data in layout.given if data.size == values.size > 1):
        return "given"
    copied = any(
        (_copy(values, written[other]) or _entry_copied(values, written[other]))
        and layout.right_apart(answer, other, slack)
        for other in written.keys() - {answer}
        if values.size in {1, written[other].size}
    )
    return "copied" if copied else ""


@lru_cache(_KEPT)
def _one_number(of_values: bytes, of_slack: bytes) -> bool:
    """Whether there is one number and zeros: constants, one-hots, signs alone."""
    values, slack = np.frombuffer(of_values), np.frombuffer(of_slack)
    sizes = np.abs(values)
    scale = float(sizes.max(initial=0.0))
    near = max(float(np.min(slack[sizes > 0], initial=scale)), _SAME * scale)
    if not np.isfinite(scale):
        return False
    zero = sizes <= near
    if zero.all():
        return True
    largest = sizes[~zero]
    if float(np.ptp(largest)) > 2.0 * near:
        return False
    if values.size > 1 and not zero.any():
        return True
    # One number among zeros, or by itself, may have been worked out, unless anybody would write it.
    return any(abs(scale - cheap) <= _SAME + near for cheap in _CHEAP)


def _copy(values: Array, other: Array) -> bool:
    """Whether numbers are other numbers again, in their order, in another sign, or transposed."""
    if values.size != other.size:
        return False
    near = _SAME * (1.0 + float(np.abs(values).max(initial=0.0)))
    # Most differ in the first entry already, which no transposition moves.
    if not abs(abs(values[0]) - abs(other[0])) <= near or not np.isfinite(other).all():
        return False
    if bool((np.abs(values - other) <= near).all() or (np.abs(values + other) <= near).all()):
        return True
    side = round(values.size**0.5)
    if side * side == values.size:
        turned = other.reshape(side, side).T.ravel()
        return bool((np.abs(values - turned) <= near).all())
    return False


def _entry_copied(values: Array, other: Array) -> bool:
    """Whether a single number, with decimals, is an entry of other numbers."""
    if values.size != 1 or other.size == 1 or float(values[0]).is_integer():
        return False
    return bool((np.abs(np.abs(other) - abs(float(values[0]))) <= _SAME).any())


def degenerate(values: Array, right: Array | None, bounds: tuple[float, float]) -> bool:
    """Whether a quantity says nothing where the right one does: zero, constant or saturated.

    Both are flat; ``bounds`` are the least and the largest value that it can have.
    """
    if right is None or values.shape != right.shape:
        return False
    if not np.isfinite(values).all():
        return True
    floor = noise(right)
    if _flat(values, floor):
        return not _flat(right, floor)
    low, high = bounds
    if np.isfinite(low) and np.isfinite(high):
        reach = 1e-3 * (high - low)
        return bool(_at(values, low, high, reach) and not _at(right, low, high, reach))
    return False


def _flat(values: Array, floor: float) -> bool:
    if values.size == 1:
        return bool(np.abs(values).max() <= floor)
    return bool(np.ptp(values) <= floor)


def _at(values: Array, low: float, high: float, reach: float) -> bool:
    return bool(((values - low <= reach) | (high - values <= reach)).all())
