"""Nodes with what each is computed from, and the values of all: what edits are made against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reference_solutions.arrays import Array
from reference_solutions.graph.family import Family
from reference_solutions.graph.node import Node


@dataclass(frozen=True, slots=True)
class Settled:
    """The values of a graph under values that were put.

    ``seen`` is what consumers see, by node; ``ruled`` what the nodes of ``puts`` compute
    themselves.
    """

    seen: Sequence[Array | None]
    ruled: Mapping[int, Array | None]
    puts: Mapping[int, Array]

    def own(self, number: int) -> Array | None:
        """Return what a node's own rule gives."""
        return self.ruled[number] if number in self.ruled else self.seen[number]


def with_puts(found: Mapping[int, Array | None], puts: Mapping[int, Array]) -> Settled:
    """Return the values that all nodes compute, with those that were put in their place."""
    seen = [puts.get(number, found[number]) for number in range(len(found))]
    return Settled(seen, {number: found[number] for number in puts}, puts)


class LinkedNodes:
    """The nodes of a graph, each an instance of one of its ``families``.

    Node numbers are a topological order; ``ancestors`` and ``descendants`` are bit masks over them,
    each node among its own. All nodes have one value in each world; None where there is none.
    """

    def __init__(self, families: Mapping[str, Family], nodes: Sequence[Node]) -> None:
        self.families = families
        self.nodes = nodes
        self._values: list[Sequence[Array | None]] = []
        self._link()

    def _link(self) -> None:
        """Reachability both ways, as bit masks over node numbers."""
        count = len(self.nodes)
        self.ancestors = [0] * count
        self.descendants = [1 << i for i in range(count)]
        for i, node in enumerate(self.nodes):
            mask = 1 << i
            for source in node.inputs:
                mask |= self.ancestors[source]
            self.ancestors[i] = mask
        for i in range(count - 1, -1, -1):
            for source in self.nodes[i].inputs:
                self.descendants[source] |= self.descendants[i]

    def family(self, node: int) -> Family:
        """Return the family that a node is an instance of."""
        return self.families[self.nodes[node].key[0]]

    @property
    def worlds(self) -> int:
        """How many sets of given numbers this graph is evaluated for."""
        return len(self._values)

    def value(self, node: int, world: int = 0) -> Array | None:
        """Return a node's value, of any shape; None where there is none (:meth:`Graph.errors`)."""
        return self._values[world][node]

    def settled(self, world: int = 0) -> Settled:
        """Return the values of all nodes, where none is put."""
        return Settled(self._values[world], {}, {})

    def depends(self, node: int, on: int | Iterable[int]) -> bool:
        """Whether a node is computed from another, or from any of several; each is from itself."""
        needed = self.ancestors[node]
        return any(needed >> one & 1 for one in ([on] if isinstance(on, int) else on))

    def region(self, targets: Iterable[int], cut: Iterable[int] = ()) -> frozenset[int]:
        """Return the nodes that ``targets`` are computed from, themselves included.

        Where the values of the nodes of ``cut`` are put, it ends at these; a target that is put is
        still computed.
        """
        targets, cut = tuple(targets), frozenset(cut)
        if not cut:
            needed = 0
            for target in targets:
                needed |= self.ancestors[target]
            return frozenset(numbers_in(needed))
        found = set(targets)
        pending = list(found)
        while pending:
            for source in self.nodes[pending.pop()].inputs:
                if source not in found:
                    found.add(source)
                    if source not in cut:
                        pending.append(source)
        return frozenset(found)


def numbers_in(mask: int) -> list[int]:
    """Return the node numbers that a bit mask holds, in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
