"""How many parameters batch normalisation has: gamma and beta for each feature, 2 f.

``moving=True`` counts the moving mean and variance as well, which are kept and not learnt: 4 f
(Ioffe and Szegedy, 2015; Keras counts them as non-trainable). After a convolution a feature is a
channel.
"""

from __future__ import annotations

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.parameter import FLAG


def _count(features: Array, moving: bool = False) -> Array:
    return (4 if moving else 2) * features


def _other(features: Array, moving: bool = False) -> Array:
    return _count(features, not moving)


OPERATION = Operation(
    name="batch_norm_parameters",
    subject="shapes and counts",
    compute=_count,
    doc=(
        "batch_norm_parameters(features): gamma and beta, 2 f; `moving=True` counts the moving "
        "mean and variance as well, 4 f."
    ),
    latex="",
    derivatives=lambda _position: None,
    params={"moving": FLAG},
    value_range=NEVER_NEGATIVE,
    examples=(Example((32.0,), 64.0), Example((32.0,), 128.0, {"moving": True})),
    mistakes=(
        Mistake(
            id="batch-norm-parameters-moving-statistics",
            says=(
                "What is learnt is gamma and beta, two for each feature; the moving mean and "
                "variance are counted apart (look which of the two the sheet asks for)."
            ),
            forward=_other,
            commonness="common",
            example=Example((32.0,), 128.0),
        ),
        Mistake(
            id="batch-norm-parameters-one-for-each-feature",
            says="Each feature has a scale gamma and a shift beta; you counted one of them.",
            forward=lambda features, moving=False: 1.0 * features,
            commonness="common",
            used="{0}",
            example=Example((32.0,), 32.0),
        ),
        Mistake(
            id="batch-norm-parameters-shared",
            says="Each feature has a gamma and a beta of its own; you counted one pair for all.",
            forward=lambda features, moving=False: (
                4.0 + 0 * features if moving else 2.0 + 0 * features
            ),
            used="2",
            example=Example((32.0,), 2.0),
        ),
        Mistake(
            id="batch-norm-parameters-none",
            says="The scale gamma and the shift beta are learnt: two for each feature.",
            forward=lambda features, moving=False: 0.0 * features,
            used="0",
            example=Example((32.0,), 0.0),
        ),
    ),
)
