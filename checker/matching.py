"""Does a written number agree with a value? Entry by entry, with the digits that were written.

The default policy takes a number at its word: it agrees when it lies within half a unit of its last
written place, plus what rounding on the way can explain (:mod:`checker.diagnosis.sensitivity`), or
when it is the right value cut off there. The other policies are fixed tolerances that a teacher may
choose. Every bound is inclusive, and nothing is granted beyond it but what the rounding of floats
can do (:mod:`reference_solutions.graph.float_errors`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reference_solutions.graph import Array, round_significant
from reference_solutions.graph.float_errors import FloatErrors, plain_errors
from submissions_schema.grading_settings import Matching

FLOAT_NOISE = 1e-6
"""Relative to an answer's largest entry: what diagnosis takes for the same number."""

FORMULA_NOISE = 1e-8
"""Relative to the value: two writings of one formula agree to this at sampled inputs."""

_SLACK = 1.0 + 1e-9

_KEPT = 1_000
"""Of so many answers' values it is kept how coarsely they may be written."""


def noise(expected: Array) -> float:
    """Return the absolute difference below which two values of one answer are the same number."""
    finite = np.abs(expected[np.isfinite(expected)])
    return FLOAT_NOISE * float(finite.max()) + 1e-12 if finite.size else 1e-12


def formula_noise(expected: Array, zero: Array | float = 1e-13) -> Array:
    """Return the differences below which two formulas agree at sampled inputs, entry by entry.

    ``zero`` is what may stand for a zero.
    """
    finite = np.where(np.isfinite(expected), np.abs(expected), 0.0)
    typical = float(np.median(finite)) if finite.size else 0.0
    return np.asarray(FORMULA_NOISE * np.maximum(finite, typical) + zero)


def tolerance(
    expected: Array, half_units: Array, policy: Matching, errors: FloatErrors | None = None
) -> Array:
    """Return the largest difference at which each entry agrees, rounding on the way left aside.

    ``expected`` and ``half_units`` are flat arrays of one answer; ``errors`` are those of its
    right values. Work in single precision is right where digits are taken at their word.
    """
    granted = _granted(expected, half_units, policy)
    at_least = _plain_errors(expected.tobytes())
    errors = errors or at_least
    if policy.policy == "written":
        # Not in addition: else a coarse number one unit off would pass for work in single floats.
        granted = np.maximum(granted, np.maximum(errors.single, at_least.single))
    floats = np.maximum(errors.double, at_least.double)
    # Written numbers are decimals: 1.05 is 0.05 from 1, and as a float a little more.
    return np.asarray(granted + floats + _IN_DECIMALS * (np.abs(expected) + granted))


_IN_DECIMALS = 4 * 2.0**-53


@lru_cache(_KEPT)
def _plain_errors(values: bytes) -> FloatErrors:
    return plain_errors(np.frombuffer(values, dtype=np.float64))


def _granted(expected: Array, half_units: Array, policy: Matching) -> Array:
    if policy.policy == "relative":
        return np.asarray(float(policy.tolerance or 0.0) * np.abs(expected))
    if policy.policy == "absolute":
        return np.full_like(expected, float(policy.tolerance or 0.0))
    if policy.policy == "decimal_places":
        return np.full_like(expected, 0.5 * 10.0 ** -(policy.digits or 0))
    if policy.policy == "significant_figures":
        return half_unit_at(expected, policy.digits or 1)
    return np.asarray(np.minimum(half_units, coarsest(expected)))


def last_places(values: Array, half_units: Array, policy: Matching) -> Array:
    """Return half a unit of each last place that was determined.

    The zeros at the end of a whole number are digits as far as digits are asked for (100 has
    three); those behind may only hold the place: 61300 for 61250 is rounded to hundreds.
    """
    if policy.policy != "written" or not (half_units == 0.5).any():
        return half_units
    asked = half_unit_at(values, policy.min_significant_figures)
    found, place = np.array(half_units), 10.0
    while (holds := (half_units == 0.5) & (place <= 2 * asked)).any():
        found[holds & (np.fmod(values, place) == 0)] = place / 2
        place *= 10.0
    return found


def ends_there(written: Array, half_units: Array, expected: Array) -> NDArray[np.bool_]:
    """Which entries are right to the last digit, and end because the right value does.

    Nothing was rounded there: 0.1 for 0.1 shows no one digit that others were rounded to. Zeros
    that were written at the end, or more digits than numbers by hand have, do show something.
    """
    steps = written / np.where(half_units > 0, 20 * half_units, 1.0)
    return np.asarray(
        (np.abs(written - expected) <= _EXACTLY * np.abs(expected))
        & (half_units > _FULL * np.abs(written))
        & (np.abs(steps - np.round(steps)) > 1e-6)
    )


_EXACTLY = 1e-12
_FULL = 1e-8

_ENDS = 2
"""What ends within so many digits more than asked for ends by itself."""


def cut_off(
    written: Array,
    half_units: Array,
    expected: Array,
    policy: Matching,
    errors: FloatErrors | None = None,
) -> NDArray[np.bool_]:
    """Which entries are right values whose digits end too early, but late enough to count.

    They are true truncations: nearer to zero by less than a unit of the last written place. A whole
    number, or one that ends after few digits (7.25), is not cut off: it is written or rounded.
    """
    if policy.policy != "written" or not policy.truncation:
        return np.zeros(expected.shape, dtype=bool)
    floats = (errors or plain_errors(expected)).double + _IN_DECIMALS * np.abs(expected)
    short = np.abs(expected) - np.abs(written)
    ended = round_significant(expected, policy.min_significant_figures + _ENDS)
    return np.asarray(
        (np.sign(written) == np.sign(expected))
        & (half_units <= half_unit_at(expected, policy.min_significant_figures) * _SLACK)
        & (short >= -floats)
        & (short < 2 * half_units - floats)
        & (np.abs(expected - ended) > floats)
        & (np.abs(expected - np.round(expected)) > floats)
    )


def coarsest(expected: Array) -> Array:
    """Return the largest half unit that still says something of a value.

    A number must have one right digit, or two on the scale of the answer's largest entry: 1 says
    nothing of 0.7, nor 0 of 0.2, though half a unit lies between them.
    """
    return _coarsest(np.asarray(expected, dtype=np.float64).tobytes())


@lru_cache(_KEPT)
def _coarsest(values: bytes) -> Array:
    expected = np.frombuffer(values, dtype=np.float64)
    scale = np.full(1, float(np.max(np.abs(expected))) if expected.size else 0.0)
    found = np.maximum(half_unit_at(expected, 1), half_unit_at(scale, 2))
    found.flags.writeable = False
    return found


@lru_cache(_KEPT)
def _asked(values: bytes, digits: int) -> float:
    """Return half a unit in the last of the digits that an answer's largest entry should have."""
    scale = np.max(np.abs(np.frombuffer(values, dtype=np.float64)), initial=0.0, keepdims=True)
    return float(half_unit_at(scale, digits)[0]) if scale[0] != 0 else np.inf


def half_unit_at(values: Array, digits: int) -> Array:
    """Half a unit in the last of ``digits`` significant digits, entry by entry; 0 for 0."""
    values = np.abs(values)
    usable = np.isfinite(values) & (values > 0)
    magnitude = np.floor(np.log10(np.where(usable, values, 1.0)))
    return np.where(usable, 0.5 * 10.0 ** (magnitude - digits + 1), 0.0)


def agrees(written: Array, expected: Array, tolerances: Array) -> NDArray[np.bool_]:
    """Which entries agree. Values that are not finite never do."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(written - expected) <= tolerances)


def too_few_digits(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
    written: Array,
    expected: Array,
    half_units: Array,
    rounding: Array,
    policy: Matching,
    errors: FloatErrors | None = None,
) -> NDArray[np.bool_]:
    """Which entries, though they agree so far as they go, have too few digits to count as right.

    Digits are counted on the scale of the answer's largest entry, so that 0.004 beside 0.939 is
    written as precisely as its neighbour. Zeros at the end that were not written (0.31 for 0.310)
    are no loss: what counts is whether the value is as close as the digits asked for would make it.
    """
    if policy.policy != "written":
        return np.zeros(expected.shape, dtype=bool)
    asked = _asked(np.asarray(expected, dtype=np.float64).tobytes(), policy.min_significant_figures)
    if not (half_units > asked * _SLACK).any():
        return np.zeros(expected.shape, dtype=bool)
    wanted = np.maximum(asked, half_unit_at(expected, policy.min_significant_figures))
    coarse = half_units > wanted * _SLACK
    floats = (errors or plain_errors(expected)).single
    far = np.abs(written - expected) > wanted * _SLACK + rounding + floats
    return np.asarray(coarse & far)
