"""What the rounding of floats on the way can do to a value.

Every value that a quantity is computed from is moved at random by the same small share of itself,
as rounding moves it (stochastic arithmetic; Vignes, 1993). How far an answer moves then, for each
share, tells a number that is tiny from one that is zero but for what cancelled badly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.graph.graph import Graph
from reference_solutions.graph.many import evaluate_moved

_PAIRS = 4
_SHARE = 1e-9
"""Large beside the rounding of floats, and so small that the answers move in proportion."""

_STEEP = 1e3
"""What moves further, for its size, and one way only, jumps: a derivative where relu has a kink."""

_DOUBLE = 4 * 2.0**-53
_SINGLE = 4 * 2.0**-24
_ZERO = 2.0**-40


@dataclass(frozen=True, slots=True)
class FloatErrors:
    """How far an answer's entries (flat) may be off when computed in floats of either precision."""

    double: Array
    single: Array


def plain_errors(values: Array) -> FloatErrors:
    """Return what writing values, flat, as floats can do to them, however computed."""
    return _errors(values, np.abs(values), 1.0)


def joined(errors: Sequence[FloatErrors]) -> FloatErrors:
    """Return the errors of several answers, or of one in several worlds, one after the other."""
    return FloatErrors(
        np.concatenate([one.double for one in errors]),
        np.concatenate([one.single for one in errors]),
    )


def float_errors(graph: Graph, targets: Sequence[int]) -> list[FloatErrors]:
    """Return the errors of each target's value in the first world.

    Whole numbers on the way are exact.
    """
    generator = np.random.default_rng(20240301)
    on_the_way = {
        node: value
        for node in sorted(graph.region(targets))
        if (value := graph.value(node)) is not None
    }
    fractions = {
        node: np.where(value == np.round(value), 0.0, value) for node, value in on_the_way.items()
    }
    fractions = {node: value for node, value in fractions.items() if value.any()}
    shifts = {}
    for node, value in fractions.items():
        share = generator.uniform(-_SHARE, _SHARE, (_PAIRS, *value.shape))
        shifts[node] = value * np.concatenate([share, -share])
    with np.errstate(all="ignore"):
        moved = evaluate_moved(graph.edited({}), targets, 2 * _PAIRS, {}, shifts)
    found = []
    for target in targets:
        right = graph.value(target)
        flat = np.zeros(0) if right is None else np.atleast_1d(right).ravel()
        scale = _scale(graph, target, 0)
        found.append(_errors(flat, _grown(flat, moved[target], scale), scale))
    return found


def errors_at_zero(graph: Graph, target: int, world: int) -> FloatErrors:
    """Return what numbers of a target's value may have in place of a zero, and no more."""
    value = graph.value(target, world)
    flat = np.zeros(0 if value is None else value.size)
    return _errors(flat, flat, _scale(graph, target, world))


def _scale(graph: Graph, target: int, world: int) -> float:
    """Return the largest number that a value is computed from."""
    values = (graph.value(node, world) for node in graph.region([target]))
    sizes = [float(np.max(np.abs(v), initial=0.0)) for v in values if v is not None]
    return max(sizes, default=0.0) or 1.0


def _grown(values: Array, moved: Array, scale: float) -> Array:
    """Return how far each value moves at most, for the share by which all on the way were moved.

    ``moved`` has first the values for moves one way, then those for the same moves the other way.
    """
    grown = np.abs(values)
    if moved.size != 2 * _PAIRS * values.size:
        return np.asarray(np.nan_to_num(grown))
    up, down = moved.reshape(2, _PAIRS, values.size) - values
    size = np.fmax(np.abs(up), np.abs(down))
    far = size / _SHARE
    one_way = np.abs(up + down) > 0.1 * size
    far = np.where(one_way & (far > _STEEP * scale), 0.0, far)
    return np.asarray(np.nan_to_num(np.fmax(grown, np.fmax.reduce(far, axis=0))))


def _errors(values: Array, grown: Array, scale: float) -> FloatErrors:
    double = _DOUBLE * grown
    zero = np.abs(values) <= double
    double = np.where(zero, np.maximum(double, _ZERO * scale), double)
    return FloatErrors(double, np.maximum(double, _SINGLE * grown))
