"""How many parameters a convolution has: ``conv_parameters(kh, kw, channels, filters)``.

Each filter spans all input channels and has one bias (none with ``bias=False``), and the same
weights serve every position: (kh kw c + 1) f. See Goodfellow, Bengio and Courville, Deep Learning,
2016, section 9.2, on the sharing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import FLAG


def _count(
    height: Array, width: Array, channels: Array, filters: Array, bias: bool = True
) -> Array:
    return height * width * channels * filters + (filters if bias else 0)


def _with_biases(biases: str) -> Callable[..., Array]:
    """Count the weights and a wrong number of biases."""

    def count(
        height: Array, width: Array, channels: Array, filters: Array, bias: bool = True
    ) -> Array:
        if not bias:
            raise ValueError("this layer has no biases")
        wrong: dict[str, Array | int] = {
            "none": 0,
            "one": 1,
            "plane": channels * filters,
            "weight": height * width * channels * filters,
            "position": height * width * filters,
            "channel": channels,
        }
        return np.asarray(height * width * channels * filters + wrong[biases])

    return count


def _bias_counted(
    height: Array, width: Array, channels: Array, filters: Array, bias: bool = True
) -> Array:
    if bias:
        raise ValueError("this layer has biases")
    return (height * width * channels + 1) * filters


OPERATION = Operation(
    name="conv_parameters",
    subject="shapes and counts",
    compute=_count,
    doc=(
        "conv_parameters(kh, kw, channels, filters): kh kw c weights and a bias for each filter "
        "(`bias=False`: none)."
    ),
    latex="",
    arity=(4, 4),
    derivatives=lambda _position: None,
    params={"bias": FLAG},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((5.0, 5.0, 3.0, 6.0), 456.0),
        Example((5.0, 5.0, 3.0, 6.0), 450.0, {"bias": False}),
        Example((3.0, 2.0, 4.0, 10.0), 250.0),
    ),
    mistakes=(
        Mistake(
            id="conv-parameters-without-biases",
            says="The biases are missing: one for each filter.",
            forward=_with_biases("none"),
            commonness="very_common",
            used=r"{0} \cdot {1} \cdot {2} \cdot {3}",
            example=Example((5.0, 5.0, 3.0, 6.0), 450.0),
        ),
        Mistake(
            id="conv-parameters-bias-for-each-plane",
            says=(
                "A filter has one bias, however many input channels it spans; you counted one each."
            ),
            forward=_with_biases("plane"),
            commonness="common",
            used=r"\left({0} \cdot {1} + 1\right) \cdot {2} \cdot {3}",
            example=Example((5.0, 5.0, 3.0, 6.0), 468.0),
        ),
        Mistake(
            id="conv-parameters-bias-for-each-weight",
            says="A filter has one bias; you counted one for each of its weights.",
            forward=_with_biases("weight"),
            commonness="rare",
            used=r"2 \cdot {0} \cdot {1} \cdot {2} \cdot {3}",
            example=Example((5.0, 5.0, 3.0, 6.0), 900.0),
        ),
        Mistake(
            id="conv-parameters-bias-for-each-place",
            says="A filter has one bias; you counted one for each place of the kernel.",
            forward=_with_biases("position"),
            commonness="rare",
            used=r"{0} \cdot {1} \cdot \left({2} + 1\right) \cdot {3}",
            example=Example((5.0, 5.0, 3.0, 6.0), 600.0),
        ),
        Mistake(
            id="conv-parameters-bias-for-each-channel",
            says="There is a bias for each filter; you counted one for each input channel.",
            forward=_with_biases("channel"),
            used=r"{0} \cdot {1} \cdot {2} \cdot {3} + {2}",
            example=Example((5.0, 5.0, 3.0, 6.0), 453.0),
        ),
        Mistake(
            id="conv-parameters-single-bias",
            says="There is a bias for each filter; you counted one for the whole layer.",
            forward=_with_biases("one"),
            used=r"{0} \cdot {1} \cdot {2} \cdot {3} + 1",
            example=Example((5.0, 5.0, 3.0, 6.0), 451.0),
        ),
        Mistake(
            id="conv-parameters-biases-counted",
            says="This layer has no biases; you counted one for each filter.",
            forward=_bias_counted,
            commonness="common",
            example=Example((5.0, 5.0, 3.0, 6.0), 456.0, {"bias": False}),
        ),
        Mistake(
            id="conv-parameters-input-channels-forgotten",
            says="Each filter spans all input channels: multiply by their number as well.",
            forward=lambda height, width, _channels, filters, bias=True: (
                height * width * filters + (filters if bias else 0)
            ),
            commonness="common",
            used=r"\left({0} \cdot {1} + 1\right) \cdot {3}",
            example=Example((5.0, 5.0, 3.0, 6.0), 156.0),
        ),
        Mistake(
            id="conv-parameters-filters-forgotten",
            says="That is one filter: multiply by the number of filters.",
            forward=lambda height, width, channels, _filters, bias=True: (
                height * width * channels + (1 if bias else 0)
            ),
            used=r"{0} \cdot {1} \cdot {2} + 1",
            example=Example((5.0, 5.0, 3.0, 6.0), 76.0),
        ),
        Mistake(
            id="conv-parameters-kernel-height-only",
            says="A kernel has height times width entries; you counted one of its sides.",
            forward=lambda height, _width, channels, filters, bias=True: (
                height * channels * filters + (filters if bias else 0)
            ),
            commonness="rare",
            used=r"\left({0} \cdot {2} + 1\right) \cdot {3}",
            example=Example((5.0, 5.0, 3.0, 6.0), 96.0),
        ),
    ),
)
