"""The second stage: what is right as it is written, or with rounding on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checker.answer_kinds.reading.written import WrittenArray
from checker.grading.judged import Judged, Judgement, imprecise
from checker.grading.key import Key
from checker.grading.read import Written
from checker.matching import agrees, too_few_digits
from reference_solutions.graph import Array


def compare(key: Key, written: Written) -> Judged:
    """Compare every computed answer with its right values."""
    answers = {}
    for answer in written.answers:
        if isinstance(answer.content, WrittenArray):
            position = key.position[answer.asked.question, answer.asked.answer]
            expected = key.layout.values[position]
            judgement = _compared(key, Judgement(position, answer.content, expected))
            if judgement.verdict is None:
                judgement = replace(judgement, if_rounded=_right_if_rounded(key, judgement))
            answers[position] = judgement
    return Judged(answers)


def _compared(key: Key, answer: Judgement) -> Judgement:
    matching = key.asked[answer.position].matching
    found = key.kinds[answer.position].agrees(answer.written, answer.expected, matching)
    if not found.mask.all():
        return answer
    answer = replace(answer, verdict="correct", note=found.note, right=found.mask)
    return precise_enough(key, answer, np.zeros_like(answer.expected))


def rounding(key: Key, position: int) -> Array:
    """Return what rounding on the way may do to each entry of an answer, where it is granted."""
    matching = key.asked[position].matching
    digits = matching.working_digits
    if digits is None or matching.policy != "written" or not key.kinds[position].rounds:
        return np.zeros_like(key.layout.values[position])
    granted: Array = key.diagnoser.tolerances.of_right(digits)[key.layout.span(position)]
    return granted


def _right_if_rounded(key: Key, answer: Judgement) -> bool:
    granted = rounding(key, answer.position)
    if not granted.any():
        return False
    allowed = allowed_at(key, answer, answer.expected) + granted
    return bool(agrees(answer.written.values, answer.expected, allowed).all())


def allowed_at(key: Key, answer: Judgement, expected: Array) -> Array:
    """Return the largest differences at which an answer agrees with values, rounding aside."""
    matching = key.asked[answer.position].matching
    kind = key.kinds[answer.position]
    return kind.tolerances(expected, answer.written.half_units, matching)


def precise_enough(key: Key, answer: Judgement, granted: Array) -> Judgement:
    """Call a right answer imprecise where it has too few digits.

    ``granted`` is what rounding on the way explains: no lack of digits.
    """
    if not key.kinds[answer.position].rounds:
        return answer
    matching = key.asked[answer.position].matching
    written = answer.written
    few = too_few_digits(written.values, answer.expected, written.half_units, granted, matching)
    if few.any() and not granted.any():
        granted = rounding(key, answer.position)
        few = too_few_digits(written.values, answer.expected, written.half_units, granted, matching)
    return imprecise(answer, few, matching.min_significant_figures)
