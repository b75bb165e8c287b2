"""How many parameters layer normalisation has: a gain and a bias for each feature, 2 f.

Ba, Kiros and Hinton, Layer Normalization, 2016. There are no moving statistics.
"""

from __future__ import annotations

from reference_solutions.arrays import Array
from reference_solutions.expressions.printing import Binds
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation


def _count(features: Array) -> Array:
    return 2 * features


OPERATION = Operation(
    name="layer_norm_parameters",
    subject="shapes and counts",
    compute=_count,
    doc="layer_norm_parameters(features): gamma and beta, 2 f.",
    latex=r"2 \cdot {0}",
    derivatives=lambda _position: None,
    binds=Binds.PRODUCT,
    value_range=NEVER_NEGATIVE,
    examples=(Example((512.0,), 1024.0),),
    mistakes=(
        Mistake(
            id="layer-norm-parameters-moving-statistics",
            says="Layer normalisation keeps no moving mean and variance: gamma and beta alone.",
            forward=lambda features: 4.0 * features,
            commonness="common",
            used=r"4 \cdot {0}",
            example=Example((512.0,), 2048.0),
        ),
        Mistake(
            id="layer-norm-parameters-one-for-each-feature",
            says="Each feature has a scale gamma and a shift beta; you counted one of them.",
            forward=lambda features: 1.0 * features,
            commonness="common",
            used="{0}",
            example=Example((512.0,), 512.0),
        ),
        Mistake(
            id="layer-norm-parameters-shared",
            says="Each feature has a gamma and a beta of its own; you counted one pair for all.",
            forward=lambda features: 2.0 + 0 * features,
            used="2",
            example=Example((512.0,), 2.0),
        ),
        Mistake(
            id="layer-norm-parameters-none",
            says="The scale gamma and the shift beta are learnt: two for each feature.",
            forward=lambda features: 0.0 * features,
            used="0",
            example=Example((512.0,), 0.0),
        ),
    ),
)
