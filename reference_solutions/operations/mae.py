"""The mean absolute error: ``mae(y, p)``, the mean over all entries of |p - y|.

Where an error is 0 its derivative is taken as 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.mse import by_rows, of_errors
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def _rule(position: int, *, mean: bool = True, flip: bool = False) -> Callable[..., Expression]:
    def rule(g: Quantity, _out: Quantity, y: Quantity, p: Quantity) -> Expression:
        above, below = apply("is_positive", p - y), apply("is_positive", y - p)
        sign = above - below if (position == 1) != flip else below - above
        return g * sign / float(np.prod(p.shape)) if mean else g * sign

    return rule


def _magnitude(g: Quantity, _out: Quantity, y: Quantity, p: Quantity) -> Expression:
    return g * (p - y) / float(np.prod(p.shape))


_Y = [1.0, 2.0]
_P = [3.0, -2.0]

OPERATION = Operation(
    name="mae",
    subject="losses",
    compute=of_errors("mae", lambda errors: np.mean(np.abs(errors))),
    doc="mae(y, p): the mean over all entries of |p - y|.",
    latex=r"\operatorname{{MAE}}({0}, {1})",
    arity=(2, 2),
    derivatives=(_rule(0), _rule(1)),
    aliases=("mean_absolute_error",),
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((_Y, _P), 3.0),
        Example((1.0, 4.0), 3.0),
        Example(([[1.0, 2.0], [0.0, 0.0]], [[3.0, 6.0], [1.0, -1.0]]), 2.0),
    ),
    mistakes=(
        Mistake(
            id="absolute-errors-summed",
            says="You added the absolute errors; the mean absolute error divides by their number.",
            forward=of_errors("mae", lambda errors: np.sum(np.abs(errors))),
            backward={0: _rule(0, mean=False), 1: _rule(1, mean=False)},
            commonness="very_common",
            used=r"\sum |{1}-{0}|",
            example=Example((_Y, _P), 6.0),
        ),
        Mistake(
            id="squared-for-absolute-error",
            says="That is the mean of the squared errors; the sheet takes their absolute values.",
            forward=of_errors("mae", lambda errors: np.mean(errors**2)),
            commonness="common",
            used=r"\frac{{1}}{{n}}\sum ({1}-{0})^2",
            example=Example((_Y, _P), 10.0),
        ),
        Mistake(
            id="errors-without-absolute-value",
            says="Errors of both signs cancel in your mean; take their absolute values first.",
            forward=of_errors("mae", np.mean),
            commonness="common",
            used=r"\frac{{1}}{{n}}\sum ({1}-{0})",
            example=Example((_Y, _P), -1.0),
        ),
        Mistake(
            id="absolute-errors-divided-by-examples",
            says=(
                "The mean runs over all entries; you divided by the number of examples (rows) "
                "alone."
            ),
            forward=of_errors("mae", lambda errors: by_rows(np.abs(errors))),
            example=Example(([[1.0, 2.0], [0.0, 0.0]], [[3.0, 6.0], [1.0, -1.0]]), 4.0),
        ),
        Mistake(
            id="absolute-error-gradient-with-magnitude",
            says="The derivative of |p - y| is its sign, 1 or -1; you used the error itself.",
            backward={1: _magnitude},
            commonness="common",
            example=Example((_Y, _P), [1.0, -2.0], gradient=1.0, position=1),
        ),
        Mistake(
            id="absolute-error-mean-dropped-in-gradient",
            says=(
                "The loss is a mean over n entries, so its gradient carries 1/n, which was dropped."
            ),
            backward={0: _rule(0, mean=False), 1: _rule(1, mean=False)},
            commonness="common",
            example=Example((_Y, _P), [1.0, -1.0], gradient=1.0, position=1),
        ),
        Mistake(
            id="absolute-error-gradient-sign",
            says=(
                "The sign is turned: where the prediction is too large the derivative is positive."
            ),
            backward={0: _rule(0, flip=True), 1: _rule(1, flip=True)},
            example=Example((_Y, _P), [-0.5, 0.5], gradient=1.0, position=1),
        ),
    ),
)
