"""The convolution of a network's layer in two dimensions: ``conv2d(x, kernels, bias)``.

The kernel is not flipped, and the products are added up over the input's channels
(:mod:`reference_solutions.operations.convolution`).

An input (h, w) takes a kernel (kh, kw). With channels the layout is ``"hwc"`` (x (h, w, c), kernels
(kh, kw, c, filters) or one kernel (kh, kw, c), result (oh, ow, filters) or (oh, ow); Keras) or
``"chw"`` (x (c, h, w), kernels (filters, c, kh, kw) or (c, kh, kw), result (filters, oh, ow);
PyTorch). The bias has an entry for each filter, or is a number where there is one kernel.
Stride, padding and dilation are a number or a pair.
"""

from __future__ import annotations

from reference_solutions.operations.convolution import (
    CONSTANTS,
    convolution,
    convolution_derivatives,
    convolution_mistakes,
)
from reference_solutions.operations.operation import Example, Operation

_X = [[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [4.0, 0.0, 1.0]]
_K = [[1.0, 2.0], [0.0, -1.0]]
_DEEP = [[[1.0, 2.0], [0.0, 1.0]], [[3.0, 0.0], [1.0, 1.0]]]
_DEEP_K = [[[1.0, 3.0], [2.0, 0.0]], [[0.0, 1.0], [1.0, -1.0]]]
_FILTERS = [[[[1.0, 0.0], [3.0, 1.0]], [[2.0, 1.0], [0.0, 0.0]]]]

OPERATION = Operation(
    name="conv2d",
    subject="convolution and pooling",
    compute=convolution(2),
    doc=(
        "conv2d(x, kernels) or conv2d(x, kernels, bias): the kernels laid on the input without "
        "being flipped, products added up over its channels; `stride=1`, `padding=0`, "
        '`dilation=1`, `layout="hwc"` or `"chw"`.'
    ),
    latex="",
    arity=(2, 3),
    derivatives=convolution_derivatives(2),
    params=CONSTANTS,
    examples=(
        Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]]),
        Example((_X, _K, 10.0), [[14.0, 9.0], [12.0, 16.0]]),
        Example((_X, _K), [[-1.0, 0.0], [-4.0, 6.0]], {"stride": 2, "padding": 1}),
        Example((_X, _K), [[0.0]], {"dilation": (2, 2)}),
        Example((_DEEP, _DEEP_K), [[7.0]]),
        Example(([[[1.0, 2.0], [0.0, 1.0]]], _FILTERS, [0.5, -1.0]), [[[7.5, 1.0]]]),
        Example(
            (
                [[[1.0, 0.0], [3.0, 1.0]], [[2.0, 1.0], [0.0, 1.0]]],
                [[[[1.0]], [[3.0]]], [[[0.0]], [[-1.0]]]],
                [0.0, 10.0],
            ),
            [[[7.0, 3.0], [3.0, 4.0]], [[8.0, 9.0], [10.0, 9.0]]],
            {"layout": "chw"},
        ),
    ),
    mistakes=convolution_mistakes(
        2,
        "conv2d",
        {
            "kernel-flipped": Example((_X, _K), [[0.0, 3.0], [8.0, 0.0]]),
            "kernel-transposed": Example((_X, _K), [[0.0, 1.0], [8.0, 0.0]]),
            "bias-left-out": Example((_X, _K, 10.0), [[4.0, -1.0], [2.0, 6.0]]),
            "bias-for-each-channel": Example((_DEEP, _DEEP_K, 10.0), [[27.0]]),
            "bias-for-each-product": Example((_X, _K, 10.0), [[44.0, 39.0], [42.0, 46.0]]),
            "stride-ignored": Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]], {"stride": 2}),
            "padding-ignored": Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]], {"padding": 1}),
            "padded-to-same-size": Example(
                ([[1.0, 2.0, 3.0]], [[1.0, 0.0, 2.0]]), [[4.0, 7.0, 2.0]]
            ),
            "dilation-ignored": Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]], {"dilation": 2}),
            "first-channel-only": Example((_DEEP, _DEEP_K), [[2.0]]),
            "one-kernel-plane-for-all": Example(([[[1.0, 2.0]]], [[[1.0, 3.0]]]), [[3.0]]),
            "channels-not-summed": Example((_DEEP, _DEEP_K), [[[2.0, 5.0]]]),
            "channels-averaged": Example((_DEEP, _DEEP_K), [[3.5]]),
            "input-gradient": Example(
                ([[1.0, 2.0], [3.0, 4.0]], _K), [[-1.0, 0.0], [2.0, 1.0]], gradient=[[1.0]]
            ),
            "bias-gradient": Example(
                (_X, _K, 10.0), 2.5, gradient=[[1.0, 2.0], [3.0, 4.0]], position=2
            ),
        },
    ),
)
