"""The columns of a matrix shared out over attention heads: (n, d) becomes (heads, n, d / heads).

Head i takes the i-th run of d / heads columns (Vaswani et al., Attention Is All You Need, 2017,
section 3.2.2, with the projections of all heads side by side in one matrix, as it is programmed).
"""

from __future__ import annotations

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.parameter import WHOLE, required


def split(x: Array, heads: int) -> Array:
    """Split the columns of ``x`` into runs: (rows, heads d) gives (heads, rows, d).

    Raises ValueError where the columns don't divide, or ``x`` is no matrix.
    """
    if np.ndim(x) != 2:
        raise ValueError(f"heads are split from a matrix, got shape {np.shape(x)}")
    rows, columns = np.shape(x)
    if heads < 1 or columns % heads:
        raise ValueError(f"{columns} columns can't be shared out over {heads} heads")
    return np.swapaxes(np.reshape(x, (rows, heads, columns // heads)), 0, 1)


def _interleaved(x: Array, heads: int) -> Array:
    split(x, heads)
    return np.moveaxis(np.reshape(x, (len(x), -1, heads)), -1, 0)


def _reshaped(x: Array, heads: int) -> Array:
    split(x, heads)
    return np.reshape(x, (heads, len(x), -1))


OPERATION = Operation(
    name="split_heads",
    subject="attention",
    compute=split,
    doc="split_heads(X, heads=h): the columns of a matrix shared out over h heads, (h, n, d/h).",
    latex=r"\operatorname{{split}}({0})",
    derivatives=(lambda g, _out, _x, heads: apply("merge_heads", g),),
    params={"heads": required(WHOLE)},
    examples=(
        Example(
            ([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]],),
            [[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]],
            {"heads": 2},
        ),
    ),
    mistakes=(
        Mistake(
            id="heads-interleaved",
            says="Head 1 takes the first run of columns; you dealt the columns out in turn.",
            forward=_interleaved,
            example=Example(([[1.0, 2.0, 3.0, 4.0]],), [[[1.0, 3.0]], [[2.0, 4.0]]], {"heads": 2}),
        ),
        Mistake(
            id="heads-split-across-rows",
            says=(
                "The heads share out the columns of each token; reading the matrix off in another "
                "shape mixes the tokens (split the columns, then bring the heads to the front)."
            ),
            forward=_reshaped,
            example=Example(
                ([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]],),
                [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]],
                {"heads": 2},
            ),
        ),
    ),
)
