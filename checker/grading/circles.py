"""Formulas that are right only because they take what is asked for by another name.

A formula may name other quantities that are asked for, as a recursion does: what stands before it
on the sheet always, anything else only if its own answer is right and leads not back here. A circle
(a from b, b from a) says nothing of either, and so does the inverse of what the sheet computes from
the quantity that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checker.answer_kinds.reading.quantities import origin_of
from reference_solutions.graph import Graph


def unearned(
    graph: Graph, targets: Sequence[int], named: Mapping[int, Iterable[int]], asked: Iterable[int]
) -> dict[int, frozenset[int]]:
    """Return the formulas that are not earned, each with the nodes on account of which.

    ``targets`` are the nodes that the answers ask for, ``named`` the nodes that each formula of the
    right value names, by position, and ``asked`` the positions of all formulas that are asked for.
    """
    at: dict[int, list[int]] = {}
    for position in asked:
        at.setdefault(origin_of(graph, targets[position]), []).append(position)
    circular = {
        position: _towards(graph, at, named, position, targets[position]) for position in named
    }
    found = {position: nodes for position, nodes in circular.items() if nodes}
    while True:
        more = {}
        for position, nodes in named.items():
            bad = frozenset(
                node
                for node in nodes
                if not graph.ancestors[targets[position]] >> origin_of(graph, node) & 1
                and (answers := at.get(origin_of(graph, node)))
                and not any(other in named and other not in found for other in answers)
            )
            if position not in found and bad:
                more[position] = bad
        if not more:
            return found
        found.update(more)


def _towards(
    graph: Graph,
    at: Mapping[int, Sequence[int]],
    named: Mapping[int, Iterable[int]],
    start: int,
    target: int,
) -> frozenset[int]:
    """Return the nodes by whose names a formula comes back to what it is asked for."""
    found = set()
    target = origin_of(graph, target)
    for first in named[start]:
        seen = {first}
        pending = [first]
        while pending:
            node = origin_of(graph, pending.pop())
            # An answer is what its own formula makes of it; all else is what the sheet does.
            own = [other for other in at.get(node, ()) if other in named]
            if node == target or (not own and graph.ancestors[node] >> target & 1):
                found.add(first)
                break
            new = {one for other in own for one in named[other]} - seen
            seen |= new
            pending += new
    return frozenset(found)
