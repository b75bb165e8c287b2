"""The second stage: what is right as it is written, or with rounding on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from statistics import median

import numpy as np

from checker.answer_kinds.reading.written import WrittenArray
from checker.diagnosis.lazy import Lazy, find_lazy
from checker.grading.judged import Judged, Judgement, Mask, imprecise
from checker.grading.key import Key
from checker.grading.plausibility import impossible
from checker.grading.read import Written
from checker.matching import agrees, last_places, too_few_digits
from reference_solutions.graph import Array
from reference_solutions.language.expression import Apply, Expression, Name

_MOST_DIGITS = 15
"""More digits than floats have are none."""

_DRESSINGS = ("negate", "transpose", "item")
"""What may stand around a name and is no work."""

_PLAIN = re.compile(r"[\s\d.,_+\-\u2212eE]*")
"""A number that is no arithmetic."""


def compare(key: Key, written: Written) -> Judged:
    """Compare every computed answer with its right values."""
    arrays = {
        key.position[answer.asked.question, answer.asked.answer]: answer.content
        for answer in written.answers
        if isinstance(answer.content, WrittenArray)
    }
    arrays = {position: _with_places(key, position, one) for position, one in arrays.items()}
    digits = _granted_digits(key, arrays)
    answers = {}
    for position, content in arrays.items():
        judgement = Judgement(position, content, key.layout.values[position])
        judgement = _compared(key, judgement, digits[position])
        if judgement.verdict is None:
            by_rounding = _right_if_rounded(key, judgement, digits[position])
            judgement = replace(judgement, if_rounded=by_rounding)
        answers[position] = judgement
    values = {position: content.values for position, content in arrays.items()}
    half_units = {position: content.half_units for position, content in arrays.items()}
    certain = {a.position for a in answers.values() if a.verdict == "correct"}
    lazy = find_lazy(key.layout, values, half_units, certain)
    if len(lazy.constant) > 1:
        # Rounding explains one number everywhere no better than that it is one everywhere.
        for position in lazy.constant:
            answers[position] = replace(answers[position], if_rounded=False)
    right = certain | {a.position for a in answers.values() if a.if_rounded}
    named = frozenset(p for p, one in arrays.items() if _is_name(one.formula)) - right
    lazy = Lazy(lazy.constant - right, (lazy.given - right) | named, lazy.copied - right)
    return Judged(answers, digits, lazy)


def _is_name(formula: Expression | None) -> bool:
    """Whether a formula is one quantity by name: what anybody can write who has none."""
    while isinstance(formula, Apply) and formula.operation in _DRESSINGS:
        formula = formula.args[0]
    return isinstance(formula, Name)


def _with_places(key: Key, position: int, written: WrittenArray) -> WrittenArray:
    """Return an answer with the places up to which its numbers were determined."""
    if not key.kinds[position].rounds:
        return written
    units = last_places(written.values, written.half_units, key.asked[position].matching)
    return written if units is written.half_units else replace(written, half_units=units)


def _granted_digits(key: Key, arrays: Mapping[int, WrittenArray]) -> dict[int, int | None]:
    """Return to how many digits each answer may be rounded on the way.

    As coarsely as the assignment says, but no more coarsely than the student's own values beside it
    show, those that it comes from if there are any: where these stand with nine digits, nobody went
    on with three.
    """
    shown = {
        position: digits
        for position, content in arrays.items()
        if key.kinds[position].rounds and (digits := _digits_shown(content)) is not None
    }
    granted: dict[int, int | None] = {}
    for position in arrays:
        matching = key.asked[position].matching
        digits = matching.working_digits
        if digits is None or matching.policy != "written" or not key.kinds[position].rounds:
            granted[position] = None
            continue
        sources = shown.keys() & (key.layout.sources[position].keys() - {position})
        beside = [shown[other] for other in sources or shown]
        granted[position] = max(digits, min(beside, default=digits))
    return granted


def _digits_shown(written: WrittenArray) -> int | None:
    """Return how many significant digits the entries have, typically; None where none shows any.

    A zero has none, and arithmetic that was typed has those of its parts, whatever it comes to.
    """
    sizes = np.abs(written.values)
    telling = (sizes > 0) & [_PLAIN.fullmatch(text) is not None for text in written.texts]
    units = 2.0 * written.half_units[telling]
    sizes = sizes[telling]
    if not sizes.size:
        return None
    # A computed float has no last place: it shows all digits that floats have.
    digits = np.log10(sizes / np.maximum(units, sizes * 10.0**-_MOST_DIGITS)) + 1.0
    typical = median(np.floor(digits + 1e-9).tolist())
    return int(min(max(typical, 1), _MOST_DIGITS))


def _compared(key: Key, answer: Judgement, digits: int | None) -> Judgement:
    matching = key.asked[answer.position].matching
    kind, errors = key.kinds[answer.position], key.errors[answer.position]
    found = kind.agrees(answer.written, answer.expected, matching, errors)
    if not found.mask.all():
        return answer
    answer = replace(answer, verdict="correct", note=found.note, right=found.mask)
    return precise_enough(key, answer, np.zeros_like(answer.expected), digits)


def rounding(key: Key, position: int, digits: int | None) -> Array:
    """Return what rounding to ``digits`` on the way may do to each entry of an answer."""
    if digits is None:
        return np.zeros_like(key.layout.values[position])
    return key.diagnoser.tolerances.granted(position, digits)


def _right_if_rounded(key: Key, answer: Judgement, digits: int | None) -> bool:
    granted = rounding(key, answer.position, digits)
    if not granted.any():
        return False
    values = answer.written.values
    allowed = allowed_at(key, answer, answer.expected) + granted
    node = key.layout.targets[answer.position]
    return bool(agrees(values, answer.expected, allowed).all()) and not impossible(
        key.graph, node, values, answer.written.half_units
    )


def allowed_at(key: Key, answer: Judgement, expected: Array) -> Array:
    """Return the largest differences at which an answer agrees with values, rounding aside."""
    matching = key.asked[answer.position].matching
    kind = key.kinds[answer.position]
    errors = key.errors[answer.position]
    return kind.tolerances(expected, answer.written.half_units, matching, errors)


def too_coarse(key: Key, answer: Judgement, expected: Array, granted: Array) -> Mask:
    """Return which entries have too few digits beside the values that they agree with."""
    matching, errors = key.asked[answer.position].matching, key.errors[answer.position]
    written = answer.written
    return too_few_digits(written.values, expected, written.half_units, granted, matching, errors)


def precise_enough(key: Key, answer: Judgement, granted: Array, digits: int | None) -> Judgement:
    """Call a right answer imprecise where it has too few digits.

    ``granted`` is what rounding on the way explains: no lack of digits; ``digits`` is to how many
    one may round.
    """
    if not key.kinds[answer.position].rounds:
        return answer
    matching = key.asked[answer.position].matching
    few = too_coarse(key, answer, answer.expected, granted)
    if few.any() and not granted.any():
        granted = rounding(key, answer.position, digits)
        few = too_coarse(key, answer, answer.expected, granted)
    return imprecise(answer, few, matching.min_significant_figures)
