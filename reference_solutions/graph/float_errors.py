"""What the rounding of floats on the way can do to a value.

Every value that a quantity is computed from is moved at random by the same small share of itself,
as rounding moves it (stochastic arithmetic; Vignes, 1993). How far an answer moves then, for each
share, tells a number that is tiny from one that is zero but for what cancelled badly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reference_solutions.graph.graph import Array, Graph
from reference_solutions.graph.many import evaluate_moved

_SAMPLES = 8
_SHARE = 1e-9
"""Large beside the rounding of floats, and so small that the answers move in proportion."""

_DOUBLE = 4 * 2.0**-53
_SINGLE = 4 * 2.0**-24
_ZERO = 2.0**-40


@dataclass(frozen=True, slots=True)
class FloatErrors:
    """How far an answer's entries (flat) may be off when computed in floats of either precision."""

    double: Array
    single: Array


def plain_errors(values: Array) -> FloatErrors:
    """Return what writing values as floats can do to them, however they were computed."""
    return _errors(values, np.abs(values), 1.0)


def float_errors(graph: Graph, targets: Sequence[int], world: int = 0) -> list[FloatErrors]:
    """Return the errors of each target's value. Whole numbers on the way are exact."""
    generator = np.random.default_rng(20240301)
    wanted = 0
    for target in targets:
        wanted |= graph.ancestors[target]
    on_the_way = {
        node: value
        for node in range(len(graph.nodes))
        if wanted >> node & 1 and (value := graph.value(node, world)) is not None
    }
    fractions = {
        node: np.where(value == np.round(value), 0.0, value) for node, value in on_the_way.items()
    }
    fractions = {node: value for node, value in fractions.items() if value.any()}
    shifts = [
        {n: v * generator.uniform(-_SHARE, _SHARE, v.shape) for n, v in fractions.items()}
        for _ in range(_SAMPLES)
    ]
    with np.errstate(all="ignore"):
        moved = evaluate_moved(graph.edited({}), targets, [({}, shift) for shift in shifts])
    found = []
    for target in targets:
        right = graph.value(target, world)
        flat = np.zeros(0) if right is None else np.atleast_1d(right).ravel()
        grown = np.abs(flat)
        for values in moved:
            value = values[target]
            if value is not None and value.size == flat.size:
                grown = np.fmax(grown, np.abs(np.ravel(value) - flat) / _SHARE)
        sizes = [
            float(np.max(np.abs(value), initial=0.0))
            for node, value in on_the_way.items()
            if graph.ancestors[target] >> node & 1
        ]
        found.append(_errors(flat, np.nan_to_num(grown), max(sizes, default=0.0) or 1.0))
    return found


def _errors(values: Array, grown: Array, scale: float) -> FloatErrors:
    """``scale`` is the largest number that the values were computed from."""
    double = _DOUBLE * grown
    zero = np.abs(values) <= double
    double = np.where(zero, np.maximum(double, _ZERO * scale), double)
    return FloatErrors(double, np.maximum(double, _SINGLE * grown))
