"""What common mistakes do to what is asked: which show in the digits, and which look the same.

A mistake is one that the engine knows for this sheet, made everywhere. What it gives is computed as
for a diagnosis, with the sheet's numbers or with others in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from checker.authoring.lint.given_entries import GivenEntry
from checker.diagnosis.hypotheses import Library
from checker.diagnosis.layout import Layout
from checker.edits.edit import Edit
from checker.edits.prices import COMMONNESS, IN_DERIVATIVES
from checker.edits.rewriting import Miscopied
from checker.grading.key import Key
from checker.matching import half_unit_at
from reference_solutions.graph import Array, Constant, Family, Graph, Settled
from reference_solutions.graph.many import evaluate_many
from reference_solutions.operations import catalogue
from submissions_schema.grading_settings import Matching

COMMON = COMMONNESS["common"] + IN_DERIVATIVES
"""The most bits that a common mistake costs: a common one, made in the derived backward pass."""

_GENERIC = 5
"""In so many sets of other numbers a mistake is made that shows in none of the sheet's digits."""

_TRIES = 18

_ANY, _NEAR, _LARGER = "any", "near", "larger"
"""How other numbers are chosen: of either sign, near those of the sheet, larger than these."""

Puts = Mapping[int, Array]


@dataclass(frozen=True)
class Outcome:
    """What common mistakes give, with certain given numbers.

    ``right`` are the right entries, ``values`` (mistakes, entries) what each mistake gives.
    ``resolution`` is half a unit in the last digit that is asked for, at each right entry.
    """

    right: Array
    values: Array
    resolution: Array

    @cached_property
    def shows(self) -> NDArray[np.bool_]:
        """Which mistakes change a digit that is asked for."""
        with np.errstate(invalid="ignore"):
            return np.asarray((np.abs(self.values - self.right) > self.resolution).any(axis=1))

    def alike(self, one: int, other: int) -> bool:
        """Whether two mistakes give the same digits everywhere."""
        x, y = self.values[one], self.values[other]
        with np.errstate(invalid="ignore"):
            close = np.abs(x - y) <= self.resolution
        return bool((close | (np.isnan(x) & np.isnan(y))).all())


class CommonMistakes:
    """The common mistakes that can be made on a sheet.

    Left out is what can't be carried out with the sheet's shapes, and what changes nothing with any
    given numbers. ``edits`` are the mistakes, and ``classes`` the number of each one's class: those
    that give the same with any numbers count as one.
    """

    def __init__(self, key: Key, entries: Sequence[GivenEntry]) -> None:
        self.key = key
        self.layout: Layout = key.layout
        self.graph: Graph = key.graph
        self._nodes = self.layout.nodes_of(self.layout.targets)
        self._matchings = [key.asked[i].matching for i in range(len(self.layout.targets))]
        library = key.diagnoser.library
        self.movable = self._movable(entries)
        possible = list(_common(library))
        others = [self.outcome(possible, puts) for puts in self._generic()]
        outcomes = [self.outcome(possible, {}), *others]
        known = [found for found in outcomes if found is not None]
        can_be_made = np.isfinite(known[0].values).all(axis=1)
        kept = np.flatnonzero(can_be_made & np.any([found.shows for found in known], axis=0))
        self.edits = [possible[row] for row in kept]
        self._compared = len(known) > 1
        generic = known[1:] or known
        self.classes = _classes(
            len(kept), lambda i, j: all(found.alike(kept[i], kept[j]) for found in generic)
        )
        first = self.outcome(self.edits, {})
        assert first is not None
        self.now: Outcome = first

    # --- what shows -----------------------------------------------------------------------------

    @cached_property
    def hidden(self) -> list[int]:
        """The mistakes that change no digit that is asked for."""
        return [i for i, shows in enumerate(self.now.shows) if not shows]

    @cached_property
    def alike(self) -> list[list[int]]:
        """Groups of mistakes that show but look the same, though other numbers tell them apart."""
        shown = [i for i, shows in enumerate(self.now.shows) if shows]
        same = _classes(len(shown), lambda i, j: self.now.alike(shown[i], shown[j]))
        groups: dict[int, list[int]] = {}
        for place, number in enumerate(same):
            groups.setdefault(number, []).append(shown[place])
        return [group for group in groups.values() if self._differ(group)]

    def _differ(self, group: Sequence[int]) -> bool:
        """Whether mistakes are told of differently, and give different values in general."""
        names = {(self.edits[i].id, self.edits[i].where) for i in group}
        return len(names) > 1 and len({self.classes[i] for i in group}) > 1

    @property
    def count(self) -> int:
        """How many different common mistakes there are."""
        return len(set(self.classes))

    @cached_property
    def never_apart(self) -> list[tuple[int, int]]:
        """Pairs of mistakes with one operation that give the same here, whatever the numbers.

        They are different mistakes in general: it is the sizes of the sheet that make them one.
        """
        declared = catalogue()
        found: list[tuple[int, int]] = []
        if not self._compared:
            return found
        for j, first in enumerate(self.classes):
            one, other = (declared.get(self.edits[i].id) for i in (first, j))
            if first == j or one is None or other is None or one[0] is not other[0]:
                continue
            family = self.graph.families[self.edits[first].family]
            same_place = family.name == self.edits[j].family and not _has_constant(family)
            if same_place and one[1].forward is not None and other[1].forward is not None:
                found.append((first, j))
        return found

    def told_apart(self, outcome: Outcome) -> tuple[int, int]:
        """Return how many show, and how many of these look like no other one."""
        shown = [i for i, shows in enumerate(outcome.shows) if shows]
        same = _classes(len(shown), lambda i, j: outcome.alike(shown[i], shown[j]))
        looks: dict[int, list[int]] = {}
        for place, number in enumerate(same):
            looks.setdefault(number, []).append(shown[place])
        seen = {self.classes[i] for i in shown}
        confused = {self.classes[i] for g in looks.values() if self._differ(g) for i in g}
        return len(seen), len(seen - confused)

    # --- evaluating -----------------------------------------------------------------------------

    def outcome(self, edits: Sequence[Edit], puts: Puts) -> Outcome | None:
        """Return what mistakes give with other given numbers; None where the sheet has no value."""
        settled = self.graph.settle(puts) if puts else self.graph.settled()
        right = self._row(settled)
        if right is None:
            return None
        values = self._values(edits, settled, right)
        return Outcome(right, values, self._resolution(right))

    def _row(self, settled: Settled) -> Array | None:
        right = np.full(self.layout.right.size, np.nan)
        for node in self._nodes:
            value = settled.own(node)
            if value is None or not np.isfinite(value).all():
                return None
            self.layout.put(right, node, value, 0)
        right[self.layout.later] = 0.0  # further worlds of symbols say nothing more here
        return right if np.isfinite(right).all() else None

    def _values(self, edits: Sequence[Edit], settled: Settled, right: Array) -> Array:
        values = np.tile(right, (len(edits), 1))
        graphs = [self.graph.edited(edit.replacements) for edit in edits]
        many = evaluate_many(self.graph.edited({}), graphs, self._nodes, settled)
        for node, found in many.values.items():
            size = found[0].size
            for place in self.layout.places(node, size, 0):
                values[:, place] = found.reshape(len(found), -1)
        for row in many.alone:
            for node, value in graphs[row].evaluate(self._nodes, settled=settled).items():
                places = list(self.layout.places(node, -1 if value is None else value.size, 0))
                if value is None or not places:
                    values[row] = np.nan
                for place in places:
                    values[row, place] = np.nan if value is None else value.ravel()
        return values

    def _resolution(self, right: Array) -> Array:
        found = np.zeros(right.size)
        for answer, matching in enumerate(self._matchings):
            span = self.layout.span(answer)
            found[span] = (
                self.layout.noise[span]
                if answer in self.layout.symbolic
                else _half_units(right[span], matching, self.key.kinds[answer].rounds)
            )
        return found

    # --- other numbers --------------------------------------------------------------------------

    def _movable(self, entries: Sequence[GivenEntry]) -> list[GivenEntry]:
        """Return the entries that can have other values: no class labels, no sizes of shapes."""
        by_name: dict[str, list[GivenEntry]] = {}
        for entry in entries:
            by_name.setdefault(entry.name, []).append(entry)
        found: list[GivenEntry] = []
        for own in by_name.values():
            # What may be a class or a size doesn't bear a number that is not whole.
            puts = self._moved(own, np.random.default_rng(1), _LARGER, 0.37)
            if self._row(self.graph.settle(puts)) is not None:
                found += own
        return found

    def _moved(
        self, entries: Iterable[GivenEntry], random: np.random.Generator, way: str, size: float
    ) -> dict[int, Array]:
        puts: dict[int, Array] = {}
        for entry in entries:
            value = float(entry.text)
            by = size * (1 + abs(value)) * float(random.uniform(0.3, 1.0))
            sign = 1.0 if way == _LARGER else float(random.choice((-1.0, 1.0)))
            other = sign * by if way == _ANY else value + sign * by
            puts[entry.node] = entry.put(self.graph, str(other), puts)
        return puts

    def _generic(self) -> list[Puts]:
        """Return sets of other numbers, without the coincidences of those on the sheet."""
        found: list[Puts] = []
        random = np.random.default_rng(7)
        for attempt in range(_TRIES):
            # Some sheets bear numbers of both signs, some only such as are near their own.
            way = (_ANY, _NEAR, _LARGER)[attempt % 3]
            puts = self._moved(self.movable, random, way, 1.0 / (1 + attempt // 3))
            if puts and self._row(self.graph.settle(puts)) is not None:
                found.append(puts)
            if len(found) == _GENERIC:
                break
        return found


def _common(library: Library) -> Iterable[Edit]:
    """Yield each common mistake once, made everywhere."""
    seen: set[tuple[str, ...]] = set()
    for edit in library.edits:
        copied = any(isinstance(change, Miscopied) for change in edit.changes.values())
        if edit.index is not None or edit.members or copied or edit.bits > COMMON:
            continue
        if edit.key not in seen:
            seen.add(edit.key)
            yield edit


def _has_constant(family: Family) -> bool:
    """Whether a number stands in a formula itself: `1 / s` and `s / 1` differ in what it is."""
    return family.rule is not None and any(isinstance(i, Constant) for i in family.rule.inputs)


def _half_units(right: Array, matching: Matching, rounds: bool) -> Array:
    """Return half a unit in the last digit that is asked for."""
    if not rounds:
        return np.full(right.size, 0.25)
    if matching.policy == "relative":
        return float(matching.tolerance or 0.0) * np.abs(right)
    if matching.policy == "absolute":
        return np.full(right.size, float(matching.tolerance or 0.0))
    if matching.policy == "decimal_places":
        return np.full(right.size, 0.5 * 10.0 ** -(matching.digits or 0))
    figures = matching.policy == "significant_figures"
    digits = (matching.digits or 1) if figures else matching.min_significant_figures
    return half_unit_at(right, digits)


def _classes(count: int, same: Callable[[int, int], bool]) -> list[int]:
    """Return for each of so many things the number of the first one that is the same."""
    found: list[int] = []
    firsts: list[int] = []
    for i in range(count):
        first = next((j for j in firsts if same(i, j)), None)
        if first is None:
            firsts.append(i)
            first = i
        found.append(first)
    return found
