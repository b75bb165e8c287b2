"""The third stage: what follows from the student's own earlier values ("error carried forward").

An answer that is not right may be what the right formulas give from the student's own values before
it. It is evaluated once for all answers: every value that a student gave is put in the place of the
right one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checker.diagnosis.case import OwnValues
from checker.grading.compare import allowed_at, precise_enough, rounding
from checker.grading.judged import Judged, Judgement
from checker.grading.key import Key
from checker.grading.plausibility import impossible, trivial
from checker.matching import agrees, too_few_digits
from reference_solutions.graph import Array

_ROUGH = 0.05
"""Relative difference beyond which rounding on the way is not looked at."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The student's own values, and which answers may be carried forward.

    ``own`` are the values that diagnosis may start from. ``impossible`` are the answers among them
    with values that no inputs give: these explain what came after, but earn nothing.
    """

    own: OwnValues
    impossible: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Puts:
    """Values to put, by node and world; the answers that they are of."""

    values: Sequence[Mapping[int, Array]]
    half_units: Mapping[int, Array]
    answers: frozenset[int]


def carry(key: Key, judged: Judged) -> tuple[Judged, Carried]:
    """Judge what is open by the student's own values before it."""
    open_answers = judged.where(lambda a: a.verdict is None)
    given = judged.where(lambda a: not _is_trivial(key, a))
    never = frozenset(a.position for a in given if _is_impossible(key, a))
    possible = [a for a in given if a.position not in never]
    wrong = frozenset(a.position for a in possible if a.verdict is None and not a.if_rounded)
    coarse = judged.numbers(lambda a: a.verdict == "imprecise")
    own = _own_values(key, _puts(key, possible), open_answers)
    followed = [_followed(key, answer, own, wrong, coarse) for answer in open_answers]
    if never:
        own = _own_values(key, _puts(key, given), open_answers)
    return judged.changed(followed), Carried(own, never)


def _by_member(key: Key, position: int) -> tuple[int, ...]:
    """Return the shape of an answer, in which a whole family has a row for each instance."""
    shape = key.layout.shapes[position]
    if key.layout.is_family[position]:
        value = key.graph.value(key.layout.members[position][0])
        assert value is not None
        shape = (len(key.layout.members[position]), *value.shape)
    return shape


def _worlds(key: Key, answer: Judgement) -> Array:
    worlds = len(key.layout.worlds(answer.position))
    return answer.written.values.reshape((worlds, *_by_member(key, answer.position)))


def _is_trivial(key: Key, answer: Judgement) -> bool:
    node = key.layout.targets[answer.position]
    return any(
        trivial(values, key.graph.value(node, world))
        for world, values in enumerate(_worlds(key, answer))
    )


def _is_impossible(key: Key, answer: Judgement) -> bool:
    return impossible(key.graph, key.layout.targets[answer.position], _worlds(key, answer))


def _puts(key: Key, answers: Sequence[Judgement]) -> _Puts:
    """Return the values of answers by node, with half a unit in their last written places."""
    layout = key.layout
    values: list[dict[int, Array]] = [{} for _ in range(key.graph.worlds)]
    half_units: dict[int, Array] = {}
    for answer in answers:
        written = _worlds(key, answer)
        members = layout.members[answer.position]
        shape = _by_member(key, answer.position)
        for place, member in enumerate(members):
            at: int | tuple[()] = place if layout.is_family[answer.position] else ()
            for world, put in enumerate(values):
                put[member] = written[min(world, len(written) - 1)][at]
            if answer.position not in layout.symbolic:
                half_units[member] = answer.written.half_units.reshape(shape)[at]
    return _Puts(values, half_units, frozenset(answer.position for answer in answers))


def _own_values(key: Key, puts: _Puts, open_answers: Sequence[Judgement]) -> OwnValues:
    """Evaluate what follows at every answer from the values that were put."""
    layout = key.layout
    flat = np.full(layout.right.size, np.nan)
    nodes = layout.nodes_of(layout.targets)
    for world, put in enumerate(puts.values):
        for node, value in key.graph.edited({}).evaluate(nodes, put, world).items():
            if value is not None:
                layout.put(flat, node, value, world)
    depends = frozenset(
        answer.position
        for answer in open_answers
        if any(
            other in puts.answers and nodes - set(layout.members[answer.position])
            for other, nodes in layout.sources[answer.position].items()
        )
    )
    return OwnValues(puts.values, puts.half_units, flat, depends)


def _followed(
    key: Key, answer: Judgement, own: OwnValues, wrong: frozenset[int], coarse: frozenset[int]
) -> Judgement:
    """Judge one open answer by what follows from the student's own values."""
    layout, position = key.layout, answer.position
    matching, kind = key.asked[position].matching, key.kinds[position]
    follows = own.values[layout.span(position)]
    if not np.isfinite(follows).all():
        return answer
    itself = set(layout.members[position]) if len(layout.members[position]) == 1 else set()
    carried = [
        other
        for other, nodes in layout.sources[position].items()
        if other in wrong and nodes - itself
    ]
    values = answer.written.values
    allowed = allowed_at(key, answer, follows)
    close = bool(agrees(values, follows, allowed).all())
    granted = rounding(key, position)
    digits = matching.working_digits
    rounds = digits is not None and kind.rounds and matching.policy == "written"
    doubtful = bool(carried) or not coarse.isdisjoint(layout.sources[position])
    if not close and rounds and doubtful and not answer.if_rounded:
        assert digits is not None
        rough = allowed + 3 * granted + _ROUGH * np.abs(follows)
        if agrees(values, follows, rough).all():
            tolerances = key.diagnoser.tolerances
            granted = tolerances.estimated(position, own.carried, digits)
            if not agrees(values, follows, allowed + granted).all():
                granted = tolerances.sampled(position, own.carried, digits)
            close = bool(agrees(values, follows, allowed + granted).all())
    if not close:
        return answer
    answer = replace(answer, right=np.ones(values.shape, dtype=bool))
    if not carried or answer.if_rounded:
        note = "Right: it follows from your rounded earlier values."
        answer = replace(answer, verdict="correct", note=note)
        return precise_enough(key, answer, np.abs(follows - answer.expected) + granted)
    precise = agrees(values, answer.expected, allowed_at(key, answer, answer.expected))
    if too_few_digits(values, follows, answer.written.half_units, granted, matching).any():
        note = "Right from your own earlier values, but with too few digits."
        return replace(answer, verdict="imprecise", note=note, precise=precise)
    names = ", ".join(key.asked[other].answer for other in sorted(carried) if other != position)
    note = f"Right from your own earlier values ({names})."
    return replace(answer, verdict="follow_through", note=note, precise=precise)
