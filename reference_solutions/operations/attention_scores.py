"""Attention scores: ``attention_scores(Q, K)`` is Q K^T / sqrt(d), d the width of a query.

Vaswani et al., Attention Is All You Need, 2017, eq. 1; with ``scaled=False`` the plain products of
Luong et al., 2015. Queries and keys are rows; a single query may be a vector. With several heads d
is the width of one head, and the scores are (heads, queries, keys).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.parameter import FLAG, WHOLE
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.split_heads import split


def products(queries: Array, keys: Array, heads: int) -> Array:
    """Multiply every query with every key, head by head.

    Queries (n, d) or one (d,) and keys (m, d) give (n, m) or (m,), of several heads (heads, n, m).
    Raises ValueError for other shapes.
    """
    if np.ndim(keys) != 2:
        raise ValueError(f"attention takes a matrix of keys, one row a key, got {np.shape(keys)}")
    if np.ndim(queries) not in (1, 2):
        raise ValueError(f"attention takes a query or a matrix of them, got {np.shape(queries)}")
    if np.shape(queries)[-1] != np.shape(keys)[-1]:
        raise ValueError(
            f"queries and keys must have one width: expected {np.shape(keys)[-1]}, "
            f"got {np.shape(queries)[-1]}"
        )
    if heads == 1:
        return np.asarray(queries @ keys.T)
    return np.asarray(split(queries, heads) @ np.swapaxes(split(keys, heads), -1, -2))


def root_of_width(keys: Quantity | Array, heads: int) -> float:
    """Return sqrt(d), d the width of the keys (m, heads d) for one head."""
    return float(np.sqrt(keys.shape[-1] / heads))


def split_expression(x: Expression, heads: int) -> Expression:
    """Split the heads of ``x``, where there are several."""
    return x if heads == 1 else apply("split_heads", x, heads=heads)


def merge_expression(x: Expression, heads: int) -> Expression:
    """Put the heads of ``x`` side by side, where there are several."""
    return x if heads == 1 else apply("merge_heads", x)


def to_queries(signal: Expression, keys: Quantity, heads: int) -> Expression:
    """Hand ``signal``, dL/d(unscaled scores), back to the queries."""
    return merge_expression(signal @ split_expression(keys, heads), heads)


def to_keys(signal: Expression, queries: Quantity, heads: int) -> Expression:
    """Hand ``signal``, dL/d(unscaled scores), back to the keys."""
    if len(queries.shape) == 1:
        return apply("outer", signal, queries)
    return merge_expression(signal.T @ split_expression(queries, heads), heads)


def _with(scale: Callable[[float], float]) -> Callable[..., Array]:
    """Scores divided by a function of the width d of a head."""

    def scores(queries: Array, keys: Array, heads: int = 1, scaled: bool = True) -> Array:
        found = products(queries, keys, heads)
        return found / scale(keys.shape[-1] / heads) if scaled else found

    return scores


def _wrong(scale: Callable[[float], float]) -> Callable[..., Array]:
    def scores(queries: Array, keys: Array, heads: int = 1, scaled: bool = True) -> Array:
        if not scaled:
            raise ValueError("these scores aren't scaled")
        return _with(scale)(queries, keys, heads)

    return scores


def _model_width(queries: Array, keys: Array, heads: int = 1, scaled: bool = True) -> Array:
    if heads == 1:
        raise ValueError("there is only one head")
    return _wrong(lambda width: float(np.sqrt(width * heads)))(queries, keys, heads, scaled)


def _exchanged(queries: Array, keys: Array, heads: int = 1, scaled: bool = True) -> Array:
    if np.ndim(queries) != 2:
        raise ValueError("there is only one query")
    return np.swapaxes(_scores(queries, keys, heads, scaled), -1, -2)


def _derivative(
    g: Expression, queries: Quantity, keys: Quantity, position: int, *, heads: int
) -> Expression:
    if position == 0:
        return to_queries(g, keys, heads)
    return to_keys(g, queries, heads)


def _rule(position: int) -> Callable[..., Expression]:
    def rule(
        g: Quantity,
        _out: Quantity,
        queries: Quantity,
        keys: Quantity,
        *,
        heads: int = 1,
        scaled: bool = True,
    ) -> Expression:
        signal = g / root_of_width(keys, heads) if scaled else g
        return _derivative(signal, queries, keys, position, heads=heads)

    return rule


def _unscaled_rule(position: int) -> Callable[..., Expression | None]:
    def rule(
        g: Quantity,
        _out: Quantity,
        queries: Quantity,
        keys: Quantity,
        *,
        heads: int = 1,
        scaled: bool = True,
    ) -> Expression | None:
        return _derivative(g, queries, keys, position, heads=heads) if scaled else None

    return rule


_scores = _with(lambda width: float(np.sqrt(width)))

_QUERY = [6.0, 2.0, 0.0, 0.0]
_KEYS = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]

OPERATION = Operation(
    name="attention_scores",
    subject="attention",
    compute=_scores,
    doc=(
        "attention_scores(Q, K): every query (row) times every key (row), divided by the square "
        "root of their width unless `scaled=False`; `heads=h` splits the columns over h heads."
    ),
    latex=r"\operatorname{{scores}}({0}, {1})",
    arity=(2, 2),
    derivatives=(_rule(0), _rule(1)),
    params={"heads": WHOLE, "scaled": FLAG},
    examples=(
        Example((_QUERY, _KEYS), [3.0, 1.0]),
        Example(([_QUERY, [0.0, 4.0, 0.0, 0.0]], _KEYS), [[3.0, 1.0], [0.0, 2.0]]),
        Example((_QUERY, _KEYS), [6.0, 2.0], {"scaled": False}),
        Example(
            ([[3.0, 5.0]], [[1.0, 2.0], [4.0, 0.0]]),
            [[[3.0, 12.0]], [[10.0, 0.0]]],
            {"heads": 2},
        ),
    ),
    mistakes=(
        Mistake(
            id="attention-scores-not-scaled",
            says=(
                "The scores are divided by the square root of the width of a key; that is missing."
            ),
            forward=_wrong(lambda _width: 1.0),
            backward={0: _unscaled_rule(0), 1: _unscaled_rule(1)},
            commonness="very_common",
            used=r"{0}\left({1}\right)^{{\top}}",
            source="reported in threads",
            example=Example((_QUERY, _KEYS), [6.0, 2.0]),
        ),
        Mistake(
            id="attention-scores-divided-by-width",
            says="You divided by the width d of a key; the scores are divided by its square root.",
            forward=_wrong(lambda width: width),
            commonness="common",
            used=r"\frac{{{0}\left({1}\right)^{{\top}}}}{{d}}",
            example=Example((_QUERY, _KEYS), [1.5, 0.5]),
        ),
        Mistake(
            id="attention-scores-scaled-up",
            says="You multiplied by the square root of the width; the scores are divided by it.",
            forward=_wrong(lambda width: float(1 / np.sqrt(width))),
            used=r"{0}\left({1}\right)^{{\top}} \sqrt{{d}}",
            source="reported in threads",
            example=Example((_QUERY, _KEYS), [12.0, 4.0]),
        ),
        Mistake(
            id="attention-scores-scaled-by-model-width",
            says=(
                "The root is taken of the width of one head (the model's width divided by the "
                "number of heads); you took the model's."
            ),
            forward=_model_width,
            commonness="common",
            source="reported in threads",
            example=Example(
                ([[4.0, 0.0, 0.0, 8.0]], [[1.0, 0.0, 0.0, 1.0]]),
                [[[2.0]], [[4.0]]],
                {"heads": 2},
            ),
        ),
        Mistake(
            id="attention-scores-transposed",
            says="Queries and keys are exchanged: a row of the scores belongs to a query.",
            forward=_exchanged,
            used=r"\frac{{{1}\left({0}\right)^{{\top}}}}{{\sqrt{{d}}}}",
            example=Example(
                ([_QUERY, [0.0, 4.0, 0.0, 0.0]], _KEYS),
                [[3.0, 0.0], [1.0, 2.0]],
            ),
        ),
    ),
)
