"""The third stage: what follows from the student's own earlier values ("error carried forward").

An answer that is not right may be what the right formulas give from the student's own values before
it. It is evaluated once for all answers: every value that a student gave is put in the place of the
right one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from checker.diagnosis.lazy import degenerate
from checker.diagnosis.own_values import OwnValues
from checker.grading.compare import allowed_at, called_right, precise_enough, rounding, too_coarse
from checker.grading.judged import Judged, Judgement, Put
from checker.grading.key import Key
from checker.grading.plausibility import bounds, impossible, trivial
from checker.matching import agrees, ends_there, half_unit_at
from reference_solutions.graph import Array

_ROUGH = 0.05
"""Relative difference beyond which rounding on the way is not looked at."""

_NOTHING_CARRIED = (
    "This follows from your own earlier values, but these make it trivial: what is zero, constant "
    "or saturated with them is not with the right ones, so nothing is carried forward."
)


def carry(key: Key, judged: Judged) -> tuple[Judged, OwnValues]:
    """Judge what is open by the student's own values before it.

    Returns these too: what diagnosis may start from.
    """
    open_answers = judged.where(lambda a: a.verdict is None)
    if not open_answers:
        return judged, OwnValues()
    given = judged.where(
        lambda a: (
            a.accepted or (a.position not in judged.lazy.worthless and not _put(key, a).trivial)
        )
    )
    never = frozenset(a.position for a in given if not a.accepted and _put(key, a).impossible)
    possible = [a for a in given if a.position not in never]
    wrong = frozenset(
        a.position for a in possible if a.accepted or (a.verdict is None and not a.if_rounded)
    )
    coarse = judged.numbers(lambda a: a.verdict == "imprecise")
    own = _own_values(key, possible, open_answers)
    path = _Path(key, own)
    followed = [_followed(key, judged, a, own, path, wrong, coarse) for a in open_answers]
    judged = judged.changed(followed)
    if never:
        own = replace(_own_values(key, given, open_answers), impossible=never)
    worthless = judged.where(
        lambda a: a.position in judged.lazy.worthless and _is_something(a.written.values)
    )
    if worthless:
        constant = [a for a in worthless if a.position in judged.lazy.constant]
        from_all = _own_values(key, [*given, *worthless], open_answers)
        from_constants = _own_values(key, [*given, *constant], open_answers)
        judged = judged.changed(
            [_led_nowhere(key, judged, a, from_all, from_constants) for a in followed]
        )
    return judged, own


def _led_nowhere(
    key: Key, judged: Judged, answer: Judgement, own: OwnValues, from_constants: OwnValues
) -> Judgement:
    """Call wrong what follows from values that took no work.

    It is explained no further, unless it needs given numbers that were copied: of parameters that
    were not updated, what comes after may show that just this was the mistake.
    """
    follows = own.values[key.layout.span(answer.position)]
    open_still = answer.verdict is None and not answer.if_rounded
    if not open_still or answer.position in judged.lazy.answers:
        return answer
    if answer.position not in own.depends or not np.isfinite(follows).all():
        return answer
    if not agrees(answer.written.values, follows, allowed_at(key, answer, follows)).all():
        return answer
    span = key.layout.span(answer.position)
    if not np.allclose(follows, from_constants.values[span], equal_nan=True):
        return replace(answer, note=_NOTHING_CARRIED, led_nowhere=True)
    return replace(answer, verdict="wrong", note=_NOTHING_CARRIED)


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


def _put(key: Key, answer: Judgement) -> Put:
    """Return what an answer puts in the place of right values; of many students' once.

    A value is put with half a unit in its last written place; digits that were not written although
    one works with more are no room for what comes after.
    """
    before = None if answer.accepted else key.put_before.get(answer.written)
    if before is not None:
        return before
    layout, graph, position = key.layout, key.graph, answer.position
    written, shape = _worlds(key, answer), _by_member(key, position)
    half_units = (
        _half_units(key, answer).reshape(shape) if position not in layout.symbolic else None
    )
    puts: list[dict[int, Array]] = [{} for _ in range(graph.worlds)]
    units: dict[int, Array] = {}
    for place, member in enumerate(layout.members[position]):
        at: int | tuple[()] = place if layout.is_family[position] else ()
        for world, put in enumerate(puts):
            put[member] = written[min(world, len(written) - 1)][at]
        if half_units is not None:
            units[member] = half_units[at]
    node = layout.targets[position]
    # A count, or an index, may well be 1.
    counted = not key.kinds[position].rounds and bool(np.any(written))
    is_trivial = not counted and any(
        trivial(values, graph.value(node, world)) for world, values in enumerate(written)
    )
    found = Put(puts, units, is_trivial, impossible(graph, node, written))
    return found if answer.accepted else key.put_before.keep(answer.written, found)


def _is_something(values: Array) -> bool:
    return bool(np.isfinite(values).all() and np.any(values))


def _own_values(
    key: Key, answers: Sequence[Judgement], open_answers: Sequence[Judgement]
) -> OwnValues:
    """Put the values of answers, and evaluate what follows from them at every answer."""
    layout, graph = key.layout, key.graph
    puts: list[dict[int, Array]] = [{} for _ in range(graph.worlds)]
    half_units: dict[int, Array] = {}
    for answer in answers:
        made = _put(key, answer)
        half_units |= made.half_units
        for put, values in zip(puts, made.worlds, strict=True):
            put.update(values)
    flat = np.full(layout.right.size, np.nan)
    targets = [layout.targets[answer.position] for answer in open_answers]
    nodes = dict.fromkeys(layout.nodes_of(targets))
    plain = graph.edited({})
    between: list[Mapping[int, Array | None]] = []
    for world, put in enumerate(puts):
        # What an entry follows from is not the quantity that it was put into.
        entries_of = [node for node in nodes if node in layout.entries]
        entries = plain.evaluate(entries_of, put, world) if entries_of else {}
        _put_entries(key, put, world)
        region = graph.region(nodes, put)
        found = plain.evaluate(region - (put.keys() - nodes.keys()), put, world)
        between.append(found)
        for node in nodes:
            value = entries.get(node, found[node])
            if value is not None:
                layout.put(flat, node, value, world)
    given = {answer.position for answer in answers}
    depends = frozenset(
        answer.position
        for answer in open_answers
        if any(
            other in given and nodes - set(layout.members[answer.position])
            for other, nodes in layout.sources[answer.position].items()
        )
    )
    return OwnValues(graph, puts, half_units, flat, depends, between=between)


def _half_units(key: Key, answer: Judgement) -> Array:
    """Return how far what one goes on with may be off: not at all where it is right to the last."""
    half_units = answer.written.half_units
    ended = ends_there(answer.written.values, half_units, answer.expected)
    half_units = np.where(ended, 0.0, half_units)
    digits = key.asked[answer.position].matching.working_digits
    if digits is None:
        return half_units
    scale = np.full(1, key.layout.scales[answer.position])
    return np.minimum(half_units, half_unit_at(scale, max(digits - 1, 1)))


def _put_entries(key: Key, puts: dict[int, Array], world: int) -> None:
    """Carry what was written for one entry (``E[0]``) forward as part of its quantity."""
    for node, (whole, index) in key.layout.entries.items():
        if node not in puts:
            continue
        value = puts.get(whole)
        if value is None:
            value = key.graph.edited({}).evaluate([whole], puts, world)[whole]
        if value is not None:
            value = np.array(value, dtype=np.float64)
            value[index] = puts[node]
            puts[whole] = value


class _Path:
    """What lies between the student's own values and the answers."""

    def __init__(self, key: Key, own: OwnValues) -> None:
        self._key = key
        self._own = own

    def is_trivial(self, position: int) -> bool:
        """Whether the own values leave nothing to compute where the right ones do.

        So it is where a quantity on the way to the answer is zero, constant or saturated though the
        right one is not.
        """
        graph, layout = self._key.graph, self._key.layout
        region = graph.region(layout.members[position], self._own.puts)
        # A whole number that is asked for, such as an index, may well be 0.
        members = layout.members[position]
        counted = () if self._key.kinds[position].rounds else members
        nodes = sorted(region.difference(counted))
        return any(
            degenerate(values, right, bounds(graph, node))
            for world in layout.worlds(position)
            for node, values, right in self._quantities(nodes, members, world)
        )

    def _quantities(
        self, nodes: Sequence[int], members: Sequence[int], world: int
    ) -> Iterator[tuple[int, Array, Array | None]]:
        """Yield own and right values; of a family of single numbers all instances together.

        One of them may well be zero, as one entry of a vector may. Own is what follows for
        ``members``, and before them what the student wrote, if anything.
        """
        graph = self._key.graph
        numbers: dict[str, list[tuple[int, Array, Array]]] = {}
        for node in nodes:
            followed = self._own.between[world].get(node)
            value = followed if node in members else self._own.worlds[world].get(node, followed)
            right = graph.value(node, world)
            if value is None:
                continue
            if right is not None and value.size == right.size == 1:
                found = (node, value.ravel(), right.ravel())
                numbers.setdefault(graph.nodes[node].key[0], []).append(found)
            else:
                yield node, value, right
        for instances in numbers.values():
            first, *_ = instances
            own, right = (np.concatenate([one[at] for one in instances]) for at in (1, 2))
            yield first[0], own, right


def _followed(  # noqa: PLR0913, PLR0917 - one argument for each thing it is judged by
    key: Key,
    judged: Judged,
    answer: Judgement,
    own: OwnValues,
    path: _Path,
    wrong: frozenset[int],
    coarse: frozenset[int],
) -> Judgement:
    """Judge one open answer by what follows from the student's own values."""
    layout, position = key.layout, answer.position
    follows = own.values[layout.span(position)]
    if not np.isfinite(follows).all() or position in judged.lazy.answers:
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
    digits = judged.digits[position]
    granted = rounding(key, position, digits)
    doubtful = bool(carried) or not coarse.isdisjoint(layout.sources[position])
    if not close and digits is not None and doubtful and not answer.if_rounded:
        rough = allowed + 3 * granted + _ROUGH * np.abs(follows)
        if agrees(values, follows, rough).all():
            tolerances = key.diagnoser.tolerances
            granted = tolerances.estimated(position, own, digits)
            if not agrees(values, follows, allowed + granted).all():
                granted = tolerances.sampled([position], own, digits)[position]
            close = bool(agrees(values, follows, allowed + granted).all())
    if not close or (carried and answer.if_rounded):
        return answer
    if not carried:
        note = "Right: it follows from your rounded earlier values."
        right = np.ones(values.shape, dtype=bool)
        answer = called_right(key, answer, note, right, from_rounded=True)
        return precise_enough(key, answer, np.abs(follows - answer.expected) + granted, digits)
    if path.is_trivial(position):
        return replace(answer, verdict="wrong", note=_NOTHING_CARRIED)
    precise = agrees(values, answer.expected, allowed_at(key, answer, answer.expected))
    answer = replace(answer, right=np.ones(values.shape, dtype=bool), precise=precise)
    if too_coarse(key, answer, follows, granted).any():
        note = "Right from your own earlier values, but with too few digits."
        return replace(answer, verdict="imprecise", note=note)
    names = ", ".join(key.asked[other].answer for other in sorted(carried) if other != position)
    note = f"Right from your own earlier values{f' ({names})' if names else ''}."
    return replace(answer, verdict="follow_through", note=note)
