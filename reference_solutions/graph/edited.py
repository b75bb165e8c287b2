"""Edits of a graph, one at a time: a distinct graph that shares everything untouched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.graph.linked import LinkedNodes, Settled, numbers_in, with_puts
from reference_solutions.graph.node import REFUSALS, Node, given_value
from reference_solutions.graph.order import CycleError, sources_first


class EditedGraph:
    """A graph with some nodes replaced. Cheap to make; evaluates only what the edit can change."""

    __slots__ = ("against", "base", "replaced", "replacements", "touched")

    def __init__(self, base: LinkedNodes, replacements: Mapping[int, Node]) -> None:
        self.base = base
        self.replacements = replacements
        replaced = touched = 0
        against: list[tuple[int, int]] = []
        for number, node in replacements.items():
            replaced |= 1 << number
            touched |= base.descendants[number]
            if node.inputs and max(node.inputs) >= number:
                against += [(source, number) for source in node.inputs if source >= number]
        self.replaced = replaced
        self.touched = touched
        """The replaced nodes, and all that may change with them, as bit masks."""
        self.against = tuple(against)
        """The inputs that come later in the graph than the replaced node that takes them."""

    def edited(self, other: EditedGraph) -> EditedGraph:
        """Return a further edit on top; where both replace a node the new one holds."""
        found = EditedGraph(self.base, {})
        found.replacements = {**self.replacements, **other.replacements}
        found.replaced = self.replaced | other.replaced
        found.touched = self.touched | other.touched
        left = (edge for edge in self.against if edge[1] not in other.replacements)
        found.against = (*left, *other.against)
        return found

    def node(self, number: int) -> Node:
        """Return what stands for a node."""
        return self.replacements.get(number) or self.base.nodes[number]

    def settle(self, before: Settled) -> Settled:
        """Return all values under the edit, where some were put before."""
        everything = range(len(self.base.nodes))
        return with_puts(self.evaluate(everything, settled=before), before.puts)

    def evaluate(  # noqa: PLR0912, PLR0915 - one loop, run for every edit of a search
        self,
        targets: Iterable[int],
        puts: Mapping[int, Array] | None = None,
        world: int = 0,
        shifts: Mapping[int, Array] | None = None,
        settled: Settled | None = None,
    ) -> dict[int, Array | None]:
        """Return the values of ``targets`` (None where the edit can't be computed).

        ``puts`` are values that the consumers of a node see in place of its own ("error carried
        forward"); a target that is also put is still computed by its own rule, from the values that
        were put before it, so one pass gives what follows at every answer. ``shifts`` are added to
        the values that nodes compute: small errors of rounding on the way.
        ``settled`` are values that were put once for many edits (:meth:`Graph.settle`), in place
        of ``puts`` and ``world``.
        """
        base, replacements = self.base, self.replacements
        known = (base.settled(world) if settled is None else settled).seen
        touched = self.touched
        if puts:
            for number in puts:
                touched |= base.descendants[number]
        if shifts:
            for number in shifts:
                touched |= base.descendants[number]
        wanted = 0
        targets = tuple(targets)
        for target in targets:
            wanted |= base.ancestors[target]
        in_order = True
        reached: set[int] = set()
        pending = [number for number in replacements if wanted >> number & 1]
        while pending:
            number = pending.pop()
            if number in reached:
                continue
            reached.add(number)
            before = wanted
            for source in replacements[number].inputs:
                wanted |= base.ancestors[source]
                if source >= number:
                    in_order = False
            if wanted != before:
                pending.extend(n for n in replacements if n not in reached and wanted >> n & 1)
        mask = touched & wanted
        puts = puts or {}
        computed: dict[int, Array | None] = dict(puts)
        fixed: Mapping[int, object] = puts if settled is None else settled.puts
        order: Sequence[int] | None
        if len(puts) > 1 and not replacements:
            # Nobody asks for what stands between values that were put.
            order = sorted(base.region(targets, puts))
        else:
            order = numbers_in(mask) if in_order else self._order(mask, fixed)
        nodes = base.nodes
        result: dict[int, Array | None] = {}
        target_set = set(targets)
        if order is None:
            return dict.fromkeys(targets)
        with np.errstate(all="ignore"):
            for number in order:
                node = replacements.get(number) or nodes[number]
                if number in fixed and number not in target_set:
                    continue
                if number not in replacements:
                    for source in node.inputs:
                        if source in computed:
                            break
                    else:
                        if not shifts or number not in shifts:
                            continue
                value: Array | None = None
                if node.compute is given_value:
                    value = known[number]
                else:
                    arguments = []
                    for source in node.inputs:
                        argument = computed[source] if source in computed else known[source]
                        if argument is None:
                            break
                        arguments.append(argument)
                    else:
                        try:
                            value = np.asarray(node.compute(*arguments), dtype=np.float64)
                        except REFUSALS:
                            value = None
                if number in target_set:
                    result[number] = value
                if shifts and number in shifts and value is not None:
                    shift = shifts[number]
                    value = value + shift if shift.shape == value.shape else value
                if number not in fixed:
                    computed[number] = value
        for target in targets:
            if target not in result:
                result[target] = known[target] if settled is None else settled.own(target)
        return result

    def _order(self, mask: int, puts: Mapping[int, object]) -> list[int] | None:
        """Return the nodes in ``mask`` in an order for the edit; None if it has a cycle.

        Nobody waits for a node whose value is put.
        """

        def sources(number: int) -> Iterator[int]:
            inputs = self._inputs(number)
            return (source for source in inputs if mask >> source & 1 and source not in puts)

        try:
            return list(sources_first(numbers_in(mask), sources))
        except CycleError:
            return None

    def _inputs(self, number: int) -> tuple[int, ...]:
        return self.node(number).inputs
