"""One graph with the given numbers of many worlds, evaluated together along a leading axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reference_solutions.graph.family import Key
from reference_solutions.graph.node import Array, Node, computed, given_value
from reference_solutions.operations.operation import SetsRefusedError


def evaluate_worlds(
    nodes: Sequence[Node],
    worlds: Sequence[Mapping[Key, Array]],
    one_by_one: Callable[[Mapping[Key, Array]], list[Array | None]],
) -> list[list[Array | None]]:
    """Return the values of all nodes in each of ``worlds``: lists in the order of the nodes.

    The given values of a quantity have one shape in all worlds. Each node is computed once for all
    of them (arrays of shape ``(worlds, *shape)``); a world in which it refuses what it takes in
    others, or gives another shape, is left to ``one_by_one``.
    """
    together: list[Array | None] = []
    alone = np.zeros(len(worlds), dtype=bool)
    with np.errstate(all="ignore"):
        for node in nodes:
            if node.compute is given_value:
                together.append(np.stack([world[node.key] for world in worlds]))
                continue
            operands = [together[source] for source in node.inputs]
            refused = any(operand is None for operand in operands)
            together.append(None if refused else _in_all(node, operands, alone))
    return [
        one_by_one(world)
        if alone[row]
        else [None if values is None else values[row] for values in together]
        for row, world in enumerate(worlds)
    ]


def _in_all(node: Node, operands: Sequence[Array | None], alone: NDArray[np.bool_]) -> Array | None:
    """Return a node's values in all worlds; None where it has none in any."""
    count = len(alone)
    if not operands:
        one = computed(node.compute, operands)
        return None if one is None else np.repeat(one[None], count, axis=0)
    if node.many is not None:
        try:
            found = computed(node.many, operands)
        except SetsRefusedError:
            found = None
        if found is not None and found.shape[:1] == (count,):
            return found
    values = [
        computed(node.compute, [operand[row] for operand in operands if operand is not None])
        for row in range(count)
    ]
    shapes = [one.shape for row, one in enumerate(values) if one is not None and not alone[row]]
    if not shapes:
        return None
    result = np.full((count, *shapes[0]), np.nan)
    for row, value in enumerate(values):
        if value is None or value.shape != shapes[0]:
            alone[row] = True
        else:
            result[row] = value
    return result
