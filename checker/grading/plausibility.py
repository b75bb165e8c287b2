"""What can be said of a value by itself: can it be at all, and is it worth carrying."""

from __future__ import annotations

import math

import numpy as np

from reference_solutions.graph import Array, Graph

_RANGES: dict[str, tuple[float, float]] = {
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "relu": (0.0, math.inf),
    "exp": (0.0, math.inf),
    "cross_entropy": (0.0, math.inf),
    "binary_cross_entropy": (0.0, math.inf),
    "mse": (0.0, math.inf),
}


def _operation(graph: Graph, node: int) -> str:
    rule = graph.families[graph.nodes[node].key[0]].rule
    return rule.operation.name if rule is not None else ""


def trivial(values: Array, reference: Array | None) -> bool:
    """Whether a value makes the work after it trivial: zeros where the right value has none."""
    if not np.isfinite(values).all():
        return True
    return bool(not np.any(values) and reference is not None and np.any(np.abs(reference) > 1e-9))


def impossible(graph: Graph, node: int, values: Array) -> bool:
    """Whether no inputs at all can give this value (a probability above 1)."""
    low, high = _RANGES.get(_operation(graph, node), (-math.inf, math.inf))
    slack = 1e-3
    return bool(np.any(values < low - slack) or np.any(values > high + slack))


def invariant_broken(graph: Graph, node: int, values: Array) -> str:
    """Return a law that the value breaks, in a sentence; empty where it breaks none."""
    name = _operation(graph, node)
    if name == "softmax" and values.ndim >= 1:
        sums = values.sum(axis=-1)
        if np.any(values < 0):
            return "A probability can't be negative."
        if np.any(np.abs(sums - 1) > 0.02):
            worst = float(np.ravel(sums)[np.argmax(np.abs(np.ravel(sums) - 1))])
            return f"Probabilities add up to 1; yours add up to {worst:.3g}."
    low, high = _RANGES.get(name, (-math.inf, math.inf))
    if np.any(values < low - 1e-9) and low == 0:
        return f"A value of {name.replace('_', '-')} is never negative."
    if np.any(np.abs(values) > 1 + 1e-9) and (low, high) == (-1.0, 1.0):
        return f"{name} lies between -1 and 1."
    return ""
