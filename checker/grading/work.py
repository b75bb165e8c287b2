"""Whether a submission shows any work at all.

Of many numbers that somebody makes up, some follow from each other and some look like a mistake.
What earns without being right is a claim of its own: what is right, what follows and what a
mistake explains beyond doubt must together say more than somebody hits who guesses that often.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from checker.diagnosis.evidence import LIKELY, entry_bits
from checker.diagnosis.said import DIGIT, said_bits, unheard, whole_bits
from checker.grading.judged import Judged, Judgement, Mask
from checker.grading.key import Key
from reference_solutions.graph import Array

_SHOWN = 8.0
"""Bits that what was worked out must say at least: those of one number of three digits."""


def proven(key: Key, judged: Judged) -> Judged:
    """Return what was judged, with whether it shows any work."""
    return judged if shows_work(key, judged) else replace(judged, worked=False)


def shows_work(key: Key, judged: Judged) -> bool:
    """Whether there is more than chance finds in numbers of which some are made up.

    Of an answer that a mistake explains, that may be all there is.
    """
    made_up = judged.numbers(lambda a: _is_made_up(a, judged))
    if not made_up and not judged.where(lambda a: bool(a.findings)):
        return True
    worked_out = _worked_out(judged, doubtful=not made_up)
    return shows_more(key, judged.answers.values(), worked_out, len(made_up))


def shows_more(
    key: Key, answers: Iterable[Judgement], worked_out: Mapping[int, Mask], made_up: int
) -> bool:
    """Whether the entries that were ``worked_out``, by answer, say more than chance does.

    ``made_up`` is how many answers are not right and not explained. Of a small sheet not more is
    wanted than half of what it has to say.
    """
    tried = math.log2(max(made_up, 1))
    # A number that stands on the sheet, in what it comes from, or was said before, is no news.
    known = set(key.layout.given_sizes)
    doubtful: dict[int, Array] = {}
    counted = []
    for answer in answers:
        mask = worked_out.get(answer.position, np.zeros(answer.written.values.shape, dtype=bool))
        doubtful[answer.position] = np.abs(answer.written.values[~mask])
        if mask.any():
            counted.append((answer, mask))
    shown = 0.0
    explained: dict[tuple[str, ...], float] = {}
    for answer, mask in counted:
        values = answer.written.values[mask]
        sources = doubtful.keys() & key.layout.sources[answer.position].keys()
        made = {size for source in sources for size in doubtful[source].tolist()}
        bits = unheard(_said(key, answer)[mask], values, known | made)
        known.update(np.abs(values).tolist())
        if answer.verdict == "mistake" and answer.findings:
            for finding in answer.findings:
                before = explained.get(finding.key, 0.0)
                explained[finding.key] = before + bits / len(answer.findings)
        elif not mask.all():
            # Which entries agree was not known beforehand, nor in which answer.
            shown += max(bits - tried - math.log2(math.comb(mask.size, int(mask.sum()))), 0.0)
        else:
            shown += max(bits - tried, 0.0)
        if shown >= _SHOWN + tried:
            return True
    # What a mistake explains is shown as far as it goes beyond what it takes to name the mistake.
    price = LIKELY if made_up else 0.0
    shown += sum(max(bits - price, 0.0) for bits in explained.values())
    return shown >= _SHOWN + tried or shown >= _most(key) / 2


def _most(key: Key) -> float:
    """Return how many bits the right answers say, with as many digits as are asked for."""
    total = 0.0
    for position, right in enumerate(key.layout.values):
        distinct = np.unique(np.abs(right))
        digits = key.asked[position].matching.min_significant_figures
        whole = position not in key.layout.symbolic and not key.kinds[position].rounds
        total += float(whole_bits(distinct).sum()) if whole else DIGIT * digits * distinct.size
    return total


def _said(key: Key, answer: Judgement) -> Array:
    """Return how many bits each entry of an answer says, however it was come by."""
    written = answer.written
    if answer.position in key.layout.symbolic:
        return np.full(written.values.shape, _SHOWN)
    if not key.kinds[answer.position].rounds:
        return whole_bits(written.values)
    bits = said_bits(written.texts, written.values, written.half_units)
    scale = key.layout.scales[answer.position]
    allowed = np.array(written.half_units)
    off = np.abs(written.values - answer.expected)
    if answer.right is not None and not answer.from_own and answer.verdict != "follow_through":
        # What was right with rounding on the way only would have been right farther off.
        allowed += np.where(answer.right & (off > allowed), off, 0.0)
    return np.minimum(bits, entry_bits(written.values, scale, allowed))


def _is_made_up(answer: Judgement, judged: Judged) -> bool:
    if answer.verdict == "correct":
        return False
    return answer.verdict == "wrong" or answer.position in judged.lazy.answers


def _worked_out(judged: Judged, *, doubtful: bool) -> dict[int, Mask]:
    """Return the entries that are right, follow or are explained, by answer.

    ``doubtful`` is whether what is only possible explains as well.
    """
    found = {}
    for answer in judged.answers.values():
        if answer.position in judged.lazy.answers:
            continue
        strong = any(finding.strong or doubtful for finding in answer.findings)
        if answer.verdict in {"correct", "follow_through", "imprecise"} or strong:
            found[answer.position] = np.ones(answer.written.values.shape, dtype=bool)
        elif answer.right is not None:
            found[answer.position] = answer.right
    return found
