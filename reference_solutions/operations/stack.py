"""Several values of one shape in one array: ``[a, b, c]``, and an indexed quantity taken whole."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Derivative, Example, Operation, Values
from reference_solutions.operations.parameter import SHAPE

_DIGITS = re.compile(r"-?[\d.]+")


def _stack(*items: Values, shape: tuple[int, ...] | None = None) -> Values:
    shapes = {np.shape(item) for item in items}
    if len(shapes) > 1:
        raise ValueError(f"a list needs items of one shape, got {sorted(shapes)}")
    stacked = np.array(items)
    if shape is None:
        return stacked
    if len(items) != math.prod(shape):
        raise ValueError(f"{len(items)} items don't fill the axes {shape}")
    return stacked.reshape(*shape, *stacked.shape[1:])


def _derivative(position: int) -> Derivative:
    def rule(
        g: Expression, _out: Expression, *_: Expression, shape: tuple[int, ...] | None = None
    ) -> Expression:
        index = (position,) if shape is None else np.unravel_index(position, shape)
        return apply("item", g, index=tuple(int(at) for at in index))

    return rule


def _many(*items: Values, shape: tuple[int, ...] | None = None) -> Values:
    stacked = np.stack(np.broadcast_arrays(*items), axis=1)
    return stacked if shape is None else stacked.reshape(len(stacked), *shape, *stacked.shape[2:])


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    parts = [operand.text for operand in operands]
    if all(_DIGITS.fullmatch(part) for part in parts):
        return f"({', '.join(parts)})", Binds.ATOM
    inside = r" \\ ".join(parts)
    return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}", Binds.ATOM


def _text(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    return f"[{', '.join(operand.text for operand in operands)}]", Binds.ATOM


OPERATION = Operation(
    name="stack",
    subject="arrays",
    role="stack",
    compute=_stack,
    doc="Its operands along a new first axis, or along several new axes of the sizes `shape`.",
    latex=_latex,
    text=_text,
    arity=(1, 500),
    derivatives=_derivative,
    public=False,
    params={"shape": SHAPE},
    many=_many,
    copies=True,
    written="[a, b]",
    examples=(
        Example(([1.0, 2.0], [3.0, 4.0]), [[1.0, 2.0], [3.0, 4.0]]),
        Example((1.0, 2.0, 3.0, 4.0), [[1.0, 2.0], [3.0, 4.0]], {"shape": (2, 2)}),
    ),
)
