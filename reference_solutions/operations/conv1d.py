"""The convolution of a network's layer along a sequence: ``conv1d(x, kernels, bias)``.

Like :mod:`reference_solutions.operations.conv2d` with one axis: the kernel is not flipped, and the
products are added up over the channels. An input (n,) takes a kernel (k,); with channels the layout
is ``"lc"`` (x (n, c), kernels (k, c, filters) or (k, c)) or ``"cl"`` (x (c, n), kernels
(filters, c, k) or (c, k)).
"""

from __future__ import annotations

from reference_solutions.operations.convolution import (
    CONSTANTS,
    convolution,
    convolution_derivatives,
    convolution_mistakes,
)
from reference_solutions.operations.operation import Example, Operation

_X = [1.0, 2.0, 0.0, 3.0, -1.0]
_K = [2.0, 0.0, 1.0]
_DEEP = [[1.0, 2.0], [0.0, 1.0]]
_DEEP_K = [[1.0, 3.0], [2.0, -1.0]]

OPERATION = Operation(
    name="conv1d",
    subject="convolution and pooling",
    compute=convolution(1),
    doc=(
        "conv1d(x, kernels) or conv1d(x, kernels, bias): the kernels laid along a sequence without "
        "being flipped, products added up over its channels; `stride=1`, `padding=0`, "
        '`dilation=1`, `layout="lc"` or `"cl"`.'
    ),
    latex="",
    arity=(2, 3),
    derivatives=convolution_derivatives(1),
    params=CONSTANTS,
    examples=(
        Example((_X, _K), [2.0, 7.0, -1.0]),
        Example((_X, _K, 10.0), [12.0, 17.0, 9.0]),
        Example((_X, _K), [2.0, 7.0, 6.0], {"stride": 2, "padding": 1}),
        Example((_X, _K), [1.0], {"dilation": 2}),
        Example((_DEEP, _DEEP_K), [6.0]),
        Example((_DEEP, [[[1.0, 0.0], [3.0, 1.0]]], [0.0, 1.0]), [[7.0, 3.0], [3.0, 2.0]]),
        Example(
            ([[1.0, 0.0], [2.0, 1.0]], [[[1.0], [3.0]], [[0.0], [1.0]]], [0.0, 1.0]),
            [[7.0, 3.0], [3.0, 2.0]],
            {"layout": "cl"},
        ),
    ),
    mistakes=convolution_mistakes(
        1,
        "conv1d",
        {
            "kernel-flipped": Example((_X, _K), [1.0, 8.0, -2.0]),
            "bias-left-out": Example((_X, _K, 10.0), [2.0, 7.0, -1.0]),
            "bias-for-each-channel": Example((_DEEP, _DEEP_K, 10.0), [26.0]),
            "bias-for-each-product": Example((_X, _K, 10.0), [32.0, 37.0, 29.0]),
            "stride-ignored": Example((_X, _K), [2.0, 7.0, -1.0], {"stride": 2}),
            "padding-ignored": Example((_X, _K), [2.0, 7.0, -1.0], {"padding": 1}),
            "padded-to-same-size": Example((_X, _K), [2.0, 2.0, 7.0, -1.0, 6.0]),
            "dilation-ignored": Example((_X, _K), [2.0, 7.0, -1.0], {"dilation": 2}),
            "first-channel-only": Example((_DEEP, _DEEP_K), [1.0]),
            "one-kernel-plane-for-all": Example((_DEEP, _DEEP_K), [5.0]),
            "channels-not-summed": Example((_DEEP, _DEEP_K), [[1.0, 5.0]]),
            "channels-averaged": Example((_DEEP, _DEEP_K), [3.0]),
            "input-gradient": Example(([1.0, 2.0], [5.0, 7.0]), [7.0, 5.0], gradient=[1.0]),
            "bias-gradient": Example((_X, _K, 10.0), 2.0, gradient=[1.0, 2.0, 3.0], position=2),
        },
    ),
)
