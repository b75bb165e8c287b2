"""How many parameters a recurrent cell has: ``rnn_parameters(inputs, hidden)``.

Weights from the input and from the state, and a bias for each unit: h (n + h) + h. ``biases=2``
counts two vectors, one with each matrix, as PyTorch and cuDNN keep them; ``biases=0`` none. The
output layer is not part of the cell (see ``dense_parameters``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import WHOLE


def recurrent(gates: int, default: int) -> Callable[..., Array]:
    """Count the parameters of a cell with so many blocks of weights, and bias vectors in each."""

    def count(inputs: Array, hidden: Array, biases: int = default) -> Array:
        if biases not in (0, 1, 2):
            raise ValueError(f"`biases` is 0, 1 or 2, got {biases}")
        return gates * hidden * (inputs + hidden + biases)

    return count


def with_biases(gates: int, default: int, wrong: int) -> Callable[..., Array]:
    """Count another number of bias vectors than the right one."""

    def count(inputs: Array, hidden: Array, biases: int = default) -> Array:
        if biases == wrong:
            raise ValueError("that is the right number of bias vectors")
        return np.asarray(recurrent(gates, default)(inputs, hidden, wrong))

    return count


def without_state(gates: int, default: int) -> Callable[..., Array]:
    """Leave out the weights from the state; elementwise, as the right count is."""

    def count(inputs: Array, hidden: Array, biases: int = default) -> Array:
        return gates * hidden * (inputs + biases)

    return count


def without_input(gates: int, default: int) -> Callable[..., Array]:
    """Leave out the weights from the input; elementwise."""

    def count(_inputs: Array, hidden: Array, biases: int = default) -> Array:
        return gates * hidden * (hidden + biases)

    return count


def bias_once(gates: int, default: int) -> Callable[..., Array]:
    """Count the biases of one block; elementwise."""

    def count(inputs: Array, hidden: Array, biases: int = default) -> Array:
        if biases == 0:
            raise ValueError("this cell has no biases")
        return gates * hidden * (inputs + hidden) + biases * hidden

    return count


OPERATION = Operation(
    name="rnn_parameters",
    subject="shapes and counts",
    compute=recurrent(1, 1),
    doc=(
        "rnn_parameters(inputs, hidden): h (n + h) weights and h biases (`biases=2`: two vectors "
        "of them, `biases=0`: none)."
    ),
    latex="",
    arity=(2, 2),
    derivatives=lambda _position: None,
    params={"biases": WHOLE},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((3.0, 4.0), 32.0),
        Example((3.0, 4.0), 36.0, {"biases": 2}),
        Example((3.0, 4.0), 28.0, {"biases": 0}),
    ),
    mistakes=(
        Mistake(
            id="rnn-parameters-without-biases",
            says="The biases are missing: one for each hidden unit.",
            forward=with_biases(1, 1, 0),
            commonness="common",
            used=r"{1} \cdot ({0} + {1})",
            example=Example((3.0, 4.0), 28.0),
        ),
        Mistake(
            id="rnn-parameters-one-bias-vector",
            says="There are two vectors of biases here, one with each matrix; you counted one.",
            forward=with_biases(1, 1, 1),
            used=r"{1} \cdot ({0} + {1}) + {1}",
            example=Example((3.0, 4.0), 32.0, {"biases": 2}),
        ),
        Mistake(
            id="rnn-parameters-two-bias-vectors",
            says="There is one vector of biases here; you counted two.",
            forward=with_biases(1, 1, 2),
            used=r"{1} \cdot ({0} + {1}) + 2 \cdot {1}",
            example=Example((3.0, 4.0), 36.0),
        ),
        Mistake(
            id="rnn-parameters-recurrent-weights-forgotten",
            says="The weights from the previous state are missing: hidden times hidden.",
            forward=without_state(1, 1),
            commonness="common",
            used=r"{1} \cdot {0} + {1}",
            example=Example((3.0, 4.0), 16.0),
        ),
        Mistake(
            id="rnn-parameters-input-weights-forgotten",
            says="The weights from the input are missing: hidden times inputs.",
            forward=without_input(1, 1),
            used=r"{1} \cdot {1} + {1}",
            example=Example((3.0, 4.0), 20.0),
        ),
        Mistake(
            id="rnn-parameters-input-by-input",
            says="The state's matrix is hidden by hidden; you counted inputs by inputs.",
            forward=lambda inputs, hidden, biases=1: hidden * inputs + inputs**2 + biases * hidden,
            commonness="rare",
            used=r"{1} \cdot {0} + {0} \cdot {0} + {1}",
            example=Example((3.0, 4.0), 25.0),
        ),
    ),
)
