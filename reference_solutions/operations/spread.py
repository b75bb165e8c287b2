"""A value repeated over a shape: what a sum hands back to its terms."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.axes import Axes, axes_of_each
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import AXES, SHAPE, required


def _spread(g: Values, shape: tuple[int, ...], axis: Axes = None) -> Values:
    value = np.asarray(g)
    if axis is not None and value.ndim < len(shape):
        value = np.expand_dims(value, axis)
    return np.broadcast_to(value, shape).copy()


def _many(g: Values, shape: tuple[int, ...], axis: Axes = None) -> Values:
    if axis is not None and g.ndim <= len(shape):
        g = np.expand_dims(g, axes_of_each(axis, len(shape)))
    missing = len(shape) + 1 - g.ndim
    return np.broadcast_to(g.reshape(len(g), *(1,) * missing, *g.shape[1:]), (len(g), *shape))


OPERATION = Operation(
    name="spread",
    compute=_spread,
    doc="The operand repeated to fill a shape (along `axis`, where that axis was summed away).",
    latex="{0}",
    derivatives=(
        lambda g, _out, x, shape, axis=None: (
            apply("sum", g, axis=axis) if axis is not None else apply("sum_to", g, shape=x.shape)
        ),
    ),
    public=False,
    params={"shape": required(SHAPE), "axis": AXES},
    many=_many,
    copies=True,
    transparent=True,
    examples=(
        Example((2.0,), [2.0, 2.0], {"shape": (2,)}),
        Example(([1.0, 2.0],), [[1.0, 1.0], [2.0, 2.0]], {"shape": (2, 2), "axis": 1}),
    ),
)
