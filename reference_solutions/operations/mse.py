"""The mean squared error: ``mse(y, p)``, the mean over all entries of (p - y)^2, without a 1/2.

Goodfellow, Bengio and Courville, Deep Learning, 2016, eq. 5.4. Both operands have one shape.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation
from reference_solutions.operations.quantity import Quantity


def of_errors(name: str, loss: Callable[[Array], ArrayLike]) -> Callable[[Array, Array], Array]:
    """Make a loss, one number, of a function of the errors p - y; both have one shape, any."""

    def compute(y: Array, p: Array) -> Array:
        if np.shape(y) != np.shape(p):
            raise ValueError(
                f"`{name}` needs a target for each prediction: "
                f"expected shape {np.shape(p)}, got {np.shape(y)}"
            )
        return np.asarray(loss(np.asarray(p - y)), dtype=np.float64)

    return compute


def _one_less(errors: Array) -> Array:
    if errors.size < 2:
        raise ValueError("there is only one term")
    return np.asarray(np.sum(errors**2) / (errors.size - 1))


def by_rows(errors: Array) -> Array:
    """Divide a sum by the number of rows."""
    if errors.ndim != 2:
        raise ValueError("there is one output for each example")
    return np.asarray(np.sum(errors) / len(errors))


def _rule(sign: float, factor: float = 2.0, *, mean: bool = True) -> Callable[..., Expression]:
    def rule(g: Quantity, _out: Quantity, y: Quantity, p: Quantity) -> Expression:
        gradient = g * (sign * factor) * (p - y)
        return gradient / float(np.prod(p.shape)) if mean else gradient

    return rule


def _both(
    factor: float = 2.0, *, mean: bool = True, sign: float = 1.0
) -> dict[int, Callable[..., Expression]]:
    return {0: _rule(-sign, factor, mean=mean), 1: _rule(sign, factor, mean=mean)}


_Y = [1.0, 2.0]
_P = [3.0, 6.0]

OPERATION = Operation(
    name="mse",
    subject="losses",
    compute=of_errors("mse", lambda errors: np.mean(errors**2)),
    doc="mse(y, p): the mean over all entries of (p - y)^2.",
    latex=r"\operatorname{{MSE}}({0}, {1})",
    arity=(2, 2),
    derivatives=(_rule(-1.0), _rule(1.0)),
    aliases=("mean_squared_error",),
    value_range=NEVER_NEGATIVE,
    examples=(
        Example((_Y, _P), 10.0),
        Example((1.0, 4.0), 9.0),
        Example(([[1.0, 2.0], [0.0, 0.0]], [[3.0, 6.0], [1.0, 0.5]]), 5.3125),
    ),
    mistakes=(
        Mistake(
            id="squared-errors-summed",
            says="You added the squared errors; the mean squared error divides by their number.",
            forward=of_errors("mse", lambda errors: np.sum(errors**2)),
            backward=_both(mean=False),
            commonness="very_common",
            used=r"\sum ({1}-{0})^2",
            source="seen in published work",
            example=Example((_Y, _P), 20.0),
        ),
        Mistake(
            id="mean-squared-error-halved",
            says="There is no factor 1/2 in this sheet's mean squared error.",
            forward=of_errors("mse", lambda errors: np.mean(errors**2) / 2),
            backward=_both(1.0),
            commonness="common",
            used=r"\frac{{1}}{{2n}}\sum ({1}-{0})^2",
            example=Example((_Y, _P), 5.0),
        ),
        Mistake(
            id="half-squared-errors-summed",
            says="That is half the sum of the squared errors; the sheet has their mean.",
            forward=of_errors("mse", lambda errors: np.sum(errors**2) / 2),
            backward=_both(1.0, mean=False),
            used=r"\frac{{1}}{{2}}\sum ({1}-{0})^2",
            example=Example(([1.0, 2.0, 3.0], [3.0, 6.0, 3.0]), 10.0),
        ),
        Mistake(
            id="root-of-mean-squared-error",
            says="You took the square root (RMSE); the mean squared error has none.",
            forward=of_errors("mse", lambda errors: np.sqrt(np.mean(errors**2))),
            commonness="common",
            used=r"\sqrt{{\operatorname{{MSE}}}}",
            example=Example(([0.0, 0.0], [1.0, 7.0]), 5.0),
        ),
        Mistake(
            id="absolute-for-squared-error",
            says="That is the mean of the absolute errors; the sheet squares them.",
            forward=of_errors("mse", lambda errors: np.mean(np.abs(errors))),
            commonness="common",
            used=r"\frac{{1}}{{n}}\sum |{1}-{0}|",
            example=Example((_Y, _P), 3.0),
        ),
        Mistake(
            id="errors-not-squared",
            says="That is the mean of the errors themselves; square each of them first.",
            forward=of_errors("mse", np.mean),
            used=r"\frac{{1}}{{n}}\sum ({1}-{0})",
            example=Example(([1.0, 2.0], [3.0, 1.0]), 0.5),
        ),
        Mistake(
            id="mean-error-squared",
            says="Square each error and then take the mean; you squared the mean of the errors.",
            forward=of_errors("mse", lambda errors: np.mean(errors) ** 2),
            commonness="rare",
            used=r"\left(\frac{{1}}{{n}}\sum ({1}-{0})\right)^2",
            example=Example((_Y, _P), 9.0),
        ),
        Mistake(
            id="squared-errors-divided-by-one-less",
            says="You divided by the number of errors less one; the mean divides by their number.",
            forward=of_errors("mse", _one_less),
            used=r"\frac{{1}}{{n-1}}\sum ({1}-{0})^2",
            example=Example((_Y, _P), 20.0),
        ),
        Mistake(
            id="squared-errors-divided-by-examples",
            says=(
                "The mean runs over all entries; you divided by the number of examples (rows) "
                "alone."
            ),
            forward=of_errors("mse", lambda errors: by_rows(errors**2)),
            example=Example(([[1.0, 2.0], [0.0, 0.0]], [[3.0, 6.0], [1.0, 1.0]]), 11.0),
        ),
        Mistake(
            id="squared-error-factor-two-forgotten",
            says="The derivative of the square brings a factor 2 down; it is missing.",
            backward=_both(1.0),
            commonness="very_common",
            example=Example((_Y, _P), [1.0, 2.0], gradient=1.0, position=1),
        ),
        Mistake(
            id="squared-error-mean-dropped-in-gradient",
            says=(
                "The loss is a mean over n entries, so its gradient carries 1/n, which was dropped."
            ),
            backward=_both(mean=False),
            commonness="very_common",
            example=Example((_Y, _P), [4.0, 8.0], gradient=1.0, position=1),
        ),
        Mistake(
            id="squared-error-gradient-sign",
            says="The sign is turned: the derivative with respect to the prediction is 2(p - y)/n.",
            backward=_both(sign=-1.0),
            commonness="common",
            example=Example((_Y, _P), [-2.0, -4.0], gradient=1.0, position=1),
        ),
    ),
)
