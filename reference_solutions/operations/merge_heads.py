"""Attention heads side by side again: (heads, n, w) becomes (n, heads * w)."""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Mistake, Operation


def merge(x: Array) -> Array:
    """Put the heads of ``x`` side by side. Raises ValueError for anything but three axes."""
    if np.ndim(x) != 3:
        raise ValueError(f"`merge_heads` takes (heads, rows, columns), got shape {np.shape(x)}")
    return np.reshape(np.swapaxes(x, 0, 1), (np.shape(x)[1], -1))


def _averaged(x: Array) -> Array:
    merge(x)
    return np.asarray(np.mean(x, axis=0))


def _added(x: Array) -> Array:
    merge(x)
    return np.asarray(np.sum(x, axis=0))


OPERATION = Operation(
    name="merge_heads",
    subject="attention",
    compute=merge,
    doc="merge_heads(X): what each head gives, side by side, (heads, n, w) as (n, heads w).",
    latex=r"\operatorname{{concat}}({0})",
    derivatives=(lambda g, _out, x: apply("split_heads", g, heads=x.shape[0]),),
    examples=(Example(([[[1.0, 2.0]], [[3.0, 4.0]]],), [[1.0, 2.0, 3.0, 4.0]]),),
    mistakes=(
        Mistake(
            id="heads-averaged",
            says="You averaged the heads; their results are put side by side (concatenated).",
            forward=_averaged,
            example=Example(([[[1.0, 2.0]], [[3.0, 4.0]]],), [[2.0, 3.0]]),
        ),
        Mistake(
            id="heads-added",
            says="You added the heads; their results are put side by side (concatenated).",
            forward=_added,
            example=Example(([[[1.0, 2.0]], [[3.0, 4.0]]],), [[4.0, 6.0]]),
        ),
    ),
)
