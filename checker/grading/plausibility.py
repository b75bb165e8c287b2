"""What can be said of a value by itself: can it be at all, and is it worth carrying."""

from __future__ import annotations

import math

import numpy as np

from reference_solutions.graph import Array, Graph
from reference_solutions.operations.operation import UNBOUNDED


def trivial(values: Array, reference: Array | None) -> bool:
    """Whether a value makes the work after it trivial where the right value doesn't.

    Zeros do, 1 or -1 everywhere, which changes nothing in a product, and a matrix with one row that
    isn't zero, the sum of whose rows is that row.
    """
    if not np.isfinite(values).all():
        return True
    if reference is None or values.shape != reference.shape:
        return False
    if not np.any(values):
        return bool(np.any(np.abs(reference) > 1e-9))
    if (np.abs(values) == 1).all():
        return not (np.abs(np.abs(reference) - 1) <= 1e-9).all()
    return _rows(values) == 1 < _rows(reference)


def _rows(values: Array) -> int:
    """Return how many rows of a matrix are not zero; of anything else 0."""
    return int(np.any(values, axis=1).sum()) if values.ndim == 2 else 0


def bounds(graph: Graph, node: int) -> tuple[float, float]:
    """Return the least and the largest value that a quantity can have, whatever the inputs."""
    rule = graph.family(node).rule
    return UNBOUNDED if rule is None else rule.operation.value_range


def impossible(graph: Graph, node: int, values: Array, slack: Array | float = 1e-3) -> bool:
    """Whether no inputs at all can give this value (a probability above 1).

    ``values`` have any shape; ``slack`` is how far written digits may be off, one or one for each.
    """
    low, high = bounds(graph, node)
    return bool(np.any(values < low - slack) or np.any(values > high + slack))


def invariant_broken(graph: Graph, node: int, values: Array) -> str:
    """Return a law that the value breaks, in a sentence; empty where it breaks none.

    ``values`` have the shape of the quantity.
    """
    rule = graph.family(node).rule
    if rule is None:
        return ""
    operation = rule.operation
    axis = rule.params.get("axis", -1)
    if operation.adds_up_to_one and isinstance(axis, int) and -values.ndim <= axis < values.ndim:
        sums = values.sum(axis=axis)
        if np.any(values < 0):
            return "A probability can't be negative."
        if np.any(np.abs(sums - 1) > 0.02):
            worst = float(np.ravel(sums)[np.argmax(np.abs(np.ravel(sums) - 1))])
            return f"Probabilities add up to 1; yours add up to {worst:.3g}."
    low, high = operation.value_range
    name = operation.name.replace("_", "-")
    if not (np.any(values < low - 1e-9) or np.any(values > high + 1e-9)):
        return ""
    if math.isfinite(low) and math.isfinite(high):
        return f"A value of {name} lies between {low:g} and {high:g}."
    return f"A value of {name} is never {'negative' if math.isfinite(low) else 'positive'}."
