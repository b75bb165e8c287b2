"""Attention weights: ``attention_weights(Q, K)`` is softmax(Q K^T / sqrt(d)), a row for each query.

Vaswani et al., Attention Is All You Need, 2017, eq. 1. An optional third operand is a mask with 1
where a key may be seen and 0 where not (a row for each query, or one row for all of them);
``causal=True`` lets token t see the tokens 0 to t. A score that may not be seen is -inf.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from reference_solutions.arrays import Array
from reference_solutions.operations import attention_variants as variants
from reference_solutions.operations.attention_gradients import through_weights
from reference_solutions.operations.attention_variants import How, WeightsOf, case
from reference_solutions.operations.operation import (
    PROBABILITY,
    Coincidence,
    Example,
    Mistake,
    Operation,
    Rounding,
)
from reference_solutions.operations.parameter import FLAG, WHOLE


def _by_hand(
    rounded: Rounding, queries: Array, keys: Array, mask: Array | None = None, **how: Unpack[How]
) -> Array:
    return variants.weights_by_hand(rounded, case(queries, keys, mask, **how))


def _with(weights: WeightsOf) -> Callable[..., Array]:
    def compute(
        queries: Array, keys: Array, mask: Array | None = None, **how: Unpack[How]
    ) -> Array:
        return weights(case(queries, keys, mask, **how))

    return compute


def _heads_not_split(
    queries: Array, keys: Array, mask: Array | None = None, **how: Unpack[How]
) -> Array:
    variants.needs(how.get("heads", 1) > 1, "there is only one head")
    how["heads"] = 1
    return variants.softmax_weights(case(queries, keys, mask, **how))


_LN3 = 1.0986122886681098
_FIRST = [2 * _LN3, 0.0, 0.0, 0.0]
_SECOND = [0.0, 2 * _LN3, 0.0, 0.0]
_NEITHER = [0.0, 0.0, 0.0, 0.0]
_KEYS = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]
_MASK = [[1.0, 0.0], [1.0, 1.0]]
_CAUSAL = {"causal": True}
_ROOT3 = 3.0**0.5
_MODEL = 3.0 ** (0.5**0.5)

OPERATION = Operation(
    name="attention_weights",
    subject="attention",
    compute=_with(variants.softmax_weights),
    doc=(
        "attention_weights(Q, K) or attention_weights(Q, K, mask): the softmax of the scaled "
        "scores, a row for each query; `causal=True`, `heads=h`, `scaled=False`."
    ),
    latex="",
    arity=(2, 3),
    derivatives=(through_weights(0), through_weights(1), None),
    params={"causal": FLAG, "heads": WHOLE, "scaled": FLAG},
    by_hand=_by_hand,
    value_range=PROBABILITY,
    adds_up_to_one=True,
    examples=(
        Example((_FIRST, _KEYS), [0.75, 0.25]),
        Example(([_SECOND, _NEITHER], _KEYS), [[0.25, 0.75], [0.5, 0.5]]),
        Example(([_SECOND, _FIRST], _KEYS), [[1.0, 0.0], [0.75, 0.25]], _CAUSAL),
        Example(([_SECOND, _FIRST], _KEYS, _MASK), [[1.0, 0.0], [0.75, 0.25]]),
        Example(
            ([[_LN3, 0.0]], [[1.0, 0.0], [0.0, 1.0]]),
            [[[0.75, 0.25]], [[0.5, 0.5]]],
            {"heads": 2},
        ),
    ),
    mistakes=(
        Mistake(
            id="attention-weights-not-scaled",
            says=(
                "Before the softmax the scores are divided by the square root of the width of a "
                "key; that is missing."
            ),
            forward=_with(variants.not_scaled),
            commonness="very_common",
            used=r"\operatorname{{softmax}}({0}\left({1}\right)^{{\top}})",
            source="reported in threads",
            example=Example((_FIRST, _KEYS), [0.9, 0.1]),
        ),
        Mistake(
            id="attention-weights-divided-by-width",
            says="You divided by the width d of a key; the scores are divided by its square root.",
            forward=_with(variants.divided_by_width),
            commonness="common",
            used=r"\operatorname{{softmax}}\left(\frac{{{0}\left({1}\right)^{{\top}}}}{{d}}\right)",
            example=Example((_FIRST, _KEYS), [_ROOT3 / (1 + _ROOT3), 1 / (1 + _ROOT3)]),
        ),
        Mistake(
            id="attention-weights-scaled-up",
            says="You multiplied by the square root of the width; the scores are divided by it.",
            forward=_with(variants.scaled_up),
            used=r"\operatorname{{softmax}}({0}\left({1}\right)^{{\top}} \sqrt{{d}})",
            source="reported in threads",
            example=Example((_FIRST, _KEYS), [81 / 82, 1 / 82]),
        ),
        Mistake(
            id="attention-weights-scaled-by-model-width",
            says=(
                "The root is taken of the width of one head (the model's width divided by the "
                "number of heads); you took the model's."
            ),
            forward=_with(variants.model_width),
            commonness="common",
            source="reported in threads",
            example=Example(
                ([[_LN3, 0.0]], [[1.0, 0.0], [0.0, 1.0]]),
                [[[_MODEL / (1 + _MODEL), 1 / (1 + _MODEL)]], [[0.5, 0.5]]],
                {"heads": 2},
            ),
        ),
        Mistake(
            id="attention-weights-scaled-after-softmax",
            says="The scores are scaled before the softmax: the weights of a query add up to 1.",
            forward=_with(variants.scaled_after),
            used=r"\frac{{\operatorname{{softmax}}({0}\left({1}\right)^{{\top}})}}{{\sqrt{{d}}}}",
            example=Example((_FIRST, _KEYS), [0.45, 0.05]),
        ),
        Mistake(
            id="attention-weights-over-queries",
            says="The softmax runs over the keys: each query's row adds up to 1, not each column.",
            forward=_with(variants.over_queries),
            commonness="common",
            source="reported in threads",
            example=Example(([_FIRST, _NEITHER], _KEYS), [[0.75, 0.5], [0.25, 0.5]]),
        ),
        Mistake(
            id="attention-weights-over-everything",
            says="Each query has a softmax of its own; you took one over the whole matrix.",
            forward=_with(variants.over_everything),
            example=Example(([_FIRST, _NEITHER], _KEYS), [[0.5, 1 / 6], [1 / 6, 1 / 6]]),
        ),
        Mistake(
            id="attention-weights-queries-and-keys-exchanged",
            says="Queries and keys are exchanged: a row of the scores belongs to a query.",
            forward=_with(variants.exchanged),
            used=(
                r"\operatorname{{softmax}}\left(\frac{{{1}\left({0}\right)^{{\top}}}}{{\sqrt{{d}}}}\right)"
            ),
            example=Example(([_SECOND, _NEITHER], _KEYS), [[0.5, 0.5], [0.75, 0.25]]),
        ),
        Mistake(
            id="attention-weights-without-softmax",
            says=(
                "These are the scaled scores; the softmax, which makes weights of them, is missing."
            ),
            forward=_with(variants.no_softmax),
            used=r"\frac{{{0}\left({1}\right)^{{\top}}}}{{\sqrt{{d}}}}",
            example=Example((_FIRST, _KEYS), [_LN3, 0.0]),
        ),
        Mistake(
            id="attention-weights-hard",
            says="You put all weight on the largest score (argmax); the sheet has a softmax.",
            forward=_with(variants.only_largest),
            used=r"\operatorname{{argmax}}({0}\left({1}\right)^{{\top}})",
            example=Example((_FIRST, _KEYS), [1.0, 0.0]),
        ),
        Mistake(
            id="attention-weights-masked-with-zero",
            says=(
                "A score that is hidden becomes -inf before the softmax; 0 leaves a weight (e^0 = "
                "1)."
            ),
            forward=_with(variants.masked_with_zero),
            commonness="common",
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.5, 0.5], [0.75, 0.25]], _CAUSAL),
        ),
        Mistake(
            id="attention-weights-masked-after-softmax",
            says=(
                "You masked after the softmax, so the weights of a query no longer add up to 1; "
                "mask the scores before it."
            ),
            forward=_with(variants.masked_after),
            commonness="common",
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.25, 0.0], [0.75, 0.25]], _CAUSAL),
        ),
        Mistake(
            id="attention-weights-mask-left-out",
            says="The mask is missing: some of these keys may not be seen by the query.",
            forward=_with(variants.not_masked),
            commonness="common",
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.25, 0.75], [0.75, 0.25]], _CAUSAL),
            hidden=Coincidence(
                "the mask hides nothing",
                ([[1.0, 0.0], [0.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]),
            ),
        ),
        Mistake(
            id="attention-weights-mask-transposed",
            says="The mask is transposed: a token sees itself and the tokens before it, not after.",
            forward=_with(variants.mask_transposed),
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.25, 0.75], [0.0, 1.0]], _CAUSAL),
            hidden=Coincidence(
                "the mask is symmetric",
                ([[1.0, 0.0], [0.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]),
            ),
        ),
        Mistake(
            id="attention-weights-mask-inverted",
            says="In this mask 1 stands for a key that may be seen; you hid those.",
            forward=_with(variants.mask_inverted),
            example=Example(
                ([_SECOND, _FIRST], _KEYS, [[1.0, 0.0], [0.0, 1.0]]), [[0.0, 1.0], [1.0, 0.0]]
            ),
        ),
        Mistake(
            id="attention-weights-diagonal-hidden",
            says="A token may see itself; you hid the diagonal as well.",
            forward=_with(variants.diagonal_hidden),
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.0, 0.0], [1.0, 0.0]], _CAUSAL),
        ),
        Mistake(
            id="attention-weights-heads-not-split",
            says="Each head has weights of its own: split queries and keys over the heads first.",
            forward=_heads_not_split,
            example=Example(
                ([[_LN3, 0.0]], [[1.0, 0.0], [0.0, 1.0]]),
                [[0.75, 0.25]],
                {"heads": 2, "scaled": False},
            ),
        ),
        Mistake(
            id="attention-weights-gradient-not-scaled",
            says=(
                "Going back through the scores, the factor 1/sqrt(d) belongs in the gradient, too."
            ),
            backward={0: through_weights(0, scale=False), 1: through_weights(1, scale=False)},
            commonness="common",
            example=Example(
                (_FIRST, _KEYS), [0.1875, -0.1875, 0.0, 0.0], gradient=[1.0, 0.0], position=0
            ),
        ),
        Mistake(
            id="attention-weights-gradient-without-softmax",
            says="Going back to the scores, the softmax's own derivative is missing.",
            backward={0: through_weights(0, softmax=False), 1: through_weights(1, softmax=False)},
            example=Example((_FIRST, _KEYS), [0.5, 0.0, 0.0, 0.0], gradient=[1.0, 0.0], position=0),
        ),
    ),
)
