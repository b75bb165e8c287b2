"""The weights of an attention, right and as people get them wrong.

Each is a function of one :class:`Case` and gives an array of the shape of its scores, (queries,
keys) with the heads in front where there are several, or (keys,) for a single query; attention
itself goes wrong in the same ways. Each raises ValueError where it doesn't exist for a case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from reference_solutions.arrays import Array
from reference_solutions.operations.attention_scores import products
from reference_solutions.operations.operation import Rounding


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
        """The scores before they are masked, of the shape of ``raw``."""
        return self.raw / np.sqrt(self.width) if self.scaled else self.raw

    def masked(self, scores: Array, hidden: float = -np.inf) -> Array:
        """Return ``scores``, of the shape of ``raw``, with ``hidden`` where no key may be seen."""
        return scores if self.visible is None else np.where(self.visible, scores, hidden)


WeightsOf = Callable[[Case], Array]


def case(queries: Array, keys: Array, mask: Array | None, **how: Unpack[How]) -> Case:
    """Check the operands of an attention and multiply queries with keys.

    Queries are (n, d) or (d,), keys (m, d), the mask (n, m) or (m,), a row for all queries. Raises
    ValueError for other shapes.
    """
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
    """Take the softmax over axes of any array; where nothing may be seen there is no weight."""
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


def needs(condition: object, why: str) -> None:
    """Raise ValueError, saying why, for a variant that doesn't exist here."""
    if not condition:
        raise ValueError(why)


def not_scaled(this: Case) -> Array:
    """Leave out the square root."""
    needs(this.scaled, "these scores aren't scaled")
    return normalised(this.masked(this.raw))


def divided_by_width(this: Case) -> Array:
    """Divide by the width for its square root."""
    needs(this.scaled, "these scores aren't scaled")
    return normalised(this.masked(this.raw / this.width))


def scaled_up(this: Case) -> Array:
    """Multiply by the square root."""
    needs(this.scaled, "these scores aren't scaled")
    return normalised(this.masked(this.raw * np.sqrt(this.width)))


def model_width(this: Case) -> Array:
    """Take the square root of the width of all heads."""
    needs(this.scaled and this.heads > 1, "there is only one head")
    return normalised(this.masked(this.raw / np.sqrt(this.width * this.heads)))


def scaled_after(this: Case) -> Array:
    """Divide after the softmax."""
    needs(this.scaled, "these scores aren't scaled")
    return np.asarray(normalised(this.masked(this.raw)) / np.sqrt(this.width))


def over_queries(this: Case) -> Array:
    """Take the softmax down the columns."""
    needs(this.raw.ndim > 1, "there is only one query")
    return normalised(this.masked(this.scores), -2)


def over_everything(this: Case) -> Array:
    """Take one softmax for the whole matrix."""
    needs(this.raw.ndim > 1, "there is only one query")
    return normalised(this.masked(this.scores), (-2, -1))


def exchanged(this: Case) -> Array:
    """Let the keys ask the queries."""
    needs(
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
    needs(this.visible is not None, "there is no mask")
    return normalised(this.masked(this.scores, 0.0))


def masked_after(this: Case) -> Array:
    """Mask the weights and don't normalise them again."""
    needs(this.visible is not None, "there is no mask")
    return this.masked(normalised(this.scores), 0.0)


def not_masked(this: Case) -> Array:
    """Leave out the mask."""
    needs(this.visible is not None, "there is no mask")
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
