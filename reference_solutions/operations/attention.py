"""Attention: ``attention(Q, K, V)`` is softmax(Q K^T / sqrt(d)) V, a row for each query.

Scaled dot-product attention (Vaswani et al., Attention Is All You Need, 2017, eq. 1). Queries, keys
and values are rows; a single query may be a vector. An optional fourth operand is a mask with 1
where a key may be seen; ``causal=True`` lets token t see the tokens 0 to t. With ``heads=h`` the
columns of all three are split over h heads, and what they give is put side by side (section 3.2.2;
the projections before and after are matrix products of their own).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.operations import attention_variants as weights
from reference_solutions.operations.attention_gradients import through_attention, to_values
from reference_solutions.operations.attention_variants import Case, How, WeightsOf, case
from reference_solutions.operations.merge_heads import merge
from reference_solutions.operations.operation import (
    Coincidence,
    Example,
    Mistake,
    Operation,
    Rounding,
)
from reference_solutions.operations.parameter import FLAG, WHOLE
from reference_solutions.operations.split_heads import split


def _check_values(keys: Array, values: Array) -> None:
    if np.ndim(values) != 2 or np.shape(values)[:1] != np.shape(keys)[:1]:
        raise ValueError(
            "attention needs a row of values for each key, got keys of shape "
            f"{np.shape(keys)} and values of shape {np.shape(values)}"
        )


def _weighted(found: Array, values: Array, heads: int) -> Array:
    """Add up the values by their weights, which have the heads in front where there are several."""
    return np.asarray(found @ values) if heads == 1 else merge(found @ split(values, heads))


def _with(weights_of: WeightsOf) -> Callable[..., Array]:
    def compute(
        queries: Array, keys: Array, values: Array, mask: Array | None = None, **how: Unpack[How]
    ) -> Array:
        this = case(queries, keys, mask, **how)
        _check_values(keys, values)
        return _weighted(weights_of(this), values, this.heads)

    return compute


def _by_hand(
    rounded: Rounding,
    queries: Array,
    keys: Array,
    values: Array,
    mask: Array | None = None,
    **how: Unpack[How],
) -> Array:
    this = case(queries, keys, mask, **how)
    return _weighted(rounded(weights.weights_by_hand(rounded, this)), values, this.heads)


def _transposed(this: Case) -> Array:
    found = weights.softmax_weights(this)
    if found.ndim < 2 or found.shape[-1] != found.shape[-2]:
        raise ValueError("the weights are no square")
    return np.swapaxes(found, -1, -2)


def _keys_for_values(
    queries: Array, keys: Array, values: Array, mask: Array | None = None, **how: Unpack[How]
) -> Array:
    _check_values(keys, values)
    return _attention(queries, keys, keys, mask, **how)


def _values_for_keys(
    queries: Array, keys: Array, values: Array, mask: Array | None = None, **how: Unpack[How]
) -> Array:
    _check_values(keys, values)
    return _attention(queries, values, values, mask, **how)


def _heads_not_split(
    queries: Array, keys: Array, values: Array, mask: Array | None = None, **how: Unpack[How]
) -> Array:
    if how.get("heads", 1) == 1:
        raise ValueError("there is only one head")
    how["heads"] = 1
    return _attention(queries, keys, values, mask, **how)


_attention = _with(weights.softmax_weights)

_LN3 = 1.0986122886681098
_FIRST = [2 * _LN3, 0.0, 0.0, 0.0]
_SECOND = [0.0, 2 * _LN3, 0.0, 0.0]
_NEITHER = [0.0, 0.0, 0.0, 0.0]
_KEYS = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]
_VALUES = [[4.0, 0.0], [0.0, 8.0]]
_MASK = [[1.0, 0.0], [1.0, 1.0]]
_ONE = (_FIRST, _KEYS, _VALUES)
_TWO = ([_SECOND, _NEITHER], _KEYS, _VALUES)
_EACH = ([_SECOND, _FIRST], _KEYS, _VALUES)
_HEADS = ([[_LN3, 0.0]], [[1.0, 0.0], [0.0, 1.0]], _VALUES)
_CAUSAL = {"causal": True}
_ROOT3 = 3.0**0.5
_MODEL = 3.0 ** (0.5**0.5)

OPERATION = Operation(
    name="attention",
    subject="attention",
    compute=_attention,
    doc=(
        "attention(Q, K, V) or attention(Q, K, V, mask): softmax(Q K^T / sqrt(d)) V, a row for "
        "each query; the mask is 1 where a key may be seen; `causal=True`, `heads=h`, "
        "`scaled=False`."
    ),
    latex="",
    arity=(3, 4),
    derivatives=(through_attention(0), through_attention(1), to_values(), None),
    params={"causal": FLAG, "heads": WHOLE, "scaled": FLAG},
    by_hand=_by_hand,
    examples=(
        Example(_ONE, [3.0, 2.0]),
        Example(_TWO, [[1.0, 6.0], [2.0, 4.0]]),
        Example(_EACH, [[4.0, 0.0], [3.0, 2.0]], _CAUSAL),
        Example((*_EACH, _MASK), [[4.0, 0.0], [3.0, 2.0]]),
        Example(_HEADS, [[3.0, 4.0]], {"heads": 2}),
        Example(_ONE, [3.6, 0.8], {"scaled": False}),
    ),
    mistakes=(
        Mistake(
            id="attention-not-scaled",
            says=(
                "Before the softmax the scores are divided by the square root of the width of a "
                "key; that is missing."
            ),
            forward=_with(weights.not_scaled),
            commonness="very_common",
            used=r"\operatorname{{softmax}}({0}\left({1}\right)^{{\top}})\,{2}",
            source="reported in threads",
            example=Example(_ONE, [3.6, 0.8]),
        ),
        Mistake(
            id="attention-divided-by-width",
            says="You divided by the width d of a key; the scores are divided by its square root.",
            forward=_with(weights.divided_by_width),
            commonness="common",
            used=r"\operatorname{{softmax}}\left(\frac{{{0}\left({1}\right)^{{\top}}}}{{d}}\right){2}",
            example=Example(_ONE, [4 * _ROOT3 / (1 + _ROOT3), 8 / (1 + _ROOT3)]),
        ),
        Mistake(
            id="attention-scaled-up",
            says="You multiplied by the square root of the width; the scores are divided by it.",
            forward=_with(weights.scaled_up),
            used=r"\operatorname{{softmax}}({0}\left({1}\right)^{{\top}} \sqrt{{d}})\,{2}",
            source="reported in threads",
            example=Example(_ONE, [324 / 82, 8 / 82]),
        ),
        Mistake(
            id="attention-scaled-by-model-width",
            says=(
                "The root is taken of the width of one head (the model's width divided by the "
                "number of heads); you took the model's."
            ),
            forward=_with(weights.model_width),
            commonness="common",
            source="reported in threads",
            example=Example(_HEADS, [[4 * _MODEL / (1 + _MODEL), 4.0]], {"heads": 2}),
        ),
        Mistake(
            id="attention-scaled-after-softmax",
            says="The scores are scaled before the softmax: the weights of a query add up to 1.",
            forward=_with(weights.scaled_after),
            used=r"\frac{{\operatorname{{softmax}}({0}\left({1}\right)^{{\top}})}}{{\sqrt{{d}}}}\,{2}",
            example=Example(_ONE, [1.8, 0.4]),
        ),
        Mistake(
            id="attention-over-queries",
            says=(
                "The softmax runs over the keys: each query's weights add up to 1, not each key's."
            ),
            forward=_with(weights.over_queries),
            commonness="common",
            source="reported in threads",
            example=Example(([_FIRST, _NEITHER], _KEYS, _VALUES), [[3.0, 4.0], [1.0, 4.0]]),
        ),
        Mistake(
            id="attention-over-everything",
            says="Each query has a softmax of its own; you took one over all scores.",
            forward=_with(weights.over_everything),
            example=Example(([_FIRST, _NEITHER], _KEYS, _VALUES), [[2.0, 8 / 6], [4 / 6, 8 / 6]]),
        ),
        Mistake(
            id="attention-keys-for-values",
            says="The weighted sum runs over the values V; you took the keys.",
            forward=_keys_for_values,
            commonness="common",
            used=(
                r"\operatorname{{softmax}}\left("
                r"\frac{{{0}\left({1}\right)^{{\top}}}}{{\sqrt{{d}}}}\right){1}"
            ),
            example=Example(_ONE, [0.75, 0.25, 0.0, 0.0]),
        ),
        Mistake(
            id="attention-values-for-keys",
            says="The queries are compared with the keys K; you compared them with the values.",
            forward=_values_for_keys,
            used=(
                r"\operatorname{{softmax}}\left("
                r"\frac{{{0}\left({2}\right)^{{\top}}}}{{\sqrt{{d}}}}\right){2}"
            ),
            example=Example(([_LN3], [[1.0], [0.0]], [[0.0], [1.0]]), [0.75]),
        ),
        Mistake(
            id="attention-queries-and-keys-exchanged",
            says="Queries and keys are exchanged: a row of the scores belongs to a query.",
            forward=_with(weights.exchanged),
            used=(
                r"\operatorname{{softmax}}\left("
                r"\frac{{{1}\left({0}\right)^{{\top}}}}{{\sqrt{{d}}}}\right){2}"
            ),
            example=Example(_TWO, [[2.0, 4.0], [3.0, 2.0]]),
        ),
        Mistake(
            id="attention-weights-transposed",
            says=(
                "The weights are transposed: row i of the result adds up the values by the weights "
                "of query i."
            ),
            forward=_with(_transposed),
            used=(
                r"\operatorname{{softmax}}\left("
                r"\frac{{{0}\left({1}\right)^{{\top}}}}{{\sqrt{{d}}}}\right)^{{\top}}{2}"
            ),
            example=Example(_TWO, [[1.0, 4.0], [3.0, 4.0]]),
        ),
        Mistake(
            id="attention-without-softmax",
            says="You added up the values by the scores; the softmax makes weights of them first.",
            forward=_with(weights.no_softmax),
            used=r"\frac{{{0}\left({1}\right)^{{\top}}}}{{\sqrt{{d}}}}\,{2}",
            example=Example(_ONE, [4 * _LN3, 0.0]),
        ),
        Mistake(
            id="hard-attention-for-soft",
            says=(
                "You took the value of the key with the largest score (hard attention); the sheet "
                "has the weighted sum of all values."
            ),
            forward=_with(weights.only_largest),
            used=r"{2}[\operatorname{{argmax}}({0}\left({1}\right)^{{\top}})]",
            example=Example(_ONE, [4.0, 0.0]),
        ),
        Mistake(
            id="attention-masked-with-zero",
            says=(
                "A score that is hidden becomes -inf before the softmax; 0 leaves a weight (e^0 = "
                "1)."
            ),
            forward=_with(weights.masked_with_zero),
            commonness="common",
            example=Example(_EACH, [[2.0, 4.0], [3.0, 2.0]], _CAUSAL),
        ),
        Mistake(
            id="attention-masked-after-softmax",
            says=(
                "You masked after the softmax, so the weights of a query no longer add up to 1; "
                "mask the scores before it."
            ),
            forward=_with(weights.masked_after),
            commonness="common",
            example=Example(_EACH, [[1.0, 0.0], [3.0, 2.0]], _CAUSAL),
        ),
        Mistake(
            id="attention-mask-left-out",
            says="The mask is missing: some of these keys may not be seen by the query.",
            forward=_with(weights.not_masked),
            commonness="common",
            example=Example(_EACH, [[1.0, 6.0], [3.0, 2.0]], _CAUSAL),
            hidden=Coincidence(
                "the mask hides nothing",
                (
                    [[1.0, 0.0], [0.0, 2.0]],
                    [[1.0, 0.0], [0.0, 1.0]],
                    [[4.0], [5.0]],
                    [[1.0, 1.0], [1.0, 1.0]],
                ),
            ),
        ),
        Mistake(
            id="attention-mask-transposed",
            says="The mask is transposed: a token sees itself and the tokens before it, not after.",
            forward=_with(weights.mask_transposed),
            example=Example(_EACH, [[1.0, 6.0], [0.0, 8.0]], _CAUSAL),
            hidden=Coincidence(
                "the mask is symmetric",
                (
                    [[1.0, 0.0], [0.0, 2.0]],
                    [[1.0, 0.0], [0.0, 1.0]],
                    [[4.0], [5.0]],
                    [[1.0, 1.0], [1.0, 1.0]],
                ),
            ),
        ),
        Mistake(
            id="attention-mask-inverted",
            says="In this mask 1 stands for a key that may be seen; you hid those.",
            forward=_with(weights.mask_inverted),
            example=Example((*_EACH, [[1.0, 0.0], [0.0, 1.0]]), [[0.0, 8.0], [4.0, 0.0]]),
        ),
        Mistake(
            id="attention-diagonal-hidden",
            says="A token may see itself; you hid the diagonal as well.",
            forward=_with(weights.diagonal_hidden),
            example=Example(_EACH, [[0.0, 0.0], [4.0, 0.0]], _CAUSAL),
        ),
        Mistake(
            id="attention-heads-not-split",
            says=(
                "With several heads, split queries, keys and values over them, attend in each, and "
                "put the results side by side; you attended once with all columns."
            ),
            forward=_heads_not_split,
            commonness="common",
            example=Example(_HEADS, [[3.0, 2.0]], {"heads": 2, "scaled": False}),
        ),
        Mistake(
            id="attention-gradient-not-scaled",
            says=(
                "Going back through the scores, the factor 1/sqrt(d) belongs in the gradient, too."
            ),
            backward={0: through_attention(0, scale=False), 1: through_attention(1, scale=False)},
            commonness="common",
            example=Example(_ONE, [0.75, -0.75, 0.0, 0.0], gradient=[1.0, 0.0], position=0),
        ),
        Mistake(
            id="attention-gradient-without-softmax",
            says="Going back to the scores, the softmax's own derivative is missing.",
            backward={
                0: through_attention(0, softmax=False),
                1: through_attention(1, softmax=False),
            },
            example=Example(_ONE, [2.0, 0.0, 0.0, 0.0], gradient=[1.0, 0.0], position=0),
        ),
        Mistake(
            id="attention-value-gradient-not-transposed",
            says="The gradient of the values takes the transposed weights.",
            backward={2: to_values(transposed=False)},
            example=Example(
                _TWO, [[0.25, 0.0], [0.5, 0.0]], gradient=[[1.0, 0.0], [0.0, 0.0]], position=2
            ),
        ),
    ),
)
