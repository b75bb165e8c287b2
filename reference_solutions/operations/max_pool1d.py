"""Max pooling along a sequence: ``max_pool1d(x, size=2)``, the largest entry of each window.

Like :mod:`reference_solutions.operations.max_pool2d` with one axis: the input is (n,), or has its
channels as ``layout="lc"`` (n, c) or ``"cl"`` (c, n) says.
"""

from __future__ import annotations

from reference_solutions.operations.max_pool2d import max_pool_derivative, max_pool_mistakes
from reference_solutions.operations.operation import Example, Operation
from reference_solutions.operations.pooling import CONSTANTS, largest, pooling

_X = [1.0, 6.0, 3.0, 2.0]
_ODD = [1.0, 2.0, 5.0]
_DEEP = [[1.0, 7.0], [3.0, 5.0]]
_NEGATIVE = [-4.0, -8.0]

OPERATION = Operation(
    name="max_pool1d",
    subject="convolution and pooling",
    compute=pooling(1, largest),
    doc=(
        "max_pool1d(x, size=2): the largest entry of each window of a sequence, channel by "
        "channel; `stride=` (the size), `padding=0`, `dilation=1`, `ceil_mode=False`, "
        '`layout="lc"` or `"cl"`.'
    ),
    latex=r"\operatorname{{maxpool}}({0})",
    derivatives=(max_pool_derivative(1),),
    params=CONSTANTS,
    examples=(
        Example((_X,), [6.0, 3.0]),
        Example((_X,), [6.0, 6.0, 3.0], {"stride": 1}),
        Example((_ODD,), [2.0]),
        Example((_DEEP,), [[3.0, 7.0]]),
        Example((_DEEP,), [[7.0], [5.0]], {"layout": "cl"}),
        Example((_NEGATIVE,), [-4.0, -8.0], {"padding": 1}),
        Example((_ODD,), [2.0, 5.0], {"ceil_mode": True}),
        Example((_X,), [3.0, 6.0], {"dilation": 2, "stride": 1}),
    ),
    mistakes=max_pool_mistakes(
        1,
        "pool1d",
        {
            "average": Example((_X,), [3.5, 2.5]),
            "min": Example((_X,), [1.0, 2.0]),
            "stride-one": Example((_X,), [6.0, 6.0, 3.0]),
            "stride-of-window": Example((_X,), [6.0, 3.0], {"stride": 1}),
            "padding-ignored": Example((_X,), [6.0, 3.0], {"padding": 1}),
            "partial-windows": Example((_ODD,), [2.0, 5.0]),
            "zero-padding": Example((_NEGATIVE,), [0.0, 0.0], {"padding": 1}),
            "across-channels": Example((_DEEP,), [[7.0, 7.0]]),
            "gradient-shared": Example(([1.0, 2.0],), [2.0, 2.0], gradient=[4.0]),
            "gradient-to-all": Example(([1.0, 2.0],), [4.0, 4.0], gradient=[4.0]),
        },
    ),
)
