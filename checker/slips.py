"""Entry slips: mistakes of writing down, found by looking at the numbers alone.

Each slip is tried against what was expected there (the right value, or what follows from the
student's own). It pays like any explanation: evidence against price.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from checker.evidence import agreement_bits, entry_bits
from checker.matching import agrees
from reference_solutions.graph import Array


@dataclass(frozen=True, slots=True)
class SlipKind:
    """A kind of slip: its price in bits and its page for ``checker explain``."""

    id: str
    bits: float
    says: str


KINDS = {
    kind.id: kind
    for kind in (
        SlipKind("sign-slip", 4.5, "Right numbers with the wrong sign."),
        SlipKind(
            "decimal-point-slip",
            5.0,
            "The decimal point is in the wrong place: a factor of 10, 100 or 1000.",
        ),
        SlipKind(
            "percent-for-fraction",
            4.5,
            "Written as percentages; a fraction between 0 and 1 is asked for.",
        ),
        SlipKind("digits-swapped", 6.0, "Two neighbouring digits are exchanged."),
        SlipKind(
            "digit-mistyped", 6.0, "One digit is another one, is missing, or is one too many."
        ),
        SlipKind("rows-for-columns", 5.0, "The matrix is written with rows and columns exchanged."),
        SlipKind("order-reversed", 6.0, "The entries are in the reverse order."),
        SlipKind("order-shifted", 7.0, "The entries are moved round by one place."),
        SlipKind("other-answer-copied", 6.0, "These are the numbers of another answer."),
    )
}


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that explains an answer; ``bits`` is its evidence less its price."""

    id: str
    message: str
    bits: float


def find_slips(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
    texts: Sequence[str],
    written: Array,
    expected: Array,
    tolerances: Array,
    shape: tuple[int, ...],
    others: Sequence[tuple[str, Array]],
) -> list[Slip]:
    """Slips that turn ``expected`` into ``written``, best first.

    All arrays are flat. ``tolerances`` are those of the written entries; ``others`` are expected
    values of other answers of the same size, by name.
    """
    scale = float(np.max(np.abs(expected))) if expected.size else 0.0
    found: list[Slip] = []
    for kind, message, values, stretch, options in _whole(written, expected, shape, others):
        if agrees(written, values, tolerances * stretch).all():
            evidence = agreement_bits(written, values, expected, scale, tolerances)
            bits = evidence - KINDS[kind].bits - math.log2(options)
            found.append(Slip(kind, message, bits))
    wrong = np.flatnonzero(~agrees(written, expected, tolerances))
    if len(wrong) == 1 and (written.size > 1 or not found):
        found.extend(_one_entry(int(wrong[0]), texts, written, expected, tolerances, shape, scale))
    return sorted(found, key=lambda slip: -slip.bits)


def _whole(
    written: Array, expected: Array, shape: tuple[int, ...], others: Sequence[tuple[str, Array]]
) -> Iterator[tuple[str, str, Array, float, int]]:
    if np.any(expected != 0):
        yield "sign-slip", "The numbers are right, but the sign is wrong.", -expected, 1.0, 1
    for power in (-3, -2, -1, 1, 2, 3):
        kind, message = "decimal-point-slip", "The decimal point is in the wrong place."
        if power == 2 and expected.size and expected.min() >= 0 and expected.max() <= 1:
            kind, message = "percent-for-fraction", KINDS["percent-for-fraction"].says
        options = 1 if kind == "percent-for-fraction" else 3
        yield kind, message, expected * 10.0**power, 1.0, options
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] > 1:
        transposed = expected.reshape(shape).T.ravel()
        yield "rows-for-columns", KINDS["rows-for-columns"].says, transposed, 1.0, 1
    if shape and shape[0] > 1:
        rows = expected.reshape(shape)
        yield "order-reversed", KINDS["order-reversed"].says, rows[::-1].ravel(), 1.0, 1
        for by in (-1, 1):
            rolled = np.roll(rows, by, axis=0).ravel()
            yield "order-shifted", KINDS["order-shifted"].says, rolled, 1.0, 2
    for name, values in others:
        if values.size == written.size:
            message = f"These are the numbers of {name}."
            yield "other-answer-copied", message, values, 1.0, max(len(others), 1)


def _one_entry(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
    at: int,
    texts: Sequence[str],
    written: Array,
    expected: Array,
    tolerances: Array,
    shape: tuple[int, ...],
    scale: float,
) -> Iterator[Slip]:
    """Slips in the single entry that is wrong."""
    place = f" in entry {list(map(int, np.unravel_index(at, shape)))}" if shape else ""
    right = float(expected[at])
    worth = float(entry_bits(written[at : at + 1], scale, tolerances[at : at + 1])[0])
    where = math.log2(max(written.size, 1))

    def close(value: float) -> bool:
        return bool(abs(value - right) <= tolerances[at])

    if written.size > 1 and close(-float(written[at])) and right != 0:
        yield Slip(
            "sign-slip", f"The sign is wrong{place}.", worth - KINDS["sign-slip"].bits - where
        )
    if written.size > 1:
        for power in (-3, -2, -1, 1, 2, 3):
            if abs(written[at] - right * 10.0**power) <= tolerances[at] and right != 0:
                price = KINDS["decimal-point-slip"].bits + where + math.log2(3)
                yield Slip(
                    "decimal-point-slip",
                    f"The decimal point is in the wrong place{place}.",
                    worth - price,
                )
    # A typing slip leaves the digits as they were meant: the right value must round to them.
    for kind, options, variants in _typed(texts[at]):
        if any(close(value) for value in variants):
            price = KINDS[kind].bits + where + math.log2(options)
            words = "Two digits are exchanged" if kind == "digits-swapped" else "A digit is wrong"
            yield Slip(kind, f"{words}{place}: compare with what you computed.", worth - price)


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
