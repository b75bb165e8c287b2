"""How many parameters an embedding has: ``width`` numbers for each entry of a vocabulary."""

from __future__ import annotations

from reference_solutions.arrays import Array
from reference_solutions.expressions.printing import Binds
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation


def _count(vocabulary: Array, width: Array) -> Array:
    return vocabulary * width


OPERATION = Operation(
    name="embedding_parameters",
    subject="shapes and counts",
    compute=_count,
    doc="embedding_parameters(vocabulary, width): their product; an embedding has no biases.",
    latex=r"{0} \cdot {1}",
    arity=(2, 2),
    derivatives=lambda _position: None,
    binds=Binds.PRODUCT,
    value_range=NEVER_NEGATIVE,
    examples=(Example((1000.0, 16.0), 16000.0),),
    mistakes=(
        Mistake(
            id="embedding-parameters-with-biases",
            says="An embedding is a table and has no biases; you counted one for each column.",
            forward=lambda vocabulary, width: (vocabulary + 1) * width,
            commonness="common",
            used=r"({0} + 1) \cdot {1}",
            example=Example((1000.0, 16.0), 16016.0),
        ),
        Mistake(
            id="embedding-parameters-bias-for-each-entry",
            says="An embedding is a table and has no biases; you counted one for each entry.",
            forward=lambda vocabulary, width: vocabulary * (width + 1),
            used=r"{0} \cdot ({1} + 1)",
            example=Example((1000.0, 16.0), 17000.0),
        ),
        Mistake(
            id="embedding-parameters-single-row",
            says="That is one row: every entry of the vocabulary has a row of its own.",
            forward=lambda _vocabulary, width: width,
            used="{1}",
            example=Example((1000.0, 16.0), 16.0),
        ),
    ),
)
