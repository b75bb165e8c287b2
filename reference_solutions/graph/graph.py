"""The reference graph: named quantities, each an operation on others, and edits of it.

Two levels. A :class:`Family` is a quantity as the sheet writes it, ``h[t] = tanh(...)``: one rule
for every value of its index. A node is one instance of a family, ``h[1]``. The derived backward
pass is made of families like any other.

An edit never changes a graph: :meth:`Graph.edited` returns a new one that shares everything
untouched, and evaluating it recomputes only what lies downstream.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.graph.assembly import Assembly
from reference_solutions.graph.edited import EditedGraph
from reference_solutions.graph.family import Family, Key, Rule, shown
from reference_solutions.graph.linked import LinkedNodes, Settled, with_puts
from reference_solutions.graph.many import evaluate_moved
from reference_solutions.graph.node import (
    REFUSALS,
    Node,
    given_value,
    refusal,
)

_TOGETHER = 3
"""Sets of given numbers that are worth evaluating together."""


class Graph(LinkedNodes):
    """An immutable graph with its values: one world for each set of given numbers.

    A graph with sampled symbols has several worlds, another graph has one.
    """

    def __init__(
        self,
        families: Mapping[str, Family],
        given: Sequence[Mapping[Key, Array]],
        wanted: Iterable[Key] | None = None,
    ) -> None:
        """Build the nodes of ``families`` with the numbers of ``given``, one mapping a world.

        With ``wanted`` only those nodes are built that these quantities are computed from.
        Raises :class:`GraphError` for a quantity that doesn't exist or depends on itself.
        """
        self._assembly = Assembly(families, given[0], wanted)
        super().__init__(self._assembly.families, self._assembly.nodes)
        self.ids: Mapping[Key, int] = self._assembly.ids
        self.dead = self._assembly.dead
        self._values = [self._evaluated(world) for world in given]

    def _evaluated(self, given: Mapping[Key, Array]) -> list[Array | None]:
        """Return all values: of the edit that puts every rule in place where only ``given`` is."""
        rules = {i: node for i, node in enumerate(self.nodes) if node.compute is not given_value}
        known = [None if i in rules else given[node.key] for i, node in enumerate(self.nodes)]
        everything = range(len(self.nodes))
        found = self.edited(rules).evaluate(everything, settled=Settled(known, {}, {}))
        return [found[number] for number in everything]

    # --- other numbers ------------------------------------------------------------------------

    @property
    def given(self) -> list[dict[Key, Array]]:
        """The given numbers, one mapping a world."""
        return [
            {
                node.key: value
                for node, value in zip(self.nodes, values, strict=True)
                if node.compute is given_value and value is not None
            }
            for values in self._values
        ]

    def with_given(self, worlds: Sequence[Mapping[Key, Array]]) -> Graph:
        """Return the same graph with other given numbers; see :meth:`each_with_given`."""
        return self.each_with_given([worlds])[0]

    def each_with_given(self, sets: Sequence[Sequence[Mapping[Key, Array]]]) -> list[Graph]:
        """Return the same graph once for each set of worlds, all evaluated together.

        Families, nodes and reachability are shared; the derivative rules stay those that were
        chosen with the graph's own numbers. Every world gives all given quantities, in the shapes
        they have here: ValueError otherwise.
        """
        worlds = [world for one in sets for world in one]
        shapes = {key: value.shape for key, value in self.given[0].items()}
        for world in worlds:
            self._check_given(world, shapes)
        found = iter(self._evaluated_together(worlds))
        graphs = []
        for one in sets:
            graph = copy(self)
            graph._values = [next(found) for _ in one]
            graphs.append(graph)
        return graphs

    def values_with_given(
        self, worlds: Sequence[Mapping[Key, Array]], targets: Collection[int]
    ) -> dict[int, Array]:
        """Return the values of some nodes with other given numbers, world after world.

        They are laid out along a further first axis, NaN where there is no value.
        """
        given = self._given_together(worlds)
        computed = [target for target in targets if target not in given]
        found = evaluate_moved(self.edited({}), computed, len(worlds), given, {})
        return found | {target: given[target] for target in targets if target in given}

    def _given_together(self, worlds: Sequence[Mapping[Key, Array]]) -> dict[int, Array]:
        return {
            number: np.stack([world[node.key] for world in worlds])
            for number, node in enumerate(self.nodes)
            if node.compute is given_value
        }

    def _evaluated_together(
        self, worlds: Sequence[Mapping[Key, Array]]
    ) -> list[list[Array | None]]:
        if len(worlds) < _TOGETHER:
            return [
                [None if value is None else _where_known(value) for value in self._evaluated(world)]
                for world in worlds
            ]
        given = self._given_together(worlds)
        others = [number for number in range(len(self.nodes)) if number not in given]
        found = {**given, **evaluate_moved(self.edited({}), others, len(worlds), given, {})}
        return [
            [_where_known(np.asarray(found[number][row])) for number in range(len(self.nodes))]
            for row in range(len(worlds))
        ]

    def _check_given(
        self, world: Mapping[Key, Array], shapes: Mapping[Key, tuple[int, ...]]
    ) -> None:
        for key, shape in shapes.items():
            if key not in world:
                raise ValueError(f"expected a value of `{self.show(key)}`, got none")
            if world[key].shape != shape:
                raise ValueError(
                    f"expected `{self.show(key)}` of shape {shape}, got {world[key].shape}"
                )

    # --- values -------------------------------------------------------------------------------

    def errors(self) -> dict[int, str]:
        """Nodes whose operation refused its operands, with the operation's own words."""
        found: dict[int, str] = {}
        for values in self._values:
            for number, node in enumerate(self.nodes):
                operands = [values[source] for source in node.inputs]
                if values[number] is not None or any(operand is None for operand in operands):
                    continue
                try:
                    with np.errstate(all="ignore"):
                        node.compute(*operands)
                except REFUSALS as error:
                    found.setdefault(number, refusal(error, operands))
        return found

    def settle(self, puts: Mapping[int, Array], world: int = 0) -> Settled:
        """All values when those of ``puts`` are put, to evaluate many edits on top of them."""
        everything = range(len(self.nodes))
        return with_puts(self.edited({}).evaluate(everything, puts, world), puts)

    def settle_right(self, held: Iterable[int], world: int = 0) -> Settled:
        """All right values, where consumers of the ``held`` nodes see these whatever is edited."""
        puts = {node: value for node in held if (value := self.value(node, world)) is not None}
        return Settled(self._values[world], puts, puts)

    # --- structure ----------------------------------------------------------------------------

    def find(self, family: str, *index: int) -> int:
        """Return the number of a node. Raises KeyError where there is none."""
        return self.ids[(family, index)]

    def show(self, key: Key) -> str:
        """Return a quantity as the sheet writes it: ``h[1]``, ``grad(L, h[1])``."""
        return shown(self.families, key)

    def regular(self, family: Family) -> tuple[tuple[int, ...], ...]:
        """Return the instances of a family that lie within the range of its index, in order.

        An adjoint has others too: those of the starting values.
        """
        return self._assembly.regular(family)

    def resolve(self, rule: Rule, family: Family, index: tuple[int, ...]) -> Node | None:
        """Return the node of ``rule`` at one index; None where nothing reaches it (no gradient).

        Raises :class:`GraphError` where a reference leaves the range of its family.
        """
        return self._assembly.resolve(rule, family, index)

    def edited(self, replacements: Mapping[int, Node]) -> EditedGraph:
        """Return a new graph in which each node of ``replacements`` is replaced."""
        return EditedGraph(self, replacements)


def _where_known(value: Array) -> Array | None:
    return None if value.size and np.isnan(value).all() else value
