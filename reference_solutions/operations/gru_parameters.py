"""How many parameters a GRU cell has: ``gru_parameters(inputs, hidden)``.

Two gates and the candidate make three blocks of weights (Cho et al., 2014): 3 h (n + h + 1).
``biases=2`` counts two bias vectors in each block, as PyTorch, cuDNN and Keras (``reset_after``)
keep them; ``biases=0`` none.
"""

from __future__ import annotations

from reference_solutions.operations.gate_mistakes import gate_mistakes
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import WHOLE
from reference_solutions.operations.rnn_parameters import recurrent

OPERATION = Operation(
    name="gru_parameters",
    subject="shapes and counts",
    compute=recurrent(3, 1),
    doc=(
        "gru_parameters(inputs, hidden): 3 times h (n + h) weights and h biases (`biases=2`: two "
        "vectors of biases, `biases=0`: none)."
    ),
    latex="",
    arity=(2, 2),
    derivatives=lambda _position: None,
    params={"biases": WHOLE},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((3.0, 4.0), 96.0),
        Example((3.0, 4.0), 108.0, {"biases": 2}),
        Example((3.0, 4.0), 84.0, {"biases": 0}),
    ),
    mistakes=(
        Mistake(
            id="gru-parameters-four-blocks",
            says=(
                "A GRU has three blocks of weights: two gates and the candidate; you counted four."
            ),
            forward=recurrent(4, 1),
            commonness="common",
            used=r"4 \cdot {1} \cdot ({0} + {1} + 1)",
            example=Example((3.0, 4.0), 128.0),
        ),
        Mistake(
            id="gru-parameters-two-blocks",
            says=(
                "A GRU has three blocks of weights: two gates and the candidate; you counted the "
                "gates."
            ),
            forward=recurrent(2, 1),
            commonness="common",
            used=r"2 \cdot {1} \cdot ({0} + {1} + 1)",
            example=Example((3.0, 4.0), 64.0),
        ),
        Mistake(
            id="gru-parameters-single-block",
            says="A GRU has three blocks of weights: two gates and the candidate; you counted one.",
            forward=recurrent(1, 1),
            commonness="occasional",
            used=r"1 \cdot {1} \cdot ({0} + {1} + 1)",
            example=Example((3.0, 4.0), 32.0),
        ),
        *gate_mistakes("gru", 3, "three", (84.0, 96.0, 108.0, 88.0, 48.0, 60.0)),
    ),
)
