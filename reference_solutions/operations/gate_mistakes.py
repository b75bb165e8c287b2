"""The mistakes that people make with the number of parameters of any cell with gates."""

from __future__ import annotations

from reference_solutions.operations.operation import Example, Mistake
from reference_solutions.operations.rnn_parameters import (
    bias_once,
    with_biases,
    without_input,
    without_state,
)


def gate_mistakes(
    cell: str, gates: int, blocks: str, counts: tuple[float, float, float, float, float, float]
) -> tuple[Mistake, ...]:
    """Make the mistakes of a cell with so many blocks of weights; ``blocks`` is that in words.

    ``counts`` are what they give for 3 inputs and 4 hidden units.
    """
    without, one, two, once, no_state, no_input = counts
    return (
        Mistake(
            id=f"{cell}-parameters-without-biases",
            says=(
                f"The biases are missing: one for each hidden unit in each of the {blocks} blocks."
            ),
            forward=with_biases(gates, 1, 0),
            commonness="common",
            used=rf"{gates} \cdot {{1}} \cdot ({{0}} + {{1}})",
            example=Example((3.0, 4.0), without),
        ),
        Mistake(
            id=f"{cell}-parameters-one-bias-vector",
            says=(
                "Each block has two vectors of biases here, one with each matrix; you counted one."
            ),
            forward=with_biases(gates, 1, 1),
            commonness="common",
            used=rf"{gates} \cdot {{1}} \cdot ({{0}} + {{1}} + 1)",
            example=Example((3.0, 4.0), one, {"biases": 2}),
        ),
        Mistake(
            id=f"{cell}-parameters-two-bias-vectors",
            says="Each block has one vector of biases here; you counted two.",
            forward=with_biases(gates, 1, 2),
            commonness="common",
            used=rf"{gates} \cdot {{1}} \cdot ({{0}} + {{1}} + 2)",
            example=Example((3.0, 4.0), two),
        ),
        Mistake(
            id=f"{cell}-parameters-biases-of-one-block",
            says=(
                f"Each of the {blocks} blocks has biases of its own; you counted those of one "
                "block."
            ),
            forward=bias_once(gates, 1),
            used=rf"{gates} \cdot {{1}} \cdot ({{0}} + {{1}}) + {{1}}",
            example=Example((3.0, 4.0), once),
        ),
        Mistake(
            id=f"{cell}-parameters-recurrent-weights-forgotten",
            says=(
                "The weights from the previous state are missing: hidden times hidden in each "
                "block."
            ),
            forward=without_state(gates, 1),
            commonness="common",
            used=rf"{gates} \cdot {{1}} \cdot ({{0}} + 1)",
            example=Example((3.0, 4.0), no_state),
        ),
        Mistake(
            id=f"{cell}-parameters-input-weights-forgotten",
            says="The weights from the input are missing: hidden times inputs in each block.",
            forward=without_input(gates, 1),
            used=rf"{gates} \cdot {{1}} \cdot ({{1}} + 1)",
            example=Example((3.0, 4.0), no_input),
        ),
    )
