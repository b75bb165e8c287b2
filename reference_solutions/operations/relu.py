"""The rectified linear unit, elementwise: max(x, 0)."""

from __future__ import annotations

import numpy as np

from reference_solutions.expressions.tree import apply
from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Coincidence,
    Example,
    Mistake,
    Operation,
)

OPERATION = Operation(
    name="relu",
    subject="activations",
    compute=lambda x: np.maximum(x, 0.0),
    doc="max(x, 0), elementwise; its derivative at 0 is taken as 0.",
    latex=r"\operatorname{{ReLU}}({0})",
    derivatives=(lambda g, _out, x: g * apply("is_positive", x),),
    elementwise=True,
    copies=True,
    value_range=NEVER_NEGATIVE,
    invites=("root-or-square-added",),
    examples=(Example(([1.5, -2.0],), [1.5, 0.0]),),
    mistakes=(
        Mistake(
            id="relu-left-out",
            says="The ReLU was not applied: negative values become 0.",
            forward=lambda x: x * 1.0,
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            used="{0}",
            example=Example((-2.0,), -2.0),
            hidden=Coincidence("no input is negative", ([1.0, 2.5],)),
        ),
        Mistake(
            id="absolute-value-for-relu",
            says="A negative value becomes 0 under the ReLU; you took its absolute value.",
            forward=np.abs,
            used=r"|{0}|",
            example=Example((-2.0,), 2.0),
            hidden=Coincidence("no input is negative", ([1.0, 2.5],)),
        ),
        Mistake(
            id="sigmoid-for-relu",
            says="You applied the sigmoid; the sheet has a ReLU here.",
            forward=lambda x: 0.5 * (1.0 + np.tanh(0.5 * x)),
            backward={0: lambda g, out, _x: g * out * (1 - out)},
            used=r"\sigma({0})",
            example=Example((0.0,), 0.5),
        ),
        Mistake(
            id="tanh-for-relu",
            says="You applied tanh; the sheet has a ReLU here.",
            forward=np.tanh,
            backward={0: lambda g, out, _x: g * (1 - out**2)},
            used=r"\tanh({0})",
            example=Example((1.0,), 0.7615941559557649),
        ),
        Mistake(
            id="leaky-relu-for-relu",
            says="That is a leaky ReLU: negative values become 0 here, without a slope.",
            forward=lambda x: np.where(np.asarray(x) > 0, x, 0.01 * np.asarray(x)),
            backward={0: lambda g, _out, x: g * (0.01 + 0.99 * apply("is_positive", x))},
            used=r"\operatorname{{LeakyReLU}}({0})",
            example=Example(([2.0, -4.0],), [2.0, -0.04]),
            hidden=Coincidence("no input is negative", ([1.0, 2.5],)),
        ),
        Mistake(
            id="relu-derivative-of-activation",
            says=(
                "The derivative of the ReLU is 1 where its input is positive; you multiplied by "
                "the activation itself."
            ),
            backward={0: lambda g, out, _x: g * out},
            example=Example((2.0,), 6.0, gradient=3.0),
        ),
        Mistake(
            id="relu-derivative-forgotten",
            says="Going back through the ReLU, the gradient is 0 wherever its input was negative.",
            backward={0: lambda g, _out, _x: g},
            commonness="common",
            example=Example((-2.0,), 3.0, gradient=3.0),
        ),
    ),
)
