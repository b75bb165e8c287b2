"""Hard attention: ``hard_attention(q, K, V)`` is the value of the key that scores highest.

All weight on one place (Xu et al., Show, Attend and Tell, 2015, draw the place instead). The choice
has no derivative, the chosen value has one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.attention import OPERATION as ATTENTION
from reference_solutions.operations.attention_scores import products
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def _taking(choose: Callable[[Array], Array]) -> Callable[[Array, Array, Array], Array]:
    """Take the rows of the values that ``choose`` finds in the scores."""

    def compute(queries: Array, keys: Array, values: Array) -> Array:
        scores = products(queries, keys, 1)
        if np.ndim(values) != 2 or len(values) != len(keys):
            raise ValueError(
                f"attention needs a row of values for each of {len(keys)} keys, "
                f"got shape {np.shape(values)}"
            )
        return np.asarray(values[choose(scores)])

    return compute


def _soft(queries: Array, keys: Array, values: Array) -> Array:
    return np.asarray(ATTENTION.compute(queries, keys, values, scaled=False))


def _soft_scaled(queries: Array, keys: Array, values: Array) -> Array:
    return np.asarray(ATTENTION.compute(queries, keys, values))


def _key(queries: Array, keys: Array, values: Array) -> Array:
    _largest(queries, keys, values)
    return _largest(queries, keys, keys)


def _to_values(
    g: Quantity, _out: Quantity, queries: Quantity, keys: Quantity, _values: Quantity
) -> Expression:
    scores = apply("attention_scores", queries, keys, scaled=False)
    chosen = apply("one_hot", apply("argmax", scores), size=keys.shape[0])
    return apply("outer", chosen, g) if len(queries.shape) == 1 else chosen.T @ g


_largest = _taking(lambda scores: np.asarray(np.argmax(scores, axis=-1)))

_LN3 = 1.0986122886681098
_ONE = (
    [_LN3, 0.0, 0.0, 0.0],
    [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]],
    [[4.0, 0.0], [0.0, 8.0]],
)
_SCALED = 3.0**0.5

OPERATION = Operation(
    name="hard_attention",
    subject="attention",
    compute=_largest,
    doc=(
        "hard_attention(Q, K, V): for each query (row) the value whose key has the largest product."
    ),
    latex=r"{2}[\operatorname{{argmax}}({1}\,{0})]",
    arity=(3, 3),
    derivatives=(None, None, _to_values),
    examples=(
        Example(_ONE, [4.0, 0.0]),
        Example(
            ([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]], [[4.0], [5.0]]),
            [[4.0], [5.0], [4.0]],
        ),
    ),
    mistakes=(
        Mistake(
            id="soft-attention-for-hard",
            says=(
                "You took the weighted sum of all values (soft attention); hard attention takes "
                "the value of the key with the largest score alone."
            ),
            forward=_soft,
            commonness="common",
            used=r"\operatorname{{softmax}}({0}\left({1}\right)^{{\top}})\,{2}",
            example=Example(_ONE, [3.0, 2.0]),
        ),
        Mistake(
            id="scaled-soft-attention-for-hard",
            says=(
                "You took the weighted sum of all values (scaled soft attention); hard attention "
                "takes the value of the key with the largest score alone."
            ),
            forward=_soft_scaled,
            used=(
                r"\operatorname{{softmax}}\left("
                r"\frac{{{0}\left({1}\right)^{{\top}}}}{{\sqrt{{d}}}}\right){2}"
            ),
            example=Example(_ONE, [4 * _SCALED / (1 + _SCALED), 8 / (1 + _SCALED)]),
        ),
        Mistake(
            id="hard-attention-to-smallest-score",
            says="You took the value of the key with the smallest score; the largest wins.",
            forward=_taking(lambda scores: np.asarray(np.argmin(scores, axis=-1))),
            used=r"{2}[\operatorname{{argmin}}({1}\,{0})]",
            example=Example(_ONE, [0.0, 8.0]),
        ),
        Mistake(
            id="hard-attention-gives-key",
            says="That is the key with the largest score; its value is asked for.",
            forward=_key,
            used=r"{1}[\operatorname{{argmax}}({1}\,{0})]",
            example=Example(_ONE, [1.0, 0.0, 0.0, 0.0]),
        ),
    ),
)
