"""Many edits of one graph evaluated at once: each node once for all of them, along a leading axis.

A search tries hundreds of edits whose consequences run through the same few nodes. Only the nodes
that an edit replaces are computed for it; what follows is computed for all edits together. What
doesn't fit in with the others (a value of another shape) is left to
:meth:`EditedGraph.evaluate`, which this agrees with but for the noise of floats.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from reference_solutions.arrays import Array
from reference_solutions.graph.edited import EditedGraph
from reference_solutions.graph.linked import LinkedNodes, Settled, numbers_in
from reference_solutions.graph.node import Compute, Node, computed
from reference_solutions.graph.order import CycleError, sources_first
from reference_solutions.operations.operation import SetsRefusedError

_FEW = 3
"""Edits that are not worth evaluating together."""

_ENOUGH = 6
"""Values of one node that are worth computing together."""

_REFUSED = 24
"""How often an operation may refuse a part of the edits before all are computed one by one."""


_Edge = tuple[int, int]
_Rows = Sequence[int] | NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Many:
    """The values of targets under many edits.

    ``values`` has those of each target that some edit reaches, edit after edit along the first
    axis, NaN where an edit can't be computed; ``alone`` are the edits that have to be evaluated by
    themselves.
    """

    values: Mapping[int, Array]
    alone: Sequence[int]


def evaluate_many(
    under: EditedGraph,
    edits: Sequence[EditedGraph],
    targets: Collection[int],
    settled: Settled,
) -> Many:
    """Return the values of ``targets`` under each of ``edits``, made on top of one edit or none.

    ``settled`` are all values ``under`` that one.
    """
    values: dict[int, Array] = {}
    alone: list[int] = []
    batches = _batches(under.base, edits)
    while batches:
        rows = batches.pop()
        if len(rows) < _FEW:
            alone.extend(rows)
            continue
        batch = _Batch(under, [edits[row] for row in rows], targets, settled)
        if not batch.evaluate():
            # A cycle through edges of several edits; of each half there may be an order.
            batches += [rows[: len(rows) // 2], rows[len(rows) // 2 :]]
            continue
        alone.extend(rows[row] for row in np.flatnonzero(batch.alone))
        for target, found in batch.found.items():
            if target not in values:
                known = settled.own(target)
                values[target] = np.repeat(np.asarray(known)[None], len(edits), axis=0)
            values[target][rows] = found
    return Many(values, sorted(alone))


def _batches(graph: LinkedNodes, edits: Sequence[EditedGraph]) -> list[list[int]]:
    """Return the edits in groups that may have an order of the nodes in common."""
    rows_of: dict[tuple[_Edge, ...], list[int]] = {}
    for row, edit in enumerate(edits):
        rows_of.setdefault(edit.against, []).append(row)
    ordinary = rows_of.pop((), [])
    groups: list[tuple[list[_Edge], int, list[int]]] = []
    for edges, rows in rows_of.items():
        starts = 0
        for source, _ in edges:
            starts |= 1 << source
        for i, (others, all_starts, together) in enumerate(groups):
            if not any(_cyclic(graph, a, (*others, *edges), all_starts | starts) for a in edges):
                others.extend(edges)
                together.extend(rows)
                groups[i] = (others, all_starts | starts, together)
                break
        else:
            groups.append(([*edges], starts, rows))
    return [ordinary, *(rows for _, _, rows in groups)]


def _cyclic(graph: LinkedNodes, edge: _Edge, others: Iterable[_Edge], starts: int) -> bool:
    """Whether a cycle leads through a new edge of the graph and one of ``others``.

    ``starts`` are the nodes that these begin at, as a bit mask.
    """
    after = graph.descendants[edge[1]]
    if not after & starts:
        return False
    return any(
        after >> other[0] & 1 and graph.descendants[other[1]] >> edge[0] & 1 for other in others
    )


def evaluate_moved(
    edit: EditedGraph,
    targets: Collection[int],
    count: int,
    puts: Mapping[int, Array],
    shifts: Mapping[int, Array],
) -> dict[int, Array]:
    """Return what :meth:`EditedGraph.evaluate` does for ``count`` sets of puts and shifts.

    Each is an array with one set of values after the other along the first axis; so are the values
    of targets, NaN where one can't be computed.
    """
    settled = replace(edit.base.settled(), puts=puts)
    plain = EditedGraph(edit.base, {})
    batch = _Batch(plain, [edit] * count, targets, settled, puts, shifts)
    if batch.evaluate() and not batch.alone.any():
        return {
            target: found
            if (found := batch.found.get(target)) is not None
            else _stacked([edit.base.value(target)] * count)
            for target in targets
        }
    one_by_one = [
        edit.evaluate(
            targets,
            {node: many[row] for node, many in puts.items()},
            shifts={node: many[row] for node, many in shifts.items()},
        )
        for row in range(count)
    ]
    return {target: _stacked([one[target] for one in one_by_one]) for target in targets}


def _stacked(values: Sequence[Array | None]) -> Array:
    """Return values one after the other, NaN for what there is not, or is of another shape."""
    shape = next((value.shape for value in values if value is not None), ())
    nothing = np.full(shape, np.nan)
    return np.stack([nothing if v is None or v.shape != shape else v for v in values])


@dataclass(slots=True)
class _Batch:
    """Edits that can all be evaluated in one order, made on top of one edit."""

    under: EditedGraph
    edits: Sequence[EditedGraph]
    targets: Collection[int]
    settled: Settled
    moved: Mapping[int, Array] = field(default_factory=dict)
    shifts: Mapping[int, Array] = field(default_factory=dict)
    changed: dict[int, Array] = field(default_factory=dict)
    found: dict[int, Array] = field(default_factory=dict)
    refused: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    touched: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    alone: NDArray[np.bool_] = field(init=False)
    replaced: dict[int, list[tuple[Node, list[int]]]] = field(init=False)

    def __post_init__(self) -> None:
        self.alone = np.zeros(len(self.edits), dtype=bool)
        ancestors = self.under.base.ancestors
        at: dict[int, dict[int, tuple[Node, list[int]]]] = {}
        sources = set(self.targets)
        needed = 0
        while sources:
            before, seen = needed, sources
            for source in seen:
                needed |= ancestors[source]
            fresh, sources = needed & ~before, set()
            for number in numbers_in(self.under.replaced & fresh):
                sources.update(self.under.replacements[number].inputs)
            for row, edit in enumerate(self.edits):
                for number in numbers_in(edit.replaced & fresh):
                    node = edit.replacements[number]
                    rows = at.setdefault(number, {}).setdefault(id(node), (node, []))[1]
                    rows.append(row)
                    if len(rows) == 1:
                        sources.update(node.inputs)
        self.replaced = {number: list(nodes.values()) for number, nodes in at.items()}

    def evaluate(self) -> bool:
        """Find the values of all targets; False if there is no order for all edits together."""
        order = self._order()
        if order is None:
            return False
        self.changed.update(self.moved)
        self.touched.update({number: ~np.zeros_like(self.alone) for number in self.moved})
        with np.errstate(all="ignore"):
            for number in order:
                value = self._value(number)
                if value is None:
                    continue
                if number in self.targets:
                    self.found[number] = value
                if number not in self.settled.puts:
                    shift = self.shifts.get(number)
                    if shift is not None and shift.shape != value.shape:
                        self.alone[:] = True
                        shift = None
                    self.changed[number] = value if shift is None else value + shift
        return True

    def _sources(self, number: int) -> Iterable[int]:
        yield from self.under.node(number).inputs
        for node, _ in self.replaced.get(number, ()):
            yield from node.inputs

    def _order(self) -> list[int] | None:
        """Return the nodes that the targets are computed from, sources first.

        None if there is a cycle. Nobody waits for a node whose value is put.
        """
        puts = self.settled.puts
        if not any(edit.against for edit in (self.under, *self.edits)):
            found = set(self.targets)
            pending = list(found)
            while pending:
                for source in self._sources(pending.pop()):
                    if source not in found and source not in puts:
                        found.add(source)
                        pending.append(source)
            return sorted(found)
        try:
            return list(
                sources_first(
                    self.targets,
                    lambda number: (one for one in self._sources(number) if one not in puts),
                )
            )
        except CycleError:
            return None

    def _value(self, number: int) -> Array | None:
        """Return a node's value under every edit; None if no edit changes it."""
        node, replaced = self.under.node(number), self.replaced.get(number, ())
        sources = [source for source in node.inputs if source in self.changed]
        if not sources and not replaced and number not in self.shifts:
            return None
        known = self.settled.own(number)
        if known is None:
            for row in range(len(self.edits)):
                self.alone[row] |= self._reaches(row, number)
            return None
        value = np.repeat(known[None], len(self.edits), axis=0)
        touched = np.zeros_like(self.alone)
        for source in sources:
            touched |= self.touched[source]
        for _, rows in replaced:
            touched[rows] = False
        if touched.any():
            self._compute(node, np.flatnonzero(touched), value, number)
        for other, rows in replaced:
            touched[rows] = True
            self._compute(other, rows, value, number)
        self.touched[number] = touched | (number in self.shifts)
        return value

    def _compute(self, node: Node, rows: _Rows, value: Array, number: int) -> None:
        """Put what a node computes for some edits into ``value``."""
        operands: list[Array | None] = []
        moved: dict[int, Array] = {}
        for place, source in enumerate(node.inputs):
            operands.append(self.settled.seen[source])
            if source in self.changed:
                moved[place] = self.changed[source]
            elif operands[place] is None:
                self._put(None, rows, value, number)
                return
        if not moved:
            self._put(computed(node.compute, operands), rows, value, number)
            return
        for source in node.inputs if self.refused else ():
            lost = self.refused.get(source) if source not in self.settled.puts else None
            if lost is not None:
                rows = np.asarray(rows)
                self._put(None, rows[lost[rows]], value, number)
                rows = rows[~lost[rows]]
        if len(rows) >= _ENOUGH:
            rows = self._left_over(node, np.asarray(rows), operands, moved, value, number)
        for row in map(int, rows):
            for place, many in moved.items():
                operands[place] = many[row]
            self._put(computed(node.compute, operands), row, value, number)

    def _left_over(  # noqa: PLR0913, PLR0917 - what is computed, of what, for whom, and where to
        self,
        node: Node,
        rows: NDArray[np.intp],
        operands: Sequence[Array | None],
        moved: Mapping[int, Array],
        value: Array,
        number: int,
    ) -> NDArray[np.intp]:
        """Compute what can be computed at once; return the edits that are left."""
        rows = rows[~self.alone[rows]]
        if node.many is not None:
            rows = self._together(node.many, rows, operands, moved, value, number)
        if not len(rows) or any(operands[place] is None for place in moved):
            return rows
        # Most edits leave the operands as they are.
        differ = np.zeros(len(rows), dtype=bool)
        for place, many in moved.items():
            differ |= (many[rows] != operands[place]).reshape(len(rows), -1).any(axis=1)
        if not differ.all():
            self._put(computed(node.compute, operands), rows[~differ], value, number)
        return rows[differ]

    def _together(  # noqa: PLR0913, PLR0917 - what is computed, of what, for whom, and where to
        self,
        many: Compute,
        rows: NDArray[np.intp],
        seen: Sequence[Array | None],
        moved: Mapping[int, Array],
        value: Array,
        number: int,
    ) -> NDArray[np.intp]:
        """Compute what an operation takes at once; return the edits that are left.

        Where it doesn't say which sets of operands it refuses, they are found by halving.
        """
        left: list[NDArray[np.intp]] = []
        parts = [rows]
        refused = 0
        while parts:
            part = parts.pop()
            operands = [
                moved[place][part] if place in moved else np.asarray(one)[None]
                for place, one in enumerate(seen)
            ]
            try:
                found = computed(many, operands)
            except SetsRefusedError as error:
                sets = np.broadcast_to(error.sets, part.shape)
                self._put(None, part[sets], value, number)
                if not sets.all():
                    parts.append(part[~sets])
                continue
            if found is not None and found.shape == (len(part), *value.shape[1:]):
                value[part] = found
                continue
            refused += 1
            if len(part) < _FEW or refused > _REFUSED:
                left.append(part)
            else:
                parts += [part[: len(part) // 2], part[len(part) // 2 :]]
        return np.concatenate(left) if left else rows[:0]

    def _put(self, one: Array | None, rows: int | _Rows, value: Array, number: int) -> None:
        if one is None:
            value[rows] = np.nan
            if number not in self.refused:
                self.refused[number] = np.zeros(len(self.edits), dtype=bool)
            self.refused[number][rows] = True
        elif one.shape != value.shape[1:]:
            self.alone[rows] = True
        else:
            value[rows] = one

    def _reaches(self, row: int, number: int) -> bool:
        """Whether an edit can change a node."""
        anything = self.moved or self.shifts or self.under.replacements
        return bool(anything or self.edits[row].touched >> number & 1)
