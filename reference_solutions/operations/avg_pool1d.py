"""Average pooling along a sequence: ``avg_pool1d(x, size=2)``, the mean of each window.

Like :mod:`reference_solutions.operations.avg_pool2d` with one axis: the input is (n,), or has its
channels as ``layout="lc"`` (n, c) or ``"cl"`` (c, n) says.
"""

from __future__ import annotations

from reference_solutions.operations.avg_pool2d import avg_pool_derivative, avg_pool_mistakes
from reference_solutions.operations.operation import Example, Operation
from reference_solutions.operations.pooling import AVERAGE_CONSTANTS, averaged, pooling

_X = [1.0, 5.0, 0.0, 4.0]
_ODD = [1.0, 2.0, 5.0]
_DEEP = [[1.0, 5.0], [3.0, 7.0]]
_TWO = [4.0, 8.0]

OPERATION = Operation(
    name="avg_pool1d",
    subject="convolution and pooling",
    compute=pooling(1, averaged),
    doc=(
        "avg_pool1d(x, size=2): the mean of each window of a sequence, channel by channel; "
        "`stride=` (the size), `padding=0`, `dilation=1`, `ceil_mode=False`, "
        '`count_padding=True`, `layout="lc"` or `"cl"`.'
    ),
    latex=r"\operatorname{{avgpool}}({0})",
    derivatives=(avg_pool_derivative(1),),
    params=AVERAGE_CONSTANTS,
    examples=(
        Example((_X,), [3.0, 2.0]),
        Example((_X,), [3.0, 2.5, 2.0], {"stride": 1}),
        Example((_ODD,), [1.5]),
        Example((_DEEP,), [[2.0, 6.0]]),
        Example((_DEEP,), [[3.0], [5.0]], {"layout": "cl"}),
        Example((_TWO,), [2.0, 4.0], {"padding": 1}),
        Example((_ODD,), [1.5, 5.0], {"ceil_mode": True}),
        Example((_X,), [0.5, 4.5], {"dilation": 2, "stride": 1}),
        Example((_TWO,), [4.0, 8.0], {"padding": 1, "count_padding": False}),
    ),
    mistakes=avg_pool_mistakes(
        1,
        "pool1d",
        {
            "max": Example((_X,), [5.0, 4.0]),
            "summed": Example((_X,), [6.0, 4.0]),
            "stride-one": Example((_X,), [3.0, 2.5, 2.0]),
            "stride-of-window": Example((_X,), [3.0, 2.0], {"stride": 1}),
            "padding-ignored": Example((_X,), [3.0, 2.0], {"padding": 1}),
            "partial-windows": Example((_ODD,), [1.5, 5.0]),
            "padding-counted-otherwise": Example((_TWO,), [4.0, 8.0], {"padding": 1}),
            "across-channels": Example((_DEEP,), [[4.0, 4.0]]),
            "gradient-not-shared": Example(([1.0, 2.0],), [1.0, 1.0], gradient=[1.0]),
        },
    ),
)
