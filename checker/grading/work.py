"""Whether a submission shows any work at all.

Of many numbers that somebody makes up, some follow from each other and some look like a mistake.
What earns without being right is a claim of its own: what is right, what follows and what a
mistake explains beyond doubt must together say more than somebody hits who guesses that often.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from checker.diagnosis.evidence import entry_bits
from checker.diagnosis.said import said_bits, unheard, whole_bits
from checker.grading.judged import Judged, Judgement, Mask
from checker.grading.key import Key
from reference_solutions.graph import Array

_SHOWN = 8.0
"""Bits that what was worked out must say at least: those of one number of three digits."""


def shows_work(key: Key, judged: Judged) -> bool:
    """Whether there is more than chance finds in numbers of which some are made up."""
    made_up = judged.where(lambda a: _is_made_up(a, judged))
    return shows_more(key, _worked_out(judged), len(made_up))


def shows_more(key: Key, worked_out: Iterable[tuple[Judgement, Mask | None]], made_up: int) -> bool:
    """Whether some answers, with their entries that count, say more than chance does.

    ``made_up`` is how many others there are; beside none, nothing has to be shown.
    """
    if not made_up:
        return True
    needed = _SHOWN + math.log2(made_up)
    # A number that stands on the sheet, or was said before, is no news.
    known = {abs(float(number)) for array in key.layout.given for number in array}
    shown = 0.0
    for answer, mask in worked_out:
        counted = slice(None) if mask is None else mask
        values = answer.written.values[counted]
        shown += unheard(said(key, answer)[counted], values, known)
        known.update(np.abs(values).tolist())
        if shown >= needed:
            return True
    return False


def said(key: Key, answer: Judgement) -> Array:
    """Return how many bits each entry of an answer says, however it was come by."""
    written = answer.written
    if answer.position in key.layout.symbolic:
        return np.full(written.values.shape, _SHOWN)
    if not key.kinds[answer.position].rounds:
        return whole_bits(written.values)
    bits = said_bits(written.texts, written.values, written.half_units)
    scale = key.layout.scales[answer.position]
    return np.minimum(bits, entry_bits(written.values, scale, written.half_units))


def _is_made_up(answer: Judgement, judged: Judged) -> bool:
    if answer.verdict == "correct":
        return False
    return answer.verdict == "wrong" or answer.position in judged.lazy.answers


def _worked_out(judged: Judged) -> Iterator[tuple[Judgement, Mask | None]]:
    """Yield what is right, follows or is explained beyond doubt, with the entries of which so."""
    for answer in judged.answers.values():
        if answer.position in judged.lazy.answers:
            continue
        strong = any(finding.strong for finding in answer.findings)
        if answer.verdict in {"correct", "follow_through", "imprecise"} or strong:
            yield answer, None
        elif answer.right is not None:
            yield answer, answer.right
