"""Attention weights: ``attention_weights(Q, K)`` is softmax(Q K^T / sqrt(d)), a row for each query.

Vaswani et al., Attention Is All You Need, 2017, eq. 1. An optional third operand is a mask with 1
where a key may be seen and 0 where not (a row for each query, or one row for all of them);
``causal=True`` lets token t see the tokens 0 to t. A score that may not be seen is -inf.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.attention_scores import (
    products,
    root_of_width,
    to_keys,
    to_queries,
)
from reference_solutions.operations.operation import (
    PROBABILITY,
    Coincidence,
    Example,
    Mistake,
    Operation,
    Rounding,
)
from reference_solutions.operations.parameter import FLAG, WHOLE
from reference_solutions.operations.quantity import Quantity


class How(TypedDict, total=False):
    """The constants of an attention."""

    causal: bool
    heads: int
    scaled: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What the weights are made of.

    ``raw`` are the products of queries and keys, (queries, keys) with the heads in front of it
    where there are several; ``visible`` says which may be seen, None where all may.
    """

    raw: Array
    visible: NDArray[np.bool_] | None
    width: float
    heads: int = 1
    scaled: bool = True

    @property
    def scores(self) -> Array:
        """The scores before they are masked."""
        return self.raw / np.sqrt(self.width) if self.scaled else self.raw

    def masked(self, scores: Array, hidden: float = -np.inf) -> Array:
        """Return ``scores`` with ``hidden`` where a key may not be seen."""
        return scores if self.visible is None else np.where(self.visible, scores, hidden)


WeightsOf = Callable[[Case], "Array"]


def case(queries: Array, keys: Array, mask: Array | None, **how: Unpack[How]) -> Case:
    """Check the operands of an attention and multiply queries with keys. Raises ValueError."""
    heads = how.get("heads", 1)
    raw = products(queries, keys, heads)
    visible = None
    if mask is not None:
        if np.shape(mask) not in {raw.shape[-2:], raw.shape[-1:]}:
            raise ValueError(
                f"the mask must have a place for every score: expected shape {raw.shape[-2:]}, "
                f"got {np.shape(mask)}"
            )
        if not np.all((mask == 0) | (mask == 1)):
            raise ValueError("the mask is 1 where a key may be seen and 0 where not")
        visible = np.broadcast_to(mask == 1, raw.shape[-2:])
    if how.get("causal", False):
        if raw.ndim < 2 or raw.shape[-1] != raw.shape[-2]:
            raise ValueError(
                f"a causal mask needs as many queries as keys, got {raw.shape[-2:]} scores"
            )
        past = np.tri(raw.shape[-1], dtype=np.bool_)
        visible = past if visible is None else visible & past
    return Case(raw, visible, np.shape(keys)[-1] / heads, heads, how.get("scaled", True))


def normalised(scores: Array, axis: int | tuple[int, int] = -1) -> Array:
    """Take the softmax; where nothing may be seen there is no weight."""
    top = np.max(scores, axis=axis, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(top), top, 0.0))
    total = np.asarray(np.sum(powers, axis=axis, keepdims=True))
    return np.asarray(powers / np.where(total > 0, total, 1.0))


def softmax_weights(this: Case) -> Array:
    """Return the right weights. Raises ValueError for a query that may see nothing."""
    if this.visible is not None and not np.all(np.any(this.visible, axis=-1)):
        raise ValueError("every query must be let see at least one key")
    return normalised(this.masked(this.scores))


def weights_by_hand(rounded: Rounding, this: Case) -> Array:
    """Take the softmax in steps: the scores, their exponentials and the sum of these."""
    powers = rounded(np.exp(this.masked(rounded(this.scores))))
    return np.asarray(powers / rounded(powers.sum(axis=-1, keepdims=True)))


def _by_hand(
    rounded: Rounding, queries: Array, keys: Array, mask: Array | None = None, **how: Unpack[How]
) -> Array:
    return weights_by_hand(rounded, case(queries, keys, mask, **how))


def _needs(condition: object, why: str) -> None:
    if not condition:
        raise ValueError(why)


def not_scaled(this: Case) -> Array:
    """Leave out the square root."""
    _needs(this.scaled, "these scores aren't scaled")
    return normalised(this.masked(this.raw))


def divided_by_width(this: Case) -> Array:
    """Divide by the width for its square root."""
    _needs(this.scaled, "these scores aren't scaled")
    return normalised(this.masked(this.raw / this.width))


def scaled_up(this: Case) -> Array:
    """Multiply by the square root."""
    _needs(this.scaled, "these scores aren't scaled")
    return normalised(this.masked(this.raw * np.sqrt(this.width)))


def model_width(this: Case) -> Array:
    """Take the square root of the width of all heads."""
    _needs(this.scaled and this.heads > 1, "there is only one head")
    return normalised(this.masked(this.raw / np.sqrt(this.width * this.heads)))


def scaled_after(this: Case) -> Array:
    """Divide after the softmax."""
    _needs(this.scaled, "these scores aren't scaled")
    return np.asarray(normalised(this.masked(this.raw)) / np.sqrt(this.width))


def over_queries(this: Case) -> Array:
    """Take the softmax down the columns."""
    _needs(this.raw.ndim > 1, "there is only one query")
    return normalised(this.masked(this.scores), -2)


def over_everything(this: Case) -> Array:
    """Take one softmax for the whole matrix."""
    _needs(this.raw.ndim > 1, "there is only one query")
    return normalised(this.masked(this.scores), (-2, -1))


def exchanged(this: Case) -> Array:
    """Let the keys ask the queries."""
    _needs(
        this.raw.ndim > 1 and this.raw.shape[-1] == this.raw.shape[-2], "the scores are no square"
    )
    return normalised(this.masked(np.swapaxes(this.scores, -1, -2)))


def no_softmax(this: Case) -> Array:
    """Take the scores themselves."""
    return this.masked(this.scores, 0.0)


def only_largest(this: Case) -> Array:
    """Put all weight on the largest score."""
    scores = this.masked(this.scores)
    return np.asarray(np.eye(scores.shape[-1])[np.argmax(scores, axis=-1)])


def masked_with_zero(this: Case) -> Array:
    """Hide with 0 for -inf."""
    _needs(this.visible is not None, "there is no mask")
    return normalised(this.masked(this.scores, 0.0))


def masked_after(this: Case) -> Array:
    """Mask the weights and don't normalise them again."""
    _needs(this.visible is not None, "there is no mask")
    return this.masked(normalised(this.scores), 0.0)


def not_masked(this: Case) -> Array:
    """Leave out the mask."""
    _needs(this.visible is not None, "there is no mask")
    return normalised(this.scores)


def mask_transposed(this: Case) -> Array:
    """Hide the past and see the future."""
    visible = this.visible
    if visible is None or visible.ndim < 2 or visible.shape[0] != visible.shape[1]:
        raise ValueError("there is no square mask")
    return normalised(replace(this, visible=visible.T).masked(this.scores))


def mask_inverted(this: Case) -> Array:
    """Take 1 for hidden."""
    if this.visible is None:
        raise ValueError("there is no mask")
    return normalised(replace(this, visible=~this.visible).masked(this.scores))


def diagonal_hidden(this: Case) -> Array:
    """Hide the diagonal as well."""
    visible = this.visible
    if visible is None or visible.ndim < 2 or visible.shape[0] != visible.shape[1]:
        raise ValueError("there is no square mask")
    others = visible & ~np.eye(len(visible), dtype=np.bool_)
    return normalised(replace(this, visible=others).masked(this.scores))


def _with(weights: WeightsOf) -> Callable[..., Array]:
    def compute(
        queries: Array, keys: Array, mask: Array | None = None, **how: Unpack[How]
    ) -> Array:
        return weights(case(queries, keys, mask, **how))

    return compute


def _heads_not_split(
    queries: Array, keys: Array, mask: Array | None = None, **how: Unpack[How]
) -> Array:
    _needs(how.get("heads", 1) > 1, "there is only one head")
    how["heads"] = 1
    return softmax_weights(case(queries, keys, mask, **how))


def _rule(position: int, *, scale: bool = True, softmax: bool = True) -> Callable[..., Expression]:
    """Make the derivative by queries or keys, and what is wrong without one of its parts."""

    def rule(g: Quantity, out: Quantity, *operands: Quantity, **how: Unpack[How]) -> Expression:
        queries, keys = operands[:2]
        heads = how.get("heads", 1)
        signal: Expression = g
        if softmax:
            signal = out * (g - apply("sum", out * g, axis=-1, keepdims=True))
        if scale and how.get("scaled", True):
            signal = signal / root_of_width(keys, heads)
        return to_queries(signal, keys, heads) if position == 0 else to_keys(signal, queries, heads)

    return rule


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
    compute=_with(softmax_weights),
    doc=(
        "attention_weights(Q, K) or attention_weights(Q, K, mask): the softmax of the scaled "
        "scores, a row for each query; `causal=True`, `heads=h`, `scaled=False`."
    ),
    latex="",
    arity=(2, 3),
    derivatives=(_rule(0), _rule(1), None),
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
            forward=_with(not_scaled),
            commonness="very_common",
            used=r"\operatorname{{softmax}}({0}\left({1}\right)^{{\top}})",
            source="reported in threads",
            example=Example((_FIRST, _KEYS), [0.9, 0.1]),
        ),
        Mistake(
            id="attention-weights-divided-by-width",
            says="You divided by the width d of a key; the scores are divided by its square root.",
            forward=_with(divided_by_width),
            commonness="common",
            used=r"\operatorname{{softmax}}\left(\frac{{{0}\left({1}\right)^{{\top}}}}{{d}}\right)",
            example=Example((_FIRST, _KEYS), [_ROOT3 / (1 + _ROOT3), 1 / (1 + _ROOT3)]),
        ),
        Mistake(
            id="attention-weights-scaled-up",
            says="You multiplied by the square root of the width; the scores are divided by it.",
            forward=_with(scaled_up),
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
            forward=_with(model_width),
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
            forward=_with(scaled_after),
            used=r"\frac{{\operatorname{{softmax}}({0}\left({1}\right)^{{\top}})}}{{\sqrt{{d}}}}",
            example=Example((_FIRST, _KEYS), [0.45, 0.05]),
        ),
        Mistake(
            id="attention-weights-over-queries",
            says="The softmax runs over the keys: each query's row adds up to 1, not each column.",
            forward=_with(over_queries),
            commonness="common",
            source="reported in threads",
            example=Example(([_FIRST, _NEITHER], _KEYS), [[0.75, 0.5], [0.25, 0.5]]),
        ),
        Mistake(
            id="attention-weights-over-everything",
            says="Each query has a softmax of its own; you took one over the whole matrix.",
            forward=_with(over_everything),
            example=Example(([_FIRST, _NEITHER], _KEYS), [[0.5, 1 / 6], [1 / 6, 1 / 6]]),
        ),
        Mistake(
            id="attention-weights-queries-and-keys-exchanged",
            says="Queries and keys are exchanged: a row of the scores belongs to a query.",
            forward=_with(exchanged),
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
            forward=_with(no_softmax),
            used=r"\frac{{{0}\left({1}\right)^{{\top}}}}{{\sqrt{{d}}}}",
            example=Example((_FIRST, _KEYS), [_LN3, 0.0]),
        ),
        Mistake(
            id="attention-weights-hard",
            says="You put all weight on the largest score (argmax); the sheet has a softmax.",
            forward=_with(only_largest),
            used=r"\operatorname{{argmax}}({0}\left({1}\right)^{{\top}})",
            example=Example((_FIRST, _KEYS), [1.0, 0.0]),
        ),
        Mistake(
            id="attention-weights-masked-with-zero",
            says=(
                "A score that is hidden becomes -inf before the softmax; 0 leaves a weight (e^0 = "
                "1)."
            ),
            forward=_with(masked_with_zero),
            commonness="common",
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.5, 0.5], [0.75, 0.25]], _CAUSAL),
        ),
        Mistake(
            id="attention-weights-masked-after-softmax",
            says=(
                "You masked after the softmax, so the weights of a query no longer add up to 1; "
                "mask the scores before it."
            ),
            forward=_with(masked_after),
            commonness="common",
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.25, 0.0], [0.75, 0.25]], _CAUSAL),
        ),
        Mistake(
            id="attention-weights-mask-left-out",
            says="The mask is missing: some of these keys may not be seen by the query.",
            forward=_with(not_masked),
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
            forward=_with(mask_transposed),
            example=Example(([_SECOND, _FIRST], _KEYS), [[0.25, 0.75], [0.0, 1.0]], _CAUSAL),
            hidden=Coincidence(
                "the mask is symmetric",
                ([[1.0, 0.0], [0.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]),
            ),
        ),
        Mistake(
            id="attention-weights-mask-inverted",
            says="In this mask 1 stands for a key that may be seen; you hid those.",
            forward=_with(mask_inverted),
            example=Example(
                ([_SECOND, _FIRST], _KEYS, [[1.0, 0.0], [0.0, 1.0]]), [[0.0, 1.0], [1.0, 0.0]]
            ),
        ),
        Mistake(
            id="attention-weights-diagonal-hidden",
            says="A token may see itself; you hid the diagonal as well.",
            forward=_with(diagonal_hidden),
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
            backward={0: _rule(0, scale=False), 1: _rule(1, scale=False)},
            commonness="common",
            example=Example(
                (_FIRST, _KEYS), [0.1875, -0.1875, 0.0, 0.0], gradient=[1.0, 0.0], position=0
            ),
        ),
        Mistake(
            id="attention-weights-gradient-without-softmax",
            says="Going back to the scores, the softmax's own derivative is missing.",
            backward={0: _rule(0, softmax=False), 1: _rule(1, softmax=False)},
            example=Example((_FIRST, _KEYS), [0.5, 0.0, 0.0, 0.0], gradient=[1.0, 0.0], position=0),
        ),
    ),
)
