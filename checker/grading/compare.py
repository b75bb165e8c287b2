"""The second stage: what is right as it is written, or with rounding on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from checker.answer_kinds.reading.quantities import nodes_of
from checker.answer_kinds.reading.written import WrittenArray
from checker.diagnosis.lazy import Lazy, find_lazy
from checker.diagnosis.said import is_plain
from checker.grading.judged import Judged, Judgement, Mask, imprecise
from checker.grading.key import Key
from checker.grading.plausibility import impossible
from checker.grading.read import Written
from checker.grading.work import shows_more
from checker.matching import agrees, half_unit_at, too_few_digits
from reference_solutions.expressions.tree import Apply, Name
from reference_solutions.graph import Array
from reference_solutions.operations import operation_called


def compare(key: Key, written: Written) -> Judged:
    """Compare every computed answer with its right values."""
    arrays = {
        answer.position: answer.content
        for answer in written.answers
        if isinstance(answer.content, WrittenArray)
    }
    granted = _granted_digits(key, arrays)
    # What anybody would write who has no number is not what rounding left,
    guessed = [p for p, content in arrays.items() if content.guess and granted[p] is not None]
    digits = granted | dict.fromkeys(guessed)
    answers = {p: _compared(key, p, content, digits[p]) for p, content in arrays.items()}
    if guessed:
        sure = {p: one.right for p, one in answers.items() if one.right is not None}
        if shows_more(key, answers.values(), sure, len(arrays) - len(sure)):
            # unless with as many digits as are asked for, beside others that were worked out.
            for p in filter(lambda p: _in_full(key, p, arrays[p]), guessed):
                digits[p] = granted[p]
                answers[p] = _compared(key, p, arrays[p], digits[p])
    values = {position: content.values for position, content in arrays.items()}
    half_units = {position: content.half_units for position, content in arrays.items()}
    certain = {a.position for a in answers.values() if a.verdict == "correct"}
    rounded = {a.position for a in answers.values() if a.if_rounded}
    lazy = find_lazy(key.layout, values, half_units, certain, rounded)
    if len(lazy.constant) > 1:
        # Rounding explains one number everywhere no better than that it is one everywhere.
        for position in lazy.constant:
            answers[position] = replace(answers[position], if_rounded=False)
    right = certain | {a.position for a in answers.values() if a.if_rounded}
    named = frozenset(p for p in arrays.keys() - right if _is_name(key, p, arrays[p]))
    lazy = Lazy(lazy.constant - right, (lazy.given - right) | named, lazy.copied - right)
    return Judged(answers, digits, lazy)


def _in_full(key: Key, position: int, written: WrittenArray) -> bool:
    """Whether numbers stand there with as many digits as are asked for, zeros included."""
    asked = half_unit_at(written.values, key.asked[position].matching.min_significant_figures)
    fine = (written.half_units <= asked * (1 + 1e-9)) | (written.values == 0)
    return bool(fine.all()) and all(map(is_plain, written.texts))


def _is_name(key: Key, position: int, written: WrittenArray) -> bool:
    """Whether a formula says no more than one quantity by name: what anybody can write."""
    formula = written.formula
    if formula is None:
        return False
    names = [part for part in formula.walk() if isinstance(part, Name)]
    sizes = np.abs(written.values)
    for node in {node for name in names for node in nodes_of(name, key.graph)}:
        same = key.layout.in_all_worlds(node, position)
        if same.size == sizes.size and np.allclose(sizes, np.abs(same)):
            return True
    while isinstance(formula, Apply):
        operation = operation_called(formula.operation)
        if operation is None or not operation.effortless:
            return False
        formula = formula.args[0]
    return isinstance(formula, Name)


def _granted_digits(key: Key, arrays: Mapping[int, WrittenArray]) -> dict[int, int | None]:
    """Return to how many digits each answer may be rounded on the way.

    As coarsely as the assignment says, but no more coarsely than the student's own values beside it
    show, those that it comes from if there are any: where these stand with nine digits, nobody went
    on with three.
    """
    shown = {
        position: content.digits
        for position, content in arrays.items()
        if content.digits is not None
    }
    granted: dict[int, int | None] = {}
    for position in arrays:
        matching = key.asked[position].matching
        digits = matching.working_digits
        if digits is None or matching.policy != "written" or not key.kinds[position].rounds:
            granted[position] = None
            continue
        sources = key.layout.sources[position].keys() - {position}
        beside = [shown[other] for other in shown.keys() & sources]
        if not beside:
            # Its own digits bound it where it doesn't come from other answers.
            alone = arrays.keys().isdisjoint(sources)
            beside = [shown[other] for other in shown if alone or other != position]
        granted[position] = max(digits, min(beside, default=digits))
    return granted


def _compared(key: Key, position: int, content: WrittenArray, digits: int | None) -> Judgement:
    """Compare one answer by itself; what was read before is not compared again."""
    before = key.compared_before.get((content, digits))
    if before is not None:
        return before
    answer = Judgement(position, content, key.layout.values[position])
    matching = key.asked[position].matching
    found = key.kinds[position].agrees(content, answer.expected, matching, key.errors[position])
    if found.mask.all():
        answer = replace(answer, verdict="correct", note=found.note, right=found.mask)
        answer = precise_enough(key, answer, np.zeros_like(answer.expected), digits)
    else:
        answer = replace(answer, if_rounded=_right_if_rounded(key, answer, digits))
    return key.compared_before.keep((content, digits), answer)


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
    """Return the largest differences at which an answer agrees with values, rounding aside.

    ``expected`` are the values, flat; the result has one for each.
    """
    matching = key.asked[answer.position].matching
    kind = key.kinds[answer.position]
    errors = key.errors[answer.position]
    return kind.tolerances(expected, answer.written.half_units, matching, errors)


def too_coarse(key: Key, answer: Judgement, expected: Array, granted: Array) -> Mask:
    """Return which entries have too few digits beside the values that they agree with."""
    matching, errors = key.asked[answer.position].matching, key.errors[answer.position]
    written = answer.written
    return too_few_digits(written.values, expected, written.half_units, granted, matching, errors)


def called_right(
    key: Key, answer: Judgement, note: str, right: Mask | None = None, *, from_rounded: bool = False
) -> Judgement:
    """Call an open answer right for a reason that ``note`` says; for all who wrote it, once."""
    before = key.right_before.get((answer, note))
    if before is not None:
        return before
    found = replace(answer, verdict="correct", note=note, right=right, from_rounded=from_rounded)
    return key.right_before.keep((answer, note), found)


def precise_enough(key: Key, answer: Judgement, granted: Array, digits: int | None) -> Judgement:
    """Call a right answer imprecise where it has too few digits.

    ``granted`` is what rounding on the way explains, entry by entry: no lack of digits; ``digits``
    is to how many one may round.
    """
    if not key.kinds[answer.position].rounds:
        return answer
    matching = key.asked[answer.position].matching
    few = too_coarse(key, answer, answer.expected, granted)
    if few.any() and not granted.any():
        granted = rounding(key, answer.position, digits)
        few = too_coarse(key, answer, answer.expected, granted)
    return imprecise(answer, few, matching.min_significant_figures)
