"""Formulas that are right only because they take what is asked for by another name.

A formula may name other quantities that are asked for, as a recursion does, unless they lead back:
a circle (a from b, b from a) says nothing of either, nor does the inverse of what the sheet
computes from the quantity that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from checker.answer_kinds.reading.quantities import named_nodes, origin_of
from checker.grading.judged import Judged
from checker.grading.key import Key
from reference_solutions.graph import Graph


def refuse_circles(key: Key, judged: Judged) -> Judged:
    """Take back what was said of formulas that lead back to what they are asked for."""
    graph, targets = key.graph, key.layout.targets
    named = {
        answer.position: named_nodes(answer.written.formula, graph, key.reference.ranges)
        for answer in judged.where(
            lambda answer: answer.verdict == "correct" and not answer.accepted
        )
        if answer.written.formula is not None
    }
    refused = []
    for position, nodes in unearned(graph, targets, named, key.layout.symbolic).items():
        answer = judged.answers[position]
        keys = [graph.nodes[node].key for node in nodes]
        steps = {graph.show(key) for key in keys if graph.families[key[0]].kind == "step"}
        names = " and ".join(f"`{name}`" for name in sorted(steps))
        note = f"This is true, but {names} leads back to what is asked for: write it out."
        nowhere = np.zeros(answer.expected.shape, dtype=bool)
        refused.append(replace(answer, verdict="wrong", right=nowhere, note=note))
    return judged.changed(refused)


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
    back = {position: _towards(graph, at, named, position, targets[position]) for position in named}
    return {position: nodes for position, nodes in back.items() if nodes}


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
            if node == target or (not own and graph.depends(node, target)):
                found.add(first)
                break
            new = {one for other in own for one in named[other]} - seen
            seen |= new
            pending += new
    return frozenset(found)
