"""Evidence in bits: how improbable it is that written digits agree with a prediction by chance.

An entry that agrees to within t, among numbers of the size s, would do so by chance with a
probability of about t / s; it is worth log2(s / t) bits. Entries count only where the prediction
differs from what would be there anyway, and equal predictions count once: four equal entries are
one observation. An explanation is believed when its evidence exceeds its price by a margin
(minimum description length; Grünwald, The Minimum Description Length Principle, 2007, chapter 1).
"""

from __future__ import annotations

import numpy as np

from checker.matching import coarsest
from reference_solutions.graph import Array

ACCEPT = 4.5
"""Bits by which evidence must exceed the price before a mistake is named at all."""

LIKELY = 10.0
"""Bits from which a mistake is called likely."""

TIE = 1.5
"""Explanations that are closer than this are a tie."""

BESIDE_RIGHT = 3.0
"""The most bits by which a mistake is cheaper because right answers rule out most others.

It makes the difference where a single number of three digits is wrong: of it, common mistakes can
be told, as possible, and rare ones can't.
"""

MOST_PER_ENTRY = 18.0

EXACT = 0.1
"""The tolerance that a whole number is worth which agrees exactly."""

ZERO = 2.5
"""The most that predicted zeros are worth together."""

REPEATED = 1.5
"""The most that another entry with the same prediction is worth."""

CONSTANT = 10.0
"""Bits that it costs to say that somebody just wrote one number everywhere, zeros, or a one-hot."""

COPIED = 12.0
"""Bits that it costs to say that somebody copied given numbers, or another answer."""

ANYBODY = (0.5, 1.0)
"""Numbers that are worth no more than a repeated one: they stand everywhere."""


def entry_bits(written: Array, scale: float | Array, tolerances: Array) -> Array:
    """Return the bits that agreement of each entry is worth; NaN is worth 0."""
    ratio = np.fmax(np.abs(written), scale) / np.fmax(tolerances, 1e-300)
    bits: Array = np.log2(np.fmax(ratio, 1.0))
    return np.minimum(bits, MOST_PER_ENTRY)


def agreement_bits(  # noqa: PLR0913, PLR0917 - what agrees, with what, and how freely
    written: Array,
    predicted: Array,
    otherwise: Array,
    scale: float,
    tolerances: Array,
    freedom: int | None = None,
) -> float:
    """Return what it is worth that ``written`` agrees with ``predicted`` in every entry.

    ``otherwise`` is what would stand there without the explanation. All arrays are flat; the caller
    has checked the agreement. Of the entries only as many count as are free to differ.
    """
    # A whole number that is met exactly says more than its half unit: nothing was rounded.
    exact = np.abs(written - predicted) <= 1e-9 * max(scale, 1.0)
    tolerances = np.where(exact, np.minimum(tolerances, EXACT), tolerances)
    with np.errstate(invalid="ignore"):
        apart = np.minimum(tolerances, coarsest(otherwise))
        told_apart = ~(np.abs(predicted - otherwise) <= apart)
    if not told_apart.any():
        return 0.0
    bits = entry_bits(written, scale, tolerances)
    # A zero or a repeated value is easily had: every structure makes some.
    worth: list[float] = []
    seen: list[float] = []
    zeros = np.abs(predicted) <= tolerances
    if (told_apart & zeros).any():
        # There are many ways to come to zeros, and where there is one there are more.
        worth.append(min(float(bits[told_apart & zeros].max()), ZERO))
    for i in np.flatnonzero(told_apart & ~zeros):
        size = abs(float(predicted[i]))
        if size in ANYBODY or any(abs(size - other) <= tolerances[i] for other in seen):
            worth.append(min(float(bits[i]), REPEATED))
            continue
        seen.append(size)
        worth.append(float(bits[i]))
    return sum(sorted(worth, reverse=True)[:freedom])
