"""A part of an array by entries and ranges, an axis each: ``R[0:1]``, ``X[:, 1]``, ``x[t:t+3]``.

``at`` has four numbers for each axis: which of start, stop and an entry are given (1, 2 and 4 added
up), the start or the entry, the stop, the step. As in Python a range ends before its stop, negative
numbers count from the end, and a range is cut off at the end of the array.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from reference_solutions.expressions.printing import subscripted
from reference_solutions.expressions.tree import Index, apply
from reference_solutions.operations.operation import Example, Operation, Values
from reference_solutions.operations.parameter import INDICES, required

START, STOP, ENTRY = 1, 2, 4


def subscripts(at: Sequence[int], shape: Sequence[int]) -> tuple[slice | int, ...]:
    """Return a part as numpy takes it. Raises ValueError for one that the array doesn't have."""
    found: list[slice | int] = []
    if len(at) != 4 * (len(at) // 4) or len(at) // 4 > len(shape):
        raise ValueError(f"{len(at) // 4} subscripts for a quantity of shape {tuple(shape)}")
    for axis, size in zip(range(len(at) // 4), shape, strict=False):
        given, start, stop, step = at[4 * axis : 4 * axis + 4]
        if given & ENTRY:
            if not -size <= start < size:
                raise ValueError(f"index {start} is outside of a quantity of shape {tuple(shape)}")
            found.append(start)
            continue
        if not step:
            raise ValueError("the step of a range is not 0")
        part = slice(start if given & START else None, stop if given & STOP else None, step)
        if not range(*part.indices(size)):
            raise ValueError(f"the range is empty for a quantity of shape {tuple(shape)}")
        found.append(part)
    return tuple(found)


def _part(x: Values, at: Sequence[int]) -> Values:
    return np.asarray(x)[subscripts(at, np.shape(x))]


def _many(x: Values, at: Sequence[int]) -> Values:
    return x[(slice(None), *subscripts(at, x.shape[1:]))]


def _written(params: Mapping[str, object]) -> str:
    at = params.get("at", ())
    return ", ".join(_axes(at)) if isinstance(at, tuple) else ""


def _axes(at: Sequence[int | Index]) -> Iterator[str]:
    for axis in range(len(at) // 4):
        given, start, stop, step = at[4 * axis : 4 * axis + 4]
        assert isinstance(given, int)
        if given & ENTRY:
            yield str(start)
            continue
        text = f"{start if given & START else ''}:{stop if given & STOP else ''}"
        yield text if step == 1 else f"{text}:{step}"


OPERATION = Operation(
    name="part",
    subject="arrays",
    compute=_part,
    doc="The part of an array at entries and ranges, as in `X[:, 1]` or `R[0:2]`.",
    latex=subscripted(_written, latex=True),
    text=subscripted(_written),
    derivatives=(lambda g, _out, x, at: apply("place", g, at=at, shape=x.shape),),
    public=False,
    params={"at": required(INDICES)},
    many=_many,
    copies=True,
    written="x[0:2, 1]",
    examples=(
        Example(([1.0, 2.0, 3.0],), [2.0, 3.0], {"at": (1, 1, 0, 1)}),
        Example(([[1.0, 2.0], [3.0, 4.0]],), [2.0, 4.0], {"at": (0, 0, 0, 1, 4, 1, 0, 1)}),
        Example(([1.0, 2.0, 3.0, 4.0],), [1.0, 3.0], {"at": (0, 0, 0, 2)}),
    ),
)
