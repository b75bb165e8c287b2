"""How many inputs one output sees, along one axis, through layers of convolution or pooling.

1 + the sum of (k - 1) times the product of the strides of the layers before (Araujo, Norris and
Sim, Computing Receptive Fields of Convolutional Neural Networks, 2019, eq. 2), a dilated kernel of
size k counting as d (k - 1) + 1.
"""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Example,
    Mistake,
    Operation,
    Values,
)


def _layers(*parts: Values) -> list[Values]:
    sizes = np.atleast_1d(np.asarray(parts[0], dtype=np.float64))
    found = [sizes]
    for part in parts[1:]:
        values = np.asarray(part, dtype=np.float64)
        if values.ndim > 1 or (values.ndim == 1 and len(values) != len(sizes)):
            raise ValueError("expected as many strides and dilations as kernels")
        found.append(np.broadcast_to(values, sizes.shape))
    if sizes.ndim != 1:
        raise ValueError("expected a size of the kernel for each layer")
    if any(np.any((one < 1) | (one != np.round(one))) for one in found):
        raise ValueError("sizes, strides and dilations are whole numbers from 1 on")
    return found


def _field(kernels: Values, strides: Values = 1.0, dilations: Values = 1.0) -> Values:
    size, stride, dilation = _layers(kernels, strides, dilations)
    before = np.cumprod(np.concatenate([[1.0], stride[:-1]]))
    return 1 + np.sum(dilation * (size - 1) * before)


def _own_stride(kernels: Values, strides: Values = 1.0, dilations: Values = 1.0) -> Values:
    size, stride, dilation = _layers(kernels, strides, dilations)
    return 1 + np.sum(dilation * (size - 1) * np.cumprod(stride))


OPERATION = Operation(
    name="receptive_field",
    subject="shapes and counts",
    compute=_field,
    doc=(
        "receptive_field(kernels), receptive_field(kernels, strides) or receptive_field(kernels, "
        "strides, dilations): how many inputs an output sees along an axis, from lists with a "
        "number for each layer, the first layer first."
    ),
    latex="",
    arity=(1, 3),
    derivatives=(None, None, None),
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(([3.0, 3.0, 3.0],), 7.0),
        Example(([3.0, 2.0, 3.0], [1.0, 2.0, 1.0]), 8.0),
        Example(([3.0, 3.0], 1.0, [1.0, 2.0]), 7.0),
    ),
    mistakes=(
        Mistake(
            id="receptive-field-strides-ignored",
            says="Behind a layer with a stride each step counts as often; the strides are missing.",
            forward=lambda kernels, strides=1.0, dilations=1.0: _field(kernels, 1.0, dilations),
            commonness="very_common",
            example=Example(([3.0, 2.0, 3.0], [1.0, 2.0, 1.0]), 6.0),
        ),
        Mistake(
            id="receptive-field-own-stride-counted",
            says="A layer's own stride only counts for the layers behind it.",
            forward=_own_stride,
            commonness="common",
            example=Example(([3.0, 2.0, 3.0], [1.0, 2.0, 1.0]), 9.0),
        ),
        Mistake(
            id="receptive-field-kernels-added",
            says="A further layer adds its size less one; you added the sizes.",
            forward=lambda kernels, strides=1.0, dilations=1.0: np.sum(kernels),
            commonness="common",
            example=Example(([3.0, 3.0, 3.0],), 9.0),
        ),
        Mistake(
            id="receptive-field-dilation-ignored",
            says="A dilated kernel reaches further: d (k - 1) + 1; the dilation is missing.",
            forward=lambda kernels, strides=1.0, dilations=1.0: _field(kernels, strides),
            example=Example(([3.0, 3.0], 1.0, [1.0, 2.0]), 5.0),
        ),
    ),
)
