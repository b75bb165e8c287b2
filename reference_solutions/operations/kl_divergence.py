"""The Kullback-Leibler divergence of q from p: the sum of p log(p / q) along the last axis.

Kullback and Leibler, On Information and Sufficiency, 1951. 0 log 0 is 0.
"""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.axes import Axes
from reference_solutions.operations.entropy import in_base, logarithm_of
from reference_solutions.operations.operation import Example, Mistake, Operation, Values
from reference_solutions.operations.parameter import AXES, REAL
from reference_solutions.operations.quantity import Quantity

_E = float(np.e)


def _terms(p: Values, q: Values) -> Values:
    p, q = np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)
    if p.shape != q.shape or p.ndim == 0:
        raise ValueError(f"expected two distributions of one shape, got {p.shape} and {q.shape}")
    return np.where(p == 0, 0.0, p * np.log(np.where(p == 0, 1.0, p) / q))


def _divergence(p: Values, q: Values, base: float = _E, axis: Axes = -1) -> Values:
    return np.sum(_terms(p, q), axis=axis) / logarithm_of(base)


def _cross_entropy(p: Values, q: Values, base: float = _E, axis: Axes = -1) -> Values:
    return -np.sum(p * np.log(q), axis=axis) / logarithm_of(base)


def _by_p(
    g: Quantity, _out: Quantity, p: Quantity, q: Quantity, base: float = _E, axis: Axes = -1
) -> Expression:
    spread = apply("spread", g, shape=p.shape, axis=axis)
    return in_base(spread * (apply("log", p) - apply("log", q) + 1), base)


def _by_q(
    g: Quantity, _out: Quantity, p: Quantity, q: Quantity, base: float = _E, axis: Axes = -1
) -> Expression:
    spread = apply("spread", g, shape=p.shape, axis=axis)
    return in_base(spread * (-p / q), base)


_P = [0.5, 0.5]
_Q = [0.25, 0.75]

OPERATION = Operation(
    name="kl_divergence",
    subject="probabilities",
    compute=_divergence,
    doc=(
        "kl_divergence(p, q): the sum of p log(p / q), along the last axis or `axis=`; `base=2` "
        "in bits."
    ),
    latex=r"D_{{\mathrm{{KL}}}}({0} \,\Vert\, {1})",
    arity=(2, 2),
    derivatives=(_by_p, _by_q),
    aliases=("kl",),
    params={"base": REAL, "axis": AXES},
    examples=(
        Example((_P, _Q), 0.14384103622589045),
        Example((_P, _Q), 0.20751874963942185, {"base": 2}),
        Example(([1.0, 0.0], [0.5, 0.5]), 0.6931471805599453),
    ),
    mistakes=(
        Mistake(
            id="divergence-the-other-way-round",
            says="The two distributions are exchanged: the divergence isn't symmetric.",
            forward=lambda p, q, base=_E, axis=-1: _divergence(q, p, base, axis),
            commonness="very_common",
            used=r"D_{{\mathrm{{KL}}}}({1} \,\Vert\, {0})",
            example=Example((_P, _Q), 0.1308120359411977),
        ),
        Mistake(
            id="cross-entropy-for-divergence",
            says="That is the cross-entropy; the divergence is less by the entropy of p.",
            forward=_cross_entropy,
            commonness="common",
            used=r"-\sum p \log q",
            example=Example((_P, _Q), 0.8369882167858358),
        ),
        Mistake(
            id="divergence-in-other-units",
            says="The logarithm has another base: nats take ln, bits take log2.",
            forward=lambda p, q, base=_E, axis=-1: _divergence(
                p, q, _E if base == 2 else 2.0, axis
            ),
            commonness="common",
            example=Example((_P, _Q), 0.20751874963942185),
        ),
        Mistake(
            id="divergence-sign-turned",
            says="The sign is turned: a divergence is never negative.",
            forward=lambda p, q, base=_E, axis=-1: -_divergence(p, q, base, axis),
            used=r"\sum p \log\frac{{q}}{{p}}",
            example=Example((_P, _Q), -0.14384103622589045),
        ),
    ),
)
