"""How many parameters a fully connected layer has: ``dense_parameters(inputs, outputs)``.

A weight for each pair and a bias for each output: n m + m (none with ``bias=False``).
"""

from __future__ import annotations

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import FLAG


def _count(inputs: Array, outputs: Array, bias: bool = True) -> Array:
    return inputs * outputs + (outputs if bias else 0)


def _without_bias(inputs: Array, outputs: Array, bias: bool = True) -> Array:
    if not bias:
        raise ValueError("this layer has no biases")
    return inputs * outputs


def _bias_for_inputs(inputs: Array, outputs: Array, bias: bool = True) -> Array:
    if not bias:
        raise ValueError("this layer has no biases")
    return inputs * outputs + inputs


def _one_bias(inputs: Array, outputs: Array, bias: bool = True) -> Array:
    if not bias:
        raise ValueError("this layer has no biases")
    return inputs * outputs + 1


def _bias_counted(inputs: Array, outputs: Array, bias: bool = True) -> Array:
    if bias:
        raise ValueError("this layer has biases")
    return inputs * outputs + outputs


OPERATION = Operation(
    name="dense_parameters",
    subject="shapes and counts",
    compute=_count,
    doc="dense_parameters(inputs, outputs): n m weights and m biases (`bias=False`: none).",
    latex="",
    arity=(2, 2),
    derivatives=lambda _position: None,
    params={"bias": FLAG},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((4.0, 3.0), 15.0),
        Example((4.0, 3.0), 12.0, {"bias": False}),
    ),
    mistakes=(
        Mistake(
            id="dense-parameters-without-biases",
            says="The biases are missing: one for each output.",
            forward=_without_bias,
            commonness="very_common",
            used=r"{0} \cdot {1}",
            example=Example((4.0, 3.0), 12.0),
        ),
        Mistake(
            id="dense-parameters-bias-for-each-input",
            says="There is a bias for each output; you counted one for each input.",
            forward=_bias_for_inputs,
            used=r"{0} \cdot {1} + {0}",
            example=Example((4.0, 3.0), 16.0),
        ),
        Mistake(
            id="dense-parameters-single-bias",
            says="There is a bias for each output; you counted one for the whole layer.",
            forward=_one_bias,
            used=r"{0} \cdot {1} + 1",
            example=Example((4.0, 3.0), 13.0),
        ),
        Mistake(
            id="dense-parameters-biases-counted",
            says="This layer has no biases; you counted one for each output.",
            forward=_bias_counted,
            commonness="common",
            used=r"{0} \cdot {1} + {1}",
            example=Example((4.0, 3.0), 15.0, {"bias": False}),
        ),
        Mistake(
            id="dense-parameters-sizes-added",
            says="Every input has a weight to every output: multiply the sizes, don't add them.",
            forward=lambda inputs, outputs, bias=True: inputs + outputs + (outputs if bias else 0),
            commonness="rare",
            used="{0} + {1} + {1}",
            example=Example((4.0, 3.0), 10.0),
        ),
    ),
)
