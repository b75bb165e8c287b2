"""Vectors one after another, ``concat(h, x)``, or arrays of any rank along an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand, Shown
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Derivative, Example, Mistake, Operation, Values
from reference_solutions.operations.parameter import WHOLE
from reference_solutions.operations.part import START, STOP
from reference_solutions.operations.quantity import Quantity


def _concat(*parts: Values, axis: int = 0) -> Values:
    ranks = {np.ndim(part) for part in parts}
    if len(ranks) != 1 or 0 in ranks:
        raise ValueError("`concat` takes vectors, or arrays of one rank")
    (rank,) = ranks
    if not -rank <= axis < rank:
        raise ValueError(f"there is no axis {axis} of {rank}")
    others = [tuple(np.delete(np.shape(part), axis)) for part in parts]
    if len(set(others)) != 1:
        shapes = " and ".join(str(np.shape(part)) for part in parts)
        raise ValueError(f"the shapes {shapes} don't fit together along axis {axis}")
    return np.concatenate(parts, axis=axis)


def _derivative(position: int) -> Derivative:
    def rule(g: Quantity, _out: Quantity, *parts: Quantity, axis: int = 0) -> Expression:
        start = sum(part.shape[axis] for part in parts[:position])
        length = parts[position].shape[axis]
        rank = len(parts[position].shape)
        if rank == 1:
            return apply("section", g, start=start, length=length)
        along = axis % rank
        at = (*(0, 0, 0, 1) * along, START | STOP, start, start + length, 1)
        return apply("part", g, at=at)

    return rule


def _latex(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    return rf"[{'; '.join(operand.text for operand in operands)}]", Binds.ATOM


OPERATION = Operation(
    name="concat",
    subject="arrays",
    compute=_concat,
    doc="Its operands, vectors or arrays, one after another, along the first axis or `axis=`.",
    form="list",
    latex=_latex,
    arity=(1, 50),
    derivatives=_derivative,
    params={"axis": WHOLE},
    copies=True,
    examples=(
        Example(([1.0, 2.0], [3.0]), [1.0, 2.0, 3.0]),
        Example(([[1.0], [2.0]], [[3.0], [4.0]]), [[1.0, 3.0], [2.0, 4.0]], {"axis": 1}),
    ),
    mistakes=(
        Mistake(
            id="concatenated-in-other-order",
            says="The vectors are joined in the other order.",
            forward=lambda *parts, axis=0: _concat(*parts[::-1], axis=axis),
            commonness="common",
            example=Example(([1.0, 2.0], [3.0]), [3.0, 1.0, 2.0]),
        ),
    ),
)
