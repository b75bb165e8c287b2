"""The derivatives of attention and of its weights, and what is wrong without one of their parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.attention_scores import (
    merge_expression,
    root_of_width,
    split_expression,
    to_keys,
    to_queries,
)
from reference_solutions.operations.attention_variants import How
from reference_solutions.operations.quantity import Quantity


def through_weights(
    position: int, *, scale: bool = True, softmax: bool = True
) -> Callable[..., Expression]:
    """Make the derivative of the weights by queries (0) or keys (1), or without a part of it."""

    def rule(g: Quantity, out: Quantity, *operands: Quantity, **how: Unpack[How]) -> Expression:
        queries, keys = operands[:2]
        heads = how.get("heads", 1)
        signal: Expression = g
        if softmax:
            signal = out * (g - apply("sum", out * g, axis=-1, keepdims=True))
        if scale and how.get("scaled", True):
            signal = signal / root_of_width(keys, heads)
        return _to_operand(position, signal, queries, keys, heads)

    return rule


def _to_operand(
    position: int, signal: Expression, queries: Quantity, keys: Quantity, heads: int
) -> Expression:
    return to_queries(signal, keys, heads) if position == 0 else to_keys(signal, queries, heads)


def _weights(operands: tuple[Quantity, ...], how: How) -> Expression:
    queries, keys, _, *mask = operands
    return apply("attention_weights", queries, keys, *mask, **how)


def through_attention(
    position: int, *, scale: bool = True, softmax: bool = True
) -> Callable[..., Expression]:
    """Make the derivative of attention by queries (0) or keys (1), or without a part of it."""

    def rule(g: Quantity, _out: Quantity, *operands: Quantity, **how: Unpack[How]) -> Expression:
        queries, keys, values = operands[:3]
        heads = how.get("heads", 1)
        signal: Expression
        if len(queries.shape) == 1:
            signal = values @ g
        else:
            signal = split_expression(g, heads) @ split_expression(values, heads).T
        if softmax:
            found = _weights(operands, how)
            signal = found * (signal - apply("sum", found * signal, axis=-1, keepdims=True))
        if scale and how.get("scaled", True):
            signal = signal / root_of_width(keys, heads)
        return _to_operand(position, signal, queries, keys, heads)

    return rule


def to_values(*, transposed: bool = True) -> Callable[..., Expression | None]:
    """Make the derivative of attention by the values."""

    def rule(
        g: Quantity, _out: Quantity, *operands: Quantity, **how: Unpack[How]
    ) -> Expression | None:
        queries, keys = operands[:2]
        heads = how.get("heads", 1)
        found = _weights(operands, how)
        if len(queries.shape) == 1:
            return apply("outer", found, g) if transposed else None
        if not transposed and queries.shape[0] != keys.shape[0]:
            return None
        back = found.T if transposed else found
        return merge_expression(back @ split_expression(g, heads), heads)

    return rule
