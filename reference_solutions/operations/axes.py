"""The axes that an operation runs over: one, several, or all of them (``axis=None``)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from reference_solutions.expressions.printing import Binds, Shown, fence
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Values
from reference_solutions.operations.quantity import Quantity

Axes: TypeAlias = "int | tuple[int, ...] | None"


def axes_of_each(axis: Axes, rank: int) -> tuple[int, ...]:
    """Return the ``axis`` of values of so many axes, where a further first axis runs over them.

    Raises ValueError for an axis that they don't have.
    """
    axes = range(rank) if axis is None else (axis,) if isinstance(axis, int) else axis
    if any(not -rank <= at < rank for at in axes):
        raise ValueError(f"there is no axis {axis} of {rank}")
    return tuple(at + 1 if at >= 0 else at for at in axes)


def size_along(shape: tuple[int, ...], axis: Axes) -> int:
    """Count the entries of a shape along axes."""
    axes = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    return math.prod(shape[at] for at in axes)


def handed_to_each(
    g: Expression, _out: Expression, x: Quantity, axis: Axes = None, keepdims: bool = False
) -> Expression:
    """Return the derivative rule of a sum: what comes back, to each entry along the axes."""
    return apply("spread", g, shape=x.shape, axis=None if keepdims else axis)


def along_last(x: Values, axis: Axes, compute: Callable[[Values], Values]) -> Values:
    """Compute, with the axes as one that is the last, what has the shape of ``x`` again."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else np.atleast_1d(axis)
    behind = range(-len(axes), 0)
    moved = np.moveaxis(x, axes, behind)
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    return np.moveaxis(compute(flat).reshape(moved.shape), behind, axes)


def in_a_row(x: Values, axis: int | None) -> tuple[Values, int]:
    """Return what an order or a running sum goes along; without an axis all entries in a row."""
    return (np.ravel(x), 0) if axis is None else (np.asarray(x), axis)


def softmax_derivative(
    g: Quantity, out: Quantity, *_operands: Quantity, axis: Axes = -1
) -> Expression:
    """Return the derivative rule of what is normalised over its axes by exponentials."""
    found: Expression = out * g - out * apply("sum", out * g, axis=axis, keepdims=True)
    return found


def over_index(sign: str, binds: Binds | None = None) -> Callable[[Shown, Sequence[str]], Shown]:
    r"""Make what writes an operation over named indices, as in ``\sum_{t} l_t``.

    ``sign`` stands before the term, which is fenced for what ``binds``, or stands in brackets.
    """

    def latex(term: Shown, indices: Sequence[str]) -> Shown:
        below = f"_{{{', '.join(indices)}}}" if indices else ""
        if binds is None:
            return f"{sign}{below}({term[0]})", Binds.ATOM
        return f"{sign}{below} {fence(*term, binds)}", Binds.SUMMATION

    return latex
