"""What could have gone wrong: all edits of a reference, and what each predicts for every entry.

What is the same for all students is computed once and looked up: what every edit predicts by
itself, on top of another one, or beside what a formula takes by name. An edit is known by its row;
a group of edits made together is a tuple of rows, the last of which is the new one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from checker.diagnosis.layout import Layout
from checker.diagnosis.predictions import Group, Kept, Predictions
from checker.edits.catalogue import catalogue_edits
from checker.edits.declared import declared_edits
from checker.edits.edit import Edit
from checker.edits.other_given import edits_with_given
from checker.edits.prices import COMMONNESS
from checker.edits.structural import structural_edits
from checker.edits.workshop import Workshop
from checker.remembered import Remembered
from reference_solutions.graph import Array, EditedGraph, Settled
from reference_solutions.graph.many import Many, evaluate_many

CHEAPEST = min(COMMONNESS.values())
"""Bits that the commonest mistake costs."""

_AT_ONCE = 1_000
"""How many edits are evaluated together: what bounds the memory that it takes."""

_SKIPPED = 4
"""Of so many quantities one has to be computed again, where an edit is evaluated by itself."""

_PAIRED = 100
"""How many edits are tried in pairs for one answer."""

_PAIR_BITS = 7.5
"""The most that an edit may cost to be tried together with another from the start."""

_AGAIN = 2.5
"""What it costs that a mistake, accepted already, was made in another place too."""

_FAULTS = (TypeError, AttributeError)
"""Faults of ours in a wrong variant, on a sheet that nobody thought of.

The variant is then not tried: it must not cost a class its grades.
"""

_KEPT = 200
"""How many sets of predictions are kept for the next submission."""

_ORDERED = 100
"""For how many entries all edits are kept in the order of what they predict."""

_COMPARED = 2_000
"""Of how many answers that many students write it is kept which edits give others."""

_MOST_BYTES = 100_000_000
"""How much memory may be taken by what edits predict on top of others."""

_SETTLED = 20
"""Of how many accepted mistakes it is kept what follows from them."""


class Library:
    """All edits of one reference, and what they predict; the same for all students.

    ``visible`` are the rows of the edits that change any entry, ``likeliest`` the same in the order
    of their prices. ``replaced`` is (edits, answers): how many of the nodes that an answer is
    computed from the edit replaces, ``affects`` 1 where it replaces any. ``members`` are the rows
    of the edits that a mistake made in several formulas consists of, ``repeated`` all of these.
    """

    def __init__(self, layout: Layout, like: Library | None = None) -> None:
        """Make the edits, or take those of a reference ``like`` this with other given numbers."""
        self.layout = layout
        self.graph = layout.graph
        self.edits: list[Edit]
        if like is None:
            self.workshop = Workshop(layout.reference)
            self.edits = [
                *declared_edits(self.workshop),
                *catalogue_edits(self.workshop),
                *structural_edits(self.workshop),
            ]
        else:
            self.workshop = like.workshop.with_given(layout.reference)
            self.edits = list(edits_with_given(like.edits, self.workshop))
        self.bits = np.array([edit.bits for edit in self.edits])
        self._alike: dict[tuple[str, ...], list[int]] = {}
        for row, edit in enumerate(self.edits):
            self._alike.setdefault(edit.key, []).append(row)
        rows = {id(edit): row for row, edit in enumerate(self.edits)}
        self.members: dict[int, tuple[int, ...]] = {
            row: tuple(rows[id(member)] for member in edit.members)
            for row, edit in enumerate(self.edits)
            if edit.members and all(id(member) in rows for member in edit.members)
        }
        members = {one for rows in self.members.values() for one in rows}
        self.repeated = np.array(sorted(members), dtype=np.intp)
        places = [
            single
            for rows in self._alike.values()
            if (single := [row for row in rows if self.edits[row].index is not None])
        ]
        self._placed = np.array([row for rows in places for row in rows], dtype=np.intp)
        self._first_placed = np.cumsum([0, *map(len, places)][: len(places)])
        self._plain = self.graph.edited({})
        self._graphs = [self.graph.edited(edit.replacements) for edit in self.edits]
        self._replaced = [frozenset(edit.replacements) for edit in self.edits]
        sizes = np.array([len(nodes) for nodes in self._replaced], dtype=np.intp)
        self._first_replaced = np.cumsum(sizes) - sizes
        self._all_replaced = np.array(
            [node for nodes in self._replaced for node in nodes], dtype=np.intp
        )
        self.replaced = self.within([self.graph.region([target]) for target in layout.targets])
        self.affects = (self.replaced > 0).astype(np.float64)
        self._misshapen: dict[int, list[tuple[int, Array]]] = {}
        self._single: set[int] = set()
        self._right_under = lru_cache(_SETTLED)(
            lambda group: self.edited(group).settle(self.graph.settled())
        )
        self.alone = self.predict([(row,) for row in range(len(self.edits))], layout.targets)
        with np.errstate(invalid="ignore"):
            same = (np.abs(self.alone.values - layout.right) <= layout.noise) | layout.later
        known = np.isfinite(self.alone.values).any(axis=1)
        self.visible = np.flatnonzero(~same.all(axis=1) & known)
        self.likeliest = self.visible[np.argsort(self.bits[self.visible], kind="stable")]
        self.chances = 2.0**-self.bits
        self._apart = Remembered[tuple[int, bytes, bytes], NDArray[np.bool_]](_COMPARED)
        self.reaches = lru_cache(len(layout.targets))(self._reaches)
        self.beside = lru_cache(_KEPT)(self._beside)
        self.pairs = lru_cache(_KEPT)(self._pairs)
        self._in_order = lru_cache(_ORDERED)(self._in_order_of)
        size = self.alone.values.nbytes
        self._over = lru_cache(max(_MOST_BYTES // max(size, 1), 1))(self._over_of)

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
        bits = np.array([self.edits[group[-1]].bits for group in groups])
        predictions = Predictions(self, groups, bits, values, targets, settled)
        made_before = {group[:-1] for group in groups}
        common = made_before.pop() if len(made_before) == 1 else ()
        try:
            under = self._settled_under(common, settled)
        except _FAULTS:
            return predictions
        for start in range(0, len(groups), _AT_ONCE):
            some = groups[start : start + _AT_ONCE]
            rows = values[start : start + _AT_ONCE]
            graphs = [self.edited(group[len(common) :]) for group in some]
            try:
                many = evaluate_many(self.edited(common), graphs, nodes, under)
            except _FAULTS:
                many = Many({}, range(len(some)))
            for node in nodes:
                found, known = many.values.get(node), under.own(node)
                if known is not None:
                    found = known[None] if found is None else found
                    for place in layout.places(node, known.size, 0):
                        rows[:, place] = found.reshape(len(found), -1)
            if settled is None:
                self._single.update(group[0] for row in many.alone if len(group := some[row]) == 1)
            for row in many.alone:
                rows[row] = np.nan
                self.fill(rows[row], some[row], targets, 0, settled)
        return predictions

    def _settled_under(self, group: Group, settled: Sequence[Settled] | None) -> Settled:
        """Return all values in the first world with some edits made, where some were put before."""
        if settled is None:
            return self._right_under(group)
        return self.edited(group).settle(settled[0]) if group else settled[0]

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
        try:
            found = self.edited(group).evaluate(nodes, world=world, settled=under)
        except _FAULTS:
            return
        for node, value in found.items():
            if value is None:
                continue
            layout.put(row, node, value, world)
            if len(group) == 1 and settled is None and world == 0:
                for answer, _ in layout.answers_at[node]:
                    if value.size != layout.size(answer):
                        self._misshapen.setdefault(answer, []).append((group[0], value))

    def edited(self, group: Group) -> EditedGraph:
        """Return the graph with some edits made; the later one holds where both have a node."""
        graphs = [self._graphs[row] for row in group]
        return reduce(EditedGraph.edited, graphs) if graphs else self._plain

    def apart(self, answer: int, values: Array, allowed: Array) -> NDArray[np.bool_]:
        """Return which edits by themselves give an answer other values, beyond what is allowed."""
        key = answer, values.tobytes(), allowed.tobytes()
        found = self._apart.get(key)
        if found is not None:
            return found
        off = np.abs(self.alone.values[:, self.layout.span(answer)] - values)
        return self._apart.keep(key, np.asarray(~(off <= allowed).all(axis=1)))

    def misshapen(self, answer: int) -> Sequence[tuple[int, Array]]:
        """Return the edits that give an answer another number of entries, and the values."""
        return self._misshapen.get(answer, ())

    def relief(self, refuted: NDArray[np.bool_]) -> Array:
        """Return by how many bits each edit is cheaper when some are known not to have been made.

        Where a mistake was made at one place only, right answers beside it leave fewer places.
        """
        found = np.zeros(len(self.edits))
        if self._placed.size:
            left = np.add.reduceat(~refuted[self._placed], self._first_placed, dtype=np.intp)
            sizes = np.diff(self._first_placed, append=self._placed.size)
            relief = np.log2(sizes / np.where(left, left, sizes))
            found[self._placed] = np.repeat(relief, sizes)
        return found

    def near(self, entry: int, low: float, high: float) -> NDArray[np.intp]:
        """Return the rows of the edits that by themselves give an entry a value in a range."""
        rows, values = self._in_order(entry)
        return rows[np.searchsorted(values, low) : np.searchsorted(values, high, side="right")]

    def _in_order_of(self, entry: int) -> tuple[NDArray[np.intp], Array]:
        """Return the rows of all edits by what they predict for an entry, and these values."""
        rows = np.argsort(self.alone.values[:, entry])
        return rows, self.alone.values[rows, entry]

    # --- which edits ----------------------------------------------------------------------------

    def within(self, regions: Sequence[frozenset[int]]) -> NDArray[np.intp]:
        """Return how many nodes of each region each edit replaces, (edits, regions)."""
        inside = np.zeros((len(self.graph.nodes), len(regions)), dtype=np.intp)
        for place, region in enumerate(regions):
            inside[list(region), place] = 1
        if not self.edits:
            return inside[:0]
        found: NDArray[np.intp] = np.add.reduceat(inside[self._all_replaced], self._first_replaced)
        return found

    def costs(
        self, rows: NDArray[np.intp], replaced: NDArray[np.intp], nodes: int
    ) -> NDArray[np.intp]:
        """Return how many calls of operations it takes to predict each edit in a region.

        ``replaced`` is how many nodes in the region each edit replaces, of so many ``nodes``. What
        follows from these is computed for all edits together; for edits that change the shape of
        something it is computed one by one.
        """
        single = np.zeros(len(self.edits), dtype=np.intp)
        single[list(self._single)] = nodes // _SKIPPED
        found: NDArray[np.intp] = (replaced + single)[rows]
        return found

    def costs_over(self, others: NDArray[np.intp], answers: Sequence[int]) -> NDArray[np.intp]:
        """Return the same for edits made on top of one, in each of some answers."""
        sizes = [len(self.graph.region([self.layout.targets[one]])) for one in answers]
        return self.costs(others, self.replaced[:, answers].sum(axis=1), sum(sizes))

    def again(self, accepted: Sequence[int]) -> Predictions:
        """Return all edits by themselves; a mistake accepted already costs its place only."""
        if not accepted:
            return self.alone
        bits = self.alone.bits.copy()
        rows = [row for one in accepted for row in self._alike[self.edits[one].key]]
        bits[rows] = np.minimum(bits[rows], _AGAIN)
        return self.alone.priced(bits)

    def over(self, row: int, others: NDArray[np.intp], priced: Sequence[int]) -> Predictions:
        """Return edits made on top of one, as far as some answers depend on them.

        Where an answer is not among those ``priced``, no edit can explain it, and what the one edit
        predicts stands there.
        """
        values = self._over(row).of(others, priced)
        groups = [(row, other) for other in others.tolist()]
        targets = [self.layout.targets[answer] for answer in priced]
        return Predictions(self, groups, self.bits[others], values, targets)

    def _beside(self, answer: int, held: frozenset[int], under: Group) -> Predictions:
        """Edits of what a formula leaves to be written out when it takes some nodes by name."""
        nodes = [self.layout.targets[answer]]
        region = self.graph.region(nodes, held)
        # Of a mistake that goes with another one, both must have had a place to be made in.
        beyond = self._families_of(self.graph.region(nodes)) - self._families_of(region - held)
        groups = [
            (*under, row)
            for row in self.visible.tolist()
            if not region.isdisjoint(self._replaced[row])
            and row not in under
            and not beyond & self._families_of(self.edits[row].replacements)
        ]
        settled = [self.graph.settle_right(held, world) for world in self.layout.worlds(answer)]
        return self.predict(groups, nodes, settled)

    def _over_of(self, row: int) -> Kept:
        others = np.arange(len(self.edits))
        answers = range(len(self.layout.targets))
        unreached = ~np.array([self.reaches(answer) for answer in answers]).T
        members = np.column_stack((np.full_like(others, row), others))
        return Kept(self, members, answers, None, self.alone.values[row], unreached)

    def _reaches(self, answer: int) -> NDArray[np.bool_]:
        """Return which edits give an answer another value, of the shape that is asked for."""
        return (self.affects[:, answer] > 0) & self._fits(self.alone, answer)

    def _fits(self, predictions: Predictions, answer: int) -> NDArray[np.bool_]:
        """Return which predictions for an answer have a value, of the shape that is asked for."""
        span = self.layout.span(answer)
        lost = np.isnan(predictions.values[:, span]) & ~self.layout.later[span]
        return np.asarray(~lost.any(axis=1))

    def _families_of(self, nodes: Iterable[int]) -> set[str]:
        return {self.graph.nodes[node].key[0] for node in nodes}

    def base_of(self, local: Predictions, under: Group) -> Array:
        """Return what accepted edits predict by themselves, with the same values put."""
        row = np.full(self.layout.right.size, np.nan)
        for world in range(self.graph.worlds):
            self.fill(row, under, local.targets, world, local.settled)
        return row

    # --- two at once ----------------------------------------------------------------------------

    def taken(self, pairs: Kept, answer: int, chosen: NDArray[np.intp]) -> Predictions:
        """Return what some of the pairs of edits that an answer depends on predict for it."""
        values = pairs.of(chosen, [answer])
        groups = [*map(tuple, pairs.members[chosen].tolist())]
        bits = self.bits[pairs.members[chosen]].sum(axis=1)
        return Predictions(self, groups, bits, values, [self.layout.targets[answer]], pairs.settled)

    def _pairs(self, answer: int, held: frozenset[int]) -> Kept:
        """Return pairs of the cheaper edits that one answer depends on, the likeliest first."""
        target = self.layout.targets[answer]
        alone = self.beside(answer, held, ()) if held else self.alone
        needed = self.graph.region([target], held)
        fits = self._fits(alone, answer)
        rows = range(len(alone.groups)) if held else self.visible.tolist()
        chosen = self._distinct(
            alone,
            [
                at
                for at in rows
                if fits[at]
                and (edit := self.edits[alone.groups[at][0]]).index is None
                and edit.bits <= _PAIR_BITS
                and not needed.isdisjoint(self._replaced[alone.groups[at][0]])
            ],
        )
        apart = self._replaced
        groups = [(a, b) for a, b in combinations(chosen, 2) if apart[a].isdisjoint(apart[b])]
        groups.sort(key=lambda group: self.bits[group[0]] + self.bits[group[1]])
        members = np.array(groups, dtype=np.intp).reshape(-1, 2)
        return Kept(self, members, range(answer, answer + 1), alone.settled)

    def _distinct(self, alone: Predictions, rows: Sequence[int]) -> list[int]:
        """Return the cheapest of edits that predict the same."""
        seen: dict[bytes, int] = {}
        for row in sorted(rows, key=lambda row: alone.bits[row]):
            # Later worlds are filled in where some submission needed them.
            values = np.nan_to_num(alone.values[row][~self.layout.later], nan=math.pi)
            with np.errstate(over="ignore"):
                seen.setdefault(np.round(values, 9).tobytes(), alone.groups[row][0])
        return list(seen.values())[:_PAIRED]
