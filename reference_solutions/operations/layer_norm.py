"""Layer normalisation: ``layer_norm(x, gamma, beta)``, each example over its features (last axis).

gamma (x - mean) / sqrt(var + eps) + beta with the variance divided by the number of features (Ba,
Kiros and Hinton, Layer Normalization, 2016; eps as PyTorch and others add it). The rows of x are
the examples or tokens; a vector is one of them. gamma and beta are an entry for each feature, or
numbers, or left out.
"""

from __future__ import annotations

from reference_solutions.operations.normalisation import (
    normalisation,
    normalised_by_hand,
    to_beta,
    to_gamma,
    to_input,
)
from reference_solutions.operations.normalisation_mistakes import normalisation_mistakes
from reference_solutions.operations.operation import Example, Operation
from reference_solutions.operations.parameter import REAL

_X = [[1.0, 3.0], [10.0, 20.0]]
_GAMMA = [2.0, 1.0]
_BETA = [0.0, 5.0]
_ALL = (_X, _GAMMA, _BETA)
_ROOT2 = 2.0**0.5
_ROOT = (26 / 3 + 1e-5) ** 0.5
_NO_EPS = {"eps": 0.0}
_VECTOR = ([1.0, 5.0], _GAMMA, _BETA)

OPERATION = Operation(
    name="layer_norm",
    subject="normalisation",
    compute=normalisation("layer_norm", -1),
    doc=(
        "layer_norm(x, gamma, beta): each row less its mean, divided by sqrt(variance + eps), "
        "times gamma plus beta; `eps=1e-5`."
    ),
    latex=r"\operatorname{{LN}}({0})",
    arity=(1, 3),
    derivatives=(to_input(-1), to_gamma(-1), to_beta),
    params={"eps": REAL},
    by_hand=normalised_by_hand(-1),
    examples=(
        Example(_ALL, [[-2.0, 6.0], [-2.0, 6.0]], _NO_EPS),
        Example(([1.0, 3.0],), [-0.5, 0.5], {"eps": 3.0}),
        Example(([1.0, 3.0, 8.0],), [-3 / _ROOT, -1 / _ROOT, 4 / _ROOT]),
        Example(
            ([[1.0, 4.0, 7.0], [2.0, 1.0, 6.0]], [2.0, 1.0, 3.0], 1.0),
            [
                [1 - 6 / 6**0.5, 1.0, 1 + 9 / 6**0.5],
                [1 - 2 / (14 / 3) ** 0.5, 1 - 2 / (14 / 3) ** 0.5, 1 + 9 / (14 / 3) ** 0.5],
            ],
            _NO_EPS,
        ),
    ),
    mistakes=normalisation_mistakes(
        "layer_norm",
        -1,
        "over the features of each example by itself",
        {
            "one-less": Example(_VECTOR, [-_ROOT2, 5 + 1 / _ROOT2], _NO_EPS),
            "other-axis": Example((_X,), [[-1.0, -1.0], [1.0, 1.0]], _NO_EPS),
            "everything": Example(
                ([[1.0, 3.0], [1.0, 7.0]],),
                [[-2 / 6**0.5, 0.0], [-2 / 6**0.5, 4 / 6**0.5]],
                _NO_EPS,
            ),
            "no-eps": Example(([1.0, 3.0],), [-1.0, 1.0], {"eps": 3.0}),
            "eps-outside": Example(([1.0, 3.0],), [-0.25, 0.25], {"eps": 3.0}),
            "by-variance": Example(([1.0, 5.0],), [-0.5, 0.5], _NO_EPS),
            "not-centred": Example(([1.0, 5.0],), [0.5, 2.5], _NO_EPS),
            "only-centred": Example(([1.0, 5.0],), [-2.0, 2.0], _NO_EPS),
            "no-gamma": Example(_VECTOR, [-1.0, 6.0], _NO_EPS),
            "no-beta": Example(_VECTOR, [-2.0, 1.0], _NO_EPS),
            "neither": Example(_VECTOR, [-1.0, 1.0], _NO_EPS),
            "exchanged": Example(_VECTOR, [2.0, 6.0], _NO_EPS),
            "fixed": Example(([1.0, 5.0],), [0.5, 0.0], _NO_EPS, gradient=[1.0, 0.0]),
            "unscaled": Example(
                ([1.0, 5.0], 3.0),
                [3 / 14 / 7**0.5, -3 / 14 / 7**0.5],
                {"eps": 3.0},
                gradient=[1.0, 0.0],
            ),
            "gamma-gradient": Example(
                ([1.0, 5.0], _GAMMA), [1.0, 10.0], _NO_EPS, gradient=[1.0, 2.0], position=1
            ),
        },
    ),
)
