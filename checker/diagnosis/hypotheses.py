"""What could have gone wrong: all edits of a reference, and what each predicts for every entry.

What is the same for all students is computed once and looked up: what every edit predicts by
itself, on top of another one, or beside what a formula takes by name. An edit is known by its row;
a group of edits made together is a tuple of rows, the last of which is the new one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import TypeAlias

import numpy as np

from checker.diagnosis.layout import Layout
from checker.edits.catalogue import BITS, catalogue_edits
from checker.edits.edit import Edit, Workshop, merged
from checker.edits.structural import structural_edits
from checker.matching import FLOAT_NOISE
from reference_solutions.graph import Array, EditedGraph, Node, Settled
from reference_solutions.graph.many import evaluate_many

Group: TypeAlias = tuple[int, ...]
"""The rows of edits that are made together."""

CHEAPEST = min(BITS.values())
"""Bits that the commonest mistake costs."""

_AT_ONCE = 1_000
"""How many edits are evaluated together: what bounds the memory that it takes."""

_PAIRED = 100
"""How many edits are tried in pairs for one answer."""

_PAIR_BITS = 7.5
"""The most that an edit may cost to be tried together with another from the start."""

_AGAIN = 2.5
"""What it costs that a mistake, accepted already, was made in another place too."""

_KEPT = 200
"""How many sets of predictions are kept for the next submission."""


class Predictions:
    """What groups of edits predict for every entry; NaN where a group can't be computed.

    ``values`` is (groups, entries) and ``bits`` the price of each group. Worlds of sampled symbols
    beyond the first are computed where they are needed, by :meth:`full`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one argument for each part of it
        self,
        library: Library,
        groups: Sequence[Group],
        bits: Array,
        values: Array,
        targets: Sequence[int],
        settled: Sequence[Settled] | None = None,
    ) -> None:
        self._library = library
        self.groups = groups
        self.bits = bits
        self.values = values
        self.targets = tuple(targets)
        self.settled = settled
        self._complete: set[int] = set()

    def priced(self, bits: Array) -> Predictions:
        """Return the same predictions at other prices."""
        found = Predictions(
            self._library, self.groups, bits, self.values, self.targets, self.settled
        )
        found._complete = self._complete
        return found

    def full(self, row: int) -> Array:
        """Return the entries that a group predicts, in all worlds."""
        values: Array = self.values[row]
        layout = self._library.layout
        if row not in self._complete and layout.later.any():
            symbolic = {layout.targets[i] for i in layout.symbolic}
            nodes = [node for node in self.targets if node in symbolic]
            for world in range(1, layout.graph.worlds):
                self._library.fill(values, self.groups[row], nodes, world, self.settled)
        self._complete.add(row)
        return values


class Library:
    """All edits of one reference, and what they predict; the same for all students.

    ``visible`` are the rows of the edits that change any entry. ``affects`` is (edits, answers): 1
    where an answer is computed from a node that the edit replaces.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.graph = layout.graph
        self.workshop = Workshop(layout.reference)
        self.edits: list[Edit] = [
            *catalogue_edits(self.workshop),
            *structural_edits(self.workshop),
        ]
        self.bits = np.array([edit.bits for edit in self.edits])
        self._alike: dict[tuple[str, ...], list[int]] = {}
        for row, edit in enumerate(self.edits):
            self._alike.setdefault(edit.key, []).append(row)
        self._graphs = [self.graph.edited(edit.replacements) for edit in self.edits]
        self._masks = [sum(1 << node for node in edit.replacements) for edit in self.edits]
        self.affects = np.array(
            [
                [bool(mask & self.graph.ancestors[target]) for target in layout.targets]
                for mask in self._masks
            ],
            dtype=np.float64,
        ).reshape(len(self._masks), len(layout.targets))
        self._misshapen: dict[int, list[tuple[int, Array]]] = {}
        self.alone = self.predict([(row,) for row in range(len(self.edits))], layout.targets)
        with np.errstate(invalid="ignore"):
            same = (np.abs(self.alone.values - layout.right) <= layout.noise) | layout.later
        known = np.isfinite(self.alone.values).any(axis=1)
        self.visible = np.flatnonzero(~same.all(axis=1) & known)
        self.beside = lru_cache(_KEPT)(self._beside)
        self.pairs = lru_cache(_KEPT)(self._pairs)
        self._over_answer = lru_cache(50 * _KEPT)(self._predicted_over)

    # --- evaluating -----------------------------------------------------------------------------

    def predict(
        self,
        groups: Sequence[Group],
        targets: Sequence[int],
        settled: Sequence[Settled] | None = None,
    ) -> Predictions:
        """Return what groups predict in the first world; only what agrees needs the others.

        ``settled`` are values that were put before, one set a world.
        """
        layout = self.layout
        values = np.full((len(groups), layout.right.size), np.nan)
        nodes = layout.nodes_of(targets)
        under = self.graph.settled() if settled is None else settled[0]
        for start in range(0, len(groups), _AT_ONCE):
            some = groups[start : start + _AT_ONCE]
            rows = values[start : start + _AT_ONCE]
            many = evaluate_many(self.graph, [self.edited(group) for group in some], nodes, under)
            for node in nodes:
                found, known = many.values.get(node), under.own(node)
                if known is not None:
                    found = known[None] if found is None else found
                    for place in layout.places(node, known.size, 0):
                        rows[:, place] = found.reshape(len(found), -1)
            for row in many.alone:
                rows[row] = np.nan
                self.fill(rows[row], some[row], targets, 0, settled)
        bits = np.array([self.edits[group[-1]].bits for group in groups])
        return Predictions(self, groups, bits, values, targets, settled)

    def fill(
        self,
        row: Array,
        group: Group,
        targets: Sequence[int],
        world: int,
        settled: Sequence[Settled] | None,
    ) -> None:
        """Put what ``group`` predicts in one world into a row."""
        layout = self.layout
        under = None if settled is None else settled[world]
        nodes = layout.nodes_of(targets)
        found = self.edited(group).evaluate(nodes, world=world, settled=under)
        for node, value in found.items():
            if value is None:
                continue
            layout.put(row, node, value, world)
            if len(group) == 1 and settled is None and world == 0:
                for answer, _ in layout.answers_at[node]:
                    if value.size != layout.size(answer):
                        self._misshapen.setdefault(answer, []).append((group[0], value))

    def edited(self, group: Group) -> EditedGraph:
        """Return the graph with some edits made."""
        if len(group) == 1:
            return self._graphs[group[0]]
        return self.graph.edited(self.replacements(group))

    def replacements(self, group: Group) -> dict[int, Node]:
        """Return the nodes of several edits; the later one holds where both have a node."""
        return merged([self.edits[row] for row in group])

    def misshapen(self, answer: int) -> Sequence[tuple[int, Array]]:
        """Return the edits that give an answer another number of entries, and the values."""
        return self._misshapen.get(answer, ())

    # --- which edits ----------------------------------------------------------------------------

    def within(self, region: int) -> list[int]:
        """Return the visible edits of nodes in a region."""
        return [row for row in self.visible.tolist() if self._masks[row] & region]

    def again(self, accepted: Sequence[int]) -> Predictions:
        """Return all edits by themselves; a mistake accepted already costs its place only."""
        if not accepted:
            return self.alone
        bits = self.alone.bits.copy()
        rows = [row for one in accepted for row in self._alike[self.edits[one].key]]
        bits[rows] = np.minimum(bits[rows], _AGAIN)
        return self.alone.priced(bits)

    def over(self, row: int, answers: Sequence[int]) -> Predictions:
        """Return every visible edit made on top of one, as far as some answers depend on it."""
        layout = self.layout
        values = np.tile(self.alone.values[row], (len(self.visible), 1))
        for answer in answers:
            values[:, layout.span(answer)] = self._over_answer(row, answer)
        groups = [(row, int(other)) for other in self.visible]
        targets = [layout.targets[answer] for answer in answers]
        return Predictions(self, groups, self.bits[self.visible], values, targets)

    def _predicted_over(self, row: int, answer: int) -> Array:
        span = self.layout.span(answer)
        target = self.layout.targets[answer]
        needed = self.graph.ancestors[target]
        reach = [at for at, other in enumerate(self.visible) if self._masks[other] & needed]
        made = self.predict([(row, int(self.visible[at])) for at in reach], [target])
        part = np.tile(self.alone.values[row, span], (len(self.visible), 1))
        part[reach] = made.values[:, span]
        return part

    def _beside(self, answer: int, held: frozenset[int], under: Group) -> Predictions:
        """Edits of what a formula leaves to be written out when it takes some nodes by name."""
        nodes = [self.layout.targets[answer]]
        region = self.region(nodes, held)
        # Of a mistake that goes with another one, both must have had a place to be made in.
        needed = self.graph.ancestors[nodes[0]]
        places = range(len(self.graph.nodes))
        beyond = self._families_of(n for n in places if needed >> n & 1)
        beyond -= self._families_of(n for n in places if region >> n & 1 and n not in held)
        groups = [
            (*under, row)
            for row in self.within(region)
            if row not in under and not beyond & self._families_of(self.edits[row].replacements)
        ]
        settled = [self.graph.settle_right(held, world) for world in self.layout.worlds(answer)]
        return self.predict(groups, nodes, settled)

    def _families_of(self, nodes: Iterable[int]) -> set[str]:
        return {self.graph.nodes[node].key[0] for node in nodes}

    def base_of(self, local: Predictions, under: Group) -> Array:
        """Return what accepted edits predict by themselves, with the same values put."""
        row = np.full(self.layout.right.size, np.nan)
        for world in range(self.graph.worlds):
            self.fill(row, under, local.targets, world, local.settled)
        return row

    def region(self, targets: Iterable[int], cut: Iterable[int]) -> int:
        """Return the nodes that targets are computed from when ``cut`` nodes have their values."""
        region = 0
        stops = set(cut)
        pending = list(targets)
        first = set(pending)
        while pending:
            node = pending.pop()
            if region >> node & 1:
                continue
            region |= 1 << node
            if node in stops and node not in first:
                continue
            pending.extend(self.graph.nodes[node].inputs)
        return region

    # --- two at once ----------------------------------------------------------------------------

    def _pairs(self, answer: int, held: frozenset[int]) -> Predictions:
        """Pairs of the cheaper edits that one answer depends on."""
        target = self.layout.targets[answer]
        alone = self.beside(answer, held, ()) if held else self.alone
        needed = self.region([target], held)
        rows = range(len(alone.groups)) if held else self.visible.tolist()
        chosen = self._distinct(
            alone,
            [
                at
                for at in rows
                if (edit := self.edits[alone.groups[at][0]]).index is None
                and edit.bits <= _PAIR_BITS
                and self._masks[alone.groups[at][0]] & needed
            ],
        )
        groups = [(a, b) for a, b in combinations(chosen, 2) if not self._masks[a] & self._masks[b]]
        made = self.predict(groups, [target], alone.settled)
        return made.priced(np.array([self.bits[a] + self.bits[b] for a, b in groups]))

    def _distinct(self, alone: Predictions, rows: Sequence[int]) -> list[int]:
        """Return the cheapest of edits that predict the same."""
        seen: dict[bytes, int] = {}
        for row in sorted(rows, key=lambda row: alone.bits[row]):
            # Later worlds are filled in where some submission needed them.
            values = np.nan_to_num(alone.values[row][~self.layout.later], nan=math.pi)
            with np.errstate(over="ignore"):
                seen.setdefault(np.round(values, 9).tobytes(), alone.groups[row][0])
        return list(seen.values())[:_PAIRED]

    def same_in_other_words(self, one: int, other: int) -> bool:
        """Whether two kinds of edits of one formula give the same numbers everywhere."""
        a, b = self.edits[one], self.edits[other]
        if a.where != b.where or a.id == b.id:
            return False
        here = ~self.layout.later
        x, y = (self.alone.values[row][here] for row in (one, other))
        with np.errstate(invalid="ignore"):
            close = np.abs(x - y) <= self.layout.noise[here] + FLOAT_NOISE * np.abs(x)
        return bool((close | (np.isnan(x) & np.isnan(y))).all())
