"""How many parameters an LSTM cell has: ``lstm_parameters(inputs, hidden)``.

Three gates and the candidate make four blocks of weights (Hochreiter and Schmidhuber, 1997, with
the forget gate of Gers, Schmidhuber and Cummins, 2000): 4 h (n + h + 1). ``biases=2`` counts two
bias vectors in each block, as PyTorch and cuDNN keep them; ``biases=0`` none.
"""

from __future__ import annotations

from reference_solutions.operations.gate_mistakes import gate_mistakes
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import WHOLE
from reference_solutions.operations.rnn_parameters import recurrent

OPERATION = Operation(
    name="lstm_parameters",
    subject="shapes and counts",
    compute=recurrent(4, 1),
    doc=(
        "lstm_parameters(inputs, hidden): 4 times h (n + h) weights and h biases (`biases=2`: two "
        "vectors of biases, `biases=0`: none)."
    ),
    latex="",
    arity=(2, 2),
    derivatives=lambda _position: None,
    params={"biases": WHOLE},
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((3.0, 4.0), 128.0),
        Example((3.0, 4.0), 144.0, {"biases": 2}),
        Example((3.0, 4.0), 112.0, {"biases": 0}),
    ),
    mistakes=(
        Mistake(
            id="lstm-parameters-three-blocks",
            says=(
                "An LSTM has four blocks of weights: three gates and the candidate; you counted "
                "three."
            ),
            forward=recurrent(3, 1),
            commonness="common",
            used=r"3 \cdot {1} \cdot ({0} + {1} + 1)",
            example=Example((3.0, 4.0), 96.0),
        ),
        Mistake(
            id="lstm-parameters-single-block",
            says=(
                "An LSTM has four blocks of weights: three gates and the candidate; you counted "
                "one."
            ),
            forward=recurrent(1, 1),
            commonness="occasional",
            used=r"1 \cdot {1} \cdot ({0} + {1} + 1)",
            example=Example((3.0, 4.0), 32.0),
        ),
        *gate_mistakes("lstm", 4, "four", (112.0, 128.0, 144.0, 116.0, 64.0, 80.0)),
    ),
)
