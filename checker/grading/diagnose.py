"""The fourth stage: which mistakes explain what is not right, and which entries are right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from checker.answer_kinds.reading.quantities import named_nodes
from checker.answer_kinds.reading.written import Unreadable
from checker.diagnosis.case import Case, FormulaClaim
from checker.diagnosis.evidence import ACCEPT
from checker.diagnosis.finding import Finding, slip_found
from checker.diagnosis.formula_slips import SEARCH, description_bits, slips_in
from checker.diagnosis.own_values import OwnValues
from checker.diagnosis.slips import Slip
from checker.grading.compare import allowed_at, called_right, precise_enough, rounding, too_coarse
from checker.grading.judged import Judged, Judgement
from checker.grading.key import Key
from checker.grading.read import Written
from checker.matching import agrees
from reference_solutions.expressions.tree import Expression
from reference_solutions.language.evaluation import Allowance

_LEAST_SAID = 18.0
"""Bits that any formula is worth: enough for the one mistake that is nearest to it, not for two."""


def diagnose(key: Key, judged: Judged, own: OwnValues) -> Judged:
    """Explain the answers that are still open, and settle their verdicts."""
    left = judged.where(lambda a: a.verdict is None)
    if not left:
        return judged
    allowance = Allowance(work=SEARCH)
    explanation = key.diagnoser.explain(_case(key, judged, own, allowance))
    found = explanation.found
    judged = replace(judged, untried=explanation.untried + (allowance.work < 0))
    return judged.changed(
        [
            _settled(key, judged, answer, tuple(found.get(answer.position, ())), own)
            for answer in left
        ]
    )


def _case(key: Key, judged: Judged, own: OwnValues, allowance: Allowance) -> Case:
    layout = key.layout
    written = np.full(layout.right.size, np.nan)
    half_units = np.zeros(layout.right.size)
    texts: list[Sequence[str]] = [()] * len(layout.targets)
    formulas = {}
    says = {}
    for answer in judged.answers.values():
        span = layout.span(answer.position)
        written[span] = answer.written.values
        half_units[span] = answer.written.half_units
        texts[answer.position] = answer.written.texts
        if answer.written.formula is not None and answer.verdict is None:
            formulas[answer.position] = _claim(
                key, answer.position, answer.written.formula, allowance
            )
            says[answer.position] = _said(key, answer.position, answer.written.formula)
    return Case(
        written,
        half_units,
        texts,
        own,
        judged.numbers(lambda a: not a.accepted and _is_right(a, judged)),
        judged.numbers(lambda a: a.verdict == "follow_through"),
        judged.numbers(lambda a: a.verdict is None and a.if_rounded),
        judged.numbers(lambda a: a.verdict is None and not a.if_rounded),
        formulas,
        {
            position: digits or key.diagnoser.tolerances.digits
            for position, digits in judged.digits.items()
        },
        says,
        judged.lazy,
    )


def _is_right(answer: Judgement, judged: Judged) -> bool:
    if answer.verdict == "imprecise":
        return answer.if_rounded or answer.position not in judged.lazy.answers
    return answer.if_rounded or answer.verdict == "correct"


def _claim(key: Key, position: int, formula: Expression, allowance: Allowance) -> FormulaClaim:
    held = named_nodes(formula, key.graph, key.reference.ranges)
    return FormulaClaim(held, partial(_slips, key, position, formula, allowance))


def _said(key: Key, position: int, formula: Expression) -> float:
    """Return how many bits a formula is worth at most."""
    may_use = key.kinds[position].may_use(key.asked[position].spec)
    names = len(key.names if may_use is None else may_use)
    return max(_LEAST_SAID, description_bits(formula, names))


def _slips(key: Key, position: int, formula: Expression, allowance: Allowance) -> Iterator[Slip]:
    may_use = key.kinds[position].may_use(key.asked[position].spec)
    target = key.layout.targets[position]
    return slips_in(formula, key.graph, key.reference.ranges, target, may_use, allowance)


def _settled(
    key: Key, judged: Judged, answer: Judgement, findings: tuple[Finding, ...], own: OwnValues
) -> Judgement:
    digits = judged.digits[answer.position]
    if not findings and answer.if_rounded:
        note = "Right: the difference is what rounding on the way explains."
        answer = called_right(key, answer, note)
        return precise_enough(key, answer, rounding(key, answer.position, digits), digits)
    answer = _by_entry(key, answer, own, digits)
    if findings:
        # What the mistake says of the numbers says more than that they follow from others.
        return replace(answer, verdict="mistake", findings=findings, note="")
    earned = answer.position not in judged.lazy.answers and not key.kinds[answer.position].whole
    return replace(answer, verdict="partial" if earned and answer.share > 0 else "wrong")


def _by_entry(key: Key, answer: Judgement, own: OwnValues, digits: int | None) -> Judgement:
    """Find the entries that are right, from the reference or from the student's own values."""
    position = answer.position
    if not key.kinds[position].by_entry:
        return replace(answer, right=np.zeros(answer.expected.shape, dtype=bool))
    written = answer.written
    granted = rounding(key, position, digits)
    allowed = allowed_at(key, answer, answer.expected)
    if not answer.if_rounded:
        allowed = allowed + granted
    few = too_coarse(key, answer, answer.expected, granted)
    answer = replace(answer, right=agrees(written.values, answer.expected, allowed) & ~few)
    follows = own.values[key.layout.span(position)]
    if position not in own.depends or not np.isfinite(follows).all():
        return answer
    assert answer.right is not None
    from_own = agrees(written.values, follows, allowed)
    from_own &= ~too_coarse(key, answer, follows, granted)
    if not own.impossible.isdisjoint(key.layout.sources[position]):
        if from_own.all():
            note = (
                "This follows from your own earlier values, but not all of these can be right, "
                "whatever the inputs, so nothing is carried forward from them."
            )
            return replace(answer, note=note)
    elif from_own.sum() > answer.right.sum():
        return replace(answer, right=from_own, from_own=True)
    return answer


def explain_unreadable(key: Key, written: Written) -> Mapping[int, Finding]:
    """Return the mistakes that explain why answers don't fit, by their number in the layout.

    Numbers of a wrong shape may be what a mistake gives; of a formula whose shapes don't fit, one
    small change may make it right.
    """
    found: dict[int, Finding] = {}
    allowance = Allowance(work=SEARCH)
    misshapen = {}
    for answer in written.answers:
        content = answer.content
        if not isinstance(content, Unreadable) or answer.asked.target is None:
            continue
        position = key.position[answer.asked.question, answer.asked.answer]
        if content.numbers is not None:
            misshapen[position] = content.numbers
        if content.formula is not None:
            slip = next(_slips(key, position, content.formula, allowance), None)
            if slip is not None and slip.bits >= ACCEPT:
                found[position] = slip_found(slip, answer.asked.answer)
    if misshapen:
        found.update(key.diagnoser.explain_shapes(misshapen))
    return found
