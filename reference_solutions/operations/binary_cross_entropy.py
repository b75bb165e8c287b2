"""The binary cross-entropy, entry by entry: -(y ln p + (1 - y) ln(1 - p)).

y is a target between 0 and 1, p the predicted probability of class 1, in one shape; a mean over
examples is a ``mean`` of its own. With p = sigmoid(z) the gradient with respect to z is p - y
(Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.91), which is how people derive it;
so the pair has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Coincidence,
    Example,
    Mistake,
    Operation,
)

_LN10 = 2.302585092994046
_LN2 = 0.6931471805599453


def _check(y: Array, p: Array) -> None:
    if np.shape(y) != np.shape(p):
        raise ValueError(
            "`binary_cross_entropy` needs a target for each probability: "
            f"expected shape {np.shape(p)}, got {np.shape(y)}"
        )
    if np.any(np.less(p, 0)) or np.any(np.greater(p, 1)):
        raise ValueError(f"a probability lies between 0 and 1, got {p}")


def _times_log(factor: Array, value: Array) -> Array:
    """``factor`` times ln(value), 0 where the factor is 0."""
    none = np.asarray(factor) == 0
    return np.where(none, 0.0, factor * np.log(np.where(none, 1.0, value)))


def _with(loss: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    def compute(y: Array, p: Array) -> Array:
        _check(y, p)
        return np.asarray(loss(y, p))

    return compute


_loss = _with(lambda y, p: -(_times_log(y, p) + _times_log(1 - y, 1 - p)))

OPERATION = Operation(
    name="binary_cross_entropy",
    subject="losses",
    compute=_loss,
    doc="binary_cross_entropy(y, p): -(y ln p + (1 - y) ln(1 - p)), entry by entry.",
    latex=r"\operatorname{{BCE}}({0}, {1})",
    arity=(2, 2),
    derivatives=(
        lambda g, _out, _y, p: g * (apply("log", 1 - p) - apply("log", p)),
        lambda g, _out, y, p: g * (p - y) / (p * (1 - p)),
    ),
    fused={"sigmoid": lambda g, _out, y, p: g * (p - y)},
    fused_operand=1,
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((1.0, 0.25), 1.3862943611198906),
        Example((0.0, 0.75), 1.3862943611198906),
        Example(([1.0, 0.0, 0.5], [0.5, 0.75, 0.5]), [_LN2, 2 * _LN2, _LN2]),
    ),
    mistakes=(
        Mistake(
            id="binary-cross-entropy-log-base-10",
            says=(
                "You used the logarithm to base 10; the cross-entropy uses the natural logarithm "
                "ln (base e; multiply your value by 2.302585)."
            ),
            forward=lambda y, p: _loss(y, p) / _LN10,
            fused={"sigmoid": lambda g, _out, y, p: g * (p - y) / _LN10},
            commonness="very_common",
            used=r"-\left({0}\log_{{10}} {1} + (1-{0})\log_{{10}}(1-{1})\right)",
            source="seen in published work",
            example=Example((1.0, 0.1), 1.0),
        ),
        Mistake(
            id="binary-cross-entropy-log-base-2",
            says=(
                "You used the logarithm to base 2, which gives bits; the cross-entropy uses the "
                "natural logarithm ln (multiply your value by 0.693147)."
            ),
            forward=lambda y, p: _loss(y, p) / _LN2,
            fused={"sigmoid": lambda g, _out, y, p: g * (p - y) / _LN2},
            commonness="common",
            used=r"-\left({0}\log_{{2}} {1} + (1-{0})\log_{{2}}(1-{1})\right)",
            source="seen in published work",
            example=Example((1.0, 0.25), 2.0),
        ),
        Mistake(
            id="binary-cross-entropy-sign-lost",
            says="A cross-entropy is never negative: the minus sign in front is missing.",
            forward=lambda y, p: -_loss(y, p),
            commonness="common",
            used=r"{0}\ln {1} + (1-{0})\ln(1-{1})",
            source="seen in published work",
            example=Example((1.0, 0.25), -1.3862943611198906),
        ),
        Mistake(
            id="binary-cross-entropy-second-term-left-out",
            says=(
                "The term (1 - y) ln(1 - p) is missing: it is the whole loss of an example of "
                "class 0."
            ),
            forward=_with(lambda y, p: -_times_log(y, p)),
            commonness="common",
            used=r"-{0}\ln {1}",
            example=Example((0.0, 0.75), 0.0),
            hidden=Coincidence("no label is 0", ([1.0, 1.0], [0.7, 0.4])),
        ),
        Mistake(
            id="binary-cross-entropy-first-term-left-out",
            says="The term y ln p is missing: it is the whole loss of an example of class 1.",
            forward=_with(lambda y, p: -_times_log(1 - y, 1 - p)),
            commonness="rare",
            used=r"-(1-{0})\ln(1-{1})",
            example=Example((1.0, 0.25), 0.0),
        ),
        Mistake(
            id="binary-cross-entropy-terms-subtracted",
            says="The two terms are added inside of the bracket; you subtracted the second one.",
            forward=_with(lambda y, p: -(_times_log(y, p) - _times_log(1 - y, 1 - p))),
            used=r"-\left({0}\ln {1} - (1-{0})\ln(1-{1})\right)",
            example=Example((0.0, 0.75), -1.3862943611198906),
        ),
        Mistake(
            id="binary-cross-entropy-of-other-class",
            says="You took the probability of the other class: 1 - p belongs to class 0.",
            forward=_with(lambda y, p: _loss(1 - y, p)),
            commonness="common",
            used=r"-\left((1-{0})\ln {1} + {0}\ln(1-{1})\right)",
            example=Example((1.0, 0.75), 1.3862943611198906),
        ),
        Mistake(
            id="squared-error-for-binary-cross-entropy",
            says="That is the squared error; the sheet has the binary cross-entropy.",
            forward=_with(lambda y, p: (p - y) ** 2),
            used=r"({1}-{0})^2",
            example=Example((1.0, 0.5), 0.25),
        ),
        Mistake(
            id="one-minus-probability-for-binary-cross-entropy",
            says="That is how far the prediction is off; the cross-entropy takes a logarithm.",
            forward=_with(lambda y, p: np.abs(p - y)),
            used=r"|{1}-{0}|",
            example=Example((1.0, 0.25), 0.75),
        ),
        Mistake(
            id="target-minus-probability",
            says="The sign is turned: with sigmoid and cross-entropy dL/dz is p - y, not y - p.",
            fused={"sigmoid": lambda g, _out, y, p: g * (y - p)},
            commonness="common",
            example=Example((1.0, 0.75), 0.25, gradient=1.0, position=1),
        ),
        Mistake(
            id="binary-target-not-subtracted",
            says=(
                "The target is missing: with sigmoid and cross-entropy dL/dz is p - y, you used p."
            ),
            fused={"sigmoid": lambda g, _out, _y, p: g * p},
            example=Example((1.0, 0.75), 0.75, gradient=1.0, position=1),
        ),
        Mistake(
            id="gradient-stops-at-probability",
            says=(
                "That is dL/dp; one more factor, the sigmoid's derivative p(1 - p), leads to the "
                "score."
            ),
            fused={"sigmoid": lambda g, _out, y, p: g * (p - y) / (p * (1 - p))},
            commonness="common",
            example=Example((1.0, 0.75), -4 / 3, gradient=1.0, position=1),
        ),
        Mistake(
            id="extra-sigmoid-derivative",
            says=(
                "p - y is already dL/dz; you multiplied by the sigmoid's derivative p(1 - p) once "
                "more."
            ),
            fused={"sigmoid": lambda g, _out, y, p: g * (p - y) * p * (1 - p)},
            commonness="common",
            example=Example((1.0, 0.75), -0.046875, gradient=1.0, position=1),
        ),
        Mistake(
            id="binary-cross-entropy-gradient-without-second-term",
            says="The term (1 - y) ln(1 - p) has a derivative as well: (1 - y)/(1 - p).",
            backward={1: lambda g, _out, y, p: -(g * y / p)},
            example=Example((0.0, 0.75), 0.0, gradient=1.0, position=1),
        ),
        Mistake(
            id="binary-cross-entropy-gradient-sign",
            says="ln(1 - p) has the inner derivative -1, so its term changes sign.",
            backward={1: lambda g, _out, y, p: -(g * (y / p + (1 - y) / (1 - p)))},
            commonness="common",
            example=Example((0.0, 0.75), -4.0, gradient=1.0, position=1),
        ),
    ),
)
