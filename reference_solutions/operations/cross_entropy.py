"""Cross-entropy of a prediction p against a target y: -ln p[y], or -sum(y ln p).

The target is a class index (0-based), or a distribution over the classes (one-hot, smoothed).
With p = softmax(z) the gradient with respect to z is p - onehot(y) (Bishop, Pattern Recognition and
Machine Learning, 2006, eq. 4.109), which is how people derive it; so the pair has its own rule.
"""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import Expression, apply, as_expression
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Coincidence,
    Example,
    Mistake,
    Operation,
    Values,
    refuse_sets,
)
from reference_solutions.operations.quantity import Quantity

_LN10 = 2.302585092994046
_LN2 = 0.6931471805599453


def _is_index(y: Values, p: Values) -> bool:
    return np.ndim(y) == np.ndim(p) - 1


def _check(y: Values, p: Values) -> None:
    if np.ndim(p) == 0:
        raise ValueError(
            "`cross_entropy(y, p)` takes the target first: it needs a vector of probabilities as "
            "its second operand, got a number"
        )
    if _is_index(y, p):
        classes = np.asarray(y)
        bad = (classes != np.round(classes)) | (classes < 0) | (classes >= np.shape(p)[-1])
        if np.any(bad):
            wrong = classes[bad].flat[0]
            raise ValueError(f"class indices run from 0 to {np.shape(p)[-1] - 1}, got {wrong:g}")
    elif np.shape(y) != np.shape(p):
        raise ValueError(f"`cross_entropy` got a target of shape {np.shape(y)} for {np.shape(p)}")


def _chosen(y: Values, p: Values) -> Values:
    classes = np.asarray(y, dtype=np.intp)
    if np.ndim(p) == 1:
        return p[classes]
    return np.take_along_axis(p, classes[..., None], axis=-1)[..., 0]


def _with(log: Values) -> Values:
    def loss(y: Values, p: Values) -> Values:
        _check(y, p)
        if _is_index(y, p):
            return -log(_chosen(y, p))
        return -np.where(y == 0, 0.0, y * log(np.where(y == 0, 1.0, p))).sum(axis=-1)

    return loss


def _neighbour(by: int) -> Values:
    def loss(y: Values, p: Values) -> Values:
        if not _is_index(y, p):
            return _cross_entropy(np.roll(y, by, axis=-1), p)
        return _cross_entropy(np.mod(np.asarray(y) + by, np.shape(p)[-1]), p)

    return loss


def _one_hot(y: Values, size: int) -> Values:
    return (np.asarray(y)[..., None] == np.arange(size)).astype(np.float64)


def _target(y: Values, p: Values) -> Values:
    return y if not _is_index(y, p) else _one_hot(y, np.shape(p)[-1])


def _on_target(function: Values) -> Values:
    """Return a wrong loss that is a function of the target's probability alone."""

    def loss(y: Values, p: Values) -> Values:
        _check(y, p)
        return function((_target(y, p) * p).sum(axis=-1))

    return loss


def _squared(y: Values, p: Values) -> Values:
    return ((p - _target(y, p)) ** 2).sum(axis=-1)


def _binary(y: Values, p: Values) -> Values:
    target = _target(y, p)
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).sum(axis=-1)


_cross_entropy = _with(np.log)


def _hot(y: Quantity, p: Quantity) -> Expression:
    """Return the target as a distribution, whatever its form."""
    if len(y.shape) == len(p.shape):
        return as_expression(y)
    return apply("one_hot", y, size=p.shape[-1])


def _spread(g: Quantity, p: Quantity) -> Expression:
    """dL/dl for each entry of p: a loss of one row serves its whole row."""
    return as_expression(g) if len(p.shape) == 1 else apply("column", g)


def _to_scores(g: Quantity, _out: Quantity, y: Quantity, p: Quantity) -> Expression | None:
    if len(y.shape) == len(p.shape) and not y.sums_to_one():
        return None
    return _spread(g, p) * (as_expression(p) - _hot(y, p))


def _scores_scaled(factor: float) -> Values:
    return lambda g, _out, y, p: _spread(g, p) * (p - _hot(y, p)) / factor


def _many(y: Values, p: Values) -> Values:
    if p.ndim < 2:
        raise ValueError("`cross_entropy` needs a vector of probabilities as its second operand")
    if _is_index(y, p):
        wrong = (y != np.round(y)) | (y < 0) | (y >= p.shape[-1])
        refuse_sets(wrong.reshape(len(y), -1).any(axis=1), "a class index is out of range")
    return _cross_entropy(np.broadcast_to(y, p.shape[:-1] if _is_index(y, p) else p.shape), p)


OPERATION = Operation(
    name="cross_entropy",
    subject="losses",
    compute=_cross_entropy,
    doc=(
        "cross_entropy(y, p): -ln p[y] for a class index y (0-based), -sum(y ln p) for a "
        "distribution y."
    ),
    latex=r"\operatorname{{CE}}({0}, {1})",
    arity=(2, 2),
    derivatives=(
        # A class index has no derivative; a distribution may be computed (a teacher network's).
        lambda g, _out, y, p: (
            -(_spread(g, p) * apply("log", p)) if len(y.shape) == len(p.shape) else None
        ),
        lambda g, _out, y, p: -(_spread(g, p) * _hot(y, p) / p),
    ),
    fused={"softmax": _to_scores},
    fused_operand=1,
    many=_many,
    value_range=NEVER_NEGATIVE,
    minus_logarithm=True,
    examples=(
        Example((1.0, [0.5, 0.25, 0.25]), 1.3862943611198906),
        Example(([0.0, 1.0, 0.0], [0.5, 0.25, 0.25]), 1.3862943611198906),
        Example(([0.0, 1.0], [[0.5, 0.5], [0.75, 0.25]]), [0.6931471805599453, 1.3862943611198906]),
    ),
    mistakes=(
        Mistake(
            id="cross-entropy-log-base-10",
            says=(
                "You used the logarithm to base 10; the cross-entropy uses the natural logarithm "
                "ln (base e; multiply your value by 2.302585)."
            ),
            forward=_with(np.log10),
            fused={"softmax": _scores_scaled(_LN10)},
            commonness="very_common",
            used=r"-\log_{{10}} {1}[{0}]",
            source="seen in published work",
            example=Example((1.0, [0.9, 0.1]), 1.0),
        ),
        Mistake(
            id="cross-entropy-log-base-2",
            says=(
                "You used the logarithm to base 2, which gives bits; the cross-entropy uses the "
                "natural logarithm ln (multiply your value by 0.693147)."
            ),
            forward=_with(np.log2),
            fused={"softmax": _scores_scaled(_LN2)},
            commonness="common",
            used=r"-\log_{{2}} {1}[{0}]",
            source="seen in published work",
            example=Example((1.0, [0.75, 0.25]), 2.0),
        ),
        Mistake(
            id="class-before-target",
            says=(
                "You took the probability of the class before the target (classes are counted from "
                "0)."
            ),
            forward=_neighbour(-1),
            fused={
                "softmax": lambda g, _out, y, p: (
                    _spread(g, p) * (p - apply("one_hot", y, size=p.shape[-1], shift=-1))
                    if len(y.shape) < len(p.shape)
                    else None
                )
            },
            commonness="common",
            used=r"-\ln {1}[{0}-1]",
            example=Example((1.0, [0.5, 0.25, 0.25]), 0.6931471805599453),
        ),
        Mistake(
            id="class-after-target",
            says=(
                "You took the probability of the class after the target (classes are counted from "
                "0)."
            ),
            forward=_neighbour(1),
            fused={
                "softmax": lambda g, _out, y, p: (
                    _spread(g, p) * (p - apply("one_hot", y, size=p.shape[-1], shift=1))
                    if len(y.shape) < len(p.shape)
                    else None
                )
            },
            commonness="common",
            used=r"-\ln {1}[{0}+1]",
            example=Example((0.0, [0.5, 0.25, 0.25]), 1.3862943611198906),
        ),
        Mistake(
            id="cross-entropy-sign-lost",
            says=(
                "A cross-entropy is never negative: the minus sign in front of the logarithm is "
                "missing."
            ),
            forward=_on_target(np.log),
            commonness="common",
            used=r"\ln {1}[{0}]",
            source="seen in published work",
            example=Example((1.0, [0.5, 0.25, 0.25]), -1.3862943611198906),
        ),
        Mistake(
            id="cross-entropy-log-left-out",
            says=(
                "That is the target's probability itself; the cross-entropy is minus its logarithm."
            ),
            forward=_on_target(lambda p: p),
            used="{1}[{0}]",
            example=Example((1.0, [0.5, 0.25, 0.25]), 0.25),
        ),
        Mistake(
            id="one-minus-probability",
            says=(
                "1 minus the target's probability is not the cross-entropy; take minus its "
                "logarithm."
            ),
            forward=_on_target(lambda p: 1 - p),
            used="1-{1}[{0}]",
            example=Example((1.0, [0.5, 0.25, 0.25]), 0.75),
        ),
        Mistake(
            id="log-of-one-minus-probability",
            says=(
                "You took the logarithm of 1 minus the target's probability; take that of the "
                "probability."
            ),
            forward=_on_target(lambda p: -np.log(1 - p)),
            used=r"-\ln(1-{1}[{0}])",
            example=Example((1.0, [0.5, 0.25, 0.25]), 0.2876820724517809),
        ),
        Mistake(
            id="squared-error-for-cross-entropy",
            says="That is the squared error; the sheet has the cross-entropy.",
            forward=_squared,
            used=r"\lVert {1} - \operatorname{{onehot}}({0})\rVert^2",
            example=Example((0.0, [0.5, 0.5]), 0.5),
        ),
        Mistake(
            id="half-squared-error-for-cross-entropy",
            says="That is half the squared error; the sheet has the cross-entropy.",
            forward=lambda y, p: 0.5 * _squared(y, p),
            used=r"\frac{{1}}{{2}}\lVert {1} - \operatorname{{onehot}}({0})\rVert^2",
            example=Example((0.0, [0.5, 0.5]), 0.25),
        ),
        Mistake(
            id="binary-cross-entropy-for-cross-entropy",
            says=(
                "You added the terms (1 - y) ln(1 - p) of the other classes; with a softmax the "
                "cross-entropy has only the target's term."
            ),
            forward=_binary,
            used=r"-\sum (y\ln p + (1-y)\ln(1-p))",
            example=Example((0.0, [0.5, 0.5]), 1.3862943611198906),
        ),
        Mistake(
            id="largest-probability-for-target",
            says=(
                "You took the largest probability; the loss takes the probability of the target "
                "class."
            ),
            forward=lambda y, p: -np.log(np.max(p, axis=-1)),
            used=r"-\ln \max {1}",
            example=Example((1.0, [0.5, 0.25, 0.25]), 0.6931471805599453),
            hidden=Coincidence(
                "the class that is right has the largest probability", (1.0, [0.2, 0.5, 0.3])
            ),
        ),
        Mistake(
            id="prediction-minus-target-reversed",
            says=(
                "The sign is turned: with softmax and cross-entropy dL/dz is p - onehot(y), not "
                "onehot(y) - p."
            ),
            fused={"softmax": lambda g, _out, y, p: _spread(g, p) * (_hot(y, p) - p)},
            commonness="common",
            example=Example((0.0, [0.5, 0.5]), [0.5, -0.5], gradient=1.0, position=1),
        ),
        Mistake(
            id="target-not-subtracted",
            says=(
                "The target is missing: with softmax and cross-entropy dL/dz is p - onehot(y), you "
                "used p."
            ),
            fused={"softmax": lambda g, _out, y, p: _spread(g, p) * p},
            commonness="common",
            example=Example((0.0, [0.5, 0.5]), [0.5, 0.5], gradient=1.0, position=1),
        ),
        Mistake(
            id="only-target-entry-of-gradient",
            says="dL/dz = p - onehot(y) has an entry for every class; you kept the target's alone.",
            fused={"softmax": lambda g, _out, y, p: _spread(g, p) * (p - _hot(y, p)) * _hot(y, p)},
            example=Example((0.0, [0.5, 0.5]), [-0.5, 0.0], gradient=1.0, position=1),
        ),
        Mistake(
            id="gradient-stops-at-probabilities",
            says=(
                "-1/p is dL/dp at the target; one more factor, the softmax's derivative, leads to "
                "the scores."
            ),
            fused={"softmax": lambda g, _out, y, p: -(_spread(g, p) * _hot(y, p) / p)},
            example=Example((0.0, [0.5, 0.5]), [-2.0, 0.0], gradient=1.0, position=1),
        ),
        Mistake(
            id="extra-softmax-derivative",
            says=(
                "p - onehot(y) is already dL/dz; you multiplied by the softmax's derivative p(1 - "
                "p) once more."
            ),
            fused={"softmax": lambda g, _out, y, p: _spread(g, p) * (p - _hot(y, p)) * p * (1 - p)},
            example=Example((0.0, [0.5, 0.5]), [-0.125, 0.125], gradient=1.0, position=1),
        ),
    ),
)
