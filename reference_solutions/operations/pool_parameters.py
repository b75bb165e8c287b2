"""How many parameters pooling has: none. ``pool_parameters(kh, kw, channels)``."""

from __future__ import annotations

from reference_solutions.arrays import Array
from reference_solutions.operations.operation import NEVER_NEGATIVE, Example, Mistake, Operation


def _none(height: Array, width: Array, channels: Array | float = 1) -> Array:
    return 0 * height * width * channels


def _window(height: Array, width: Array, _channels: Array | float = 1) -> Array:
    return height * width


def _windows(height: Array, width: Array, channels: Array | float | None = None) -> Array:
    if channels is None:
        raise ValueError("the channels aren't given")
    return height * width * channels


def _windows_and_biases(
    height: Array, width: Array, channels: Array | float | None = None
) -> Array:
    if channels is None:
        raise ValueError("the channels aren't given")
    return (height * width + 1) * channels


def _as_convolution(height: Array, width: Array, channels: Array | float | None = None) -> Array:
    if channels is None:
        raise ValueError("the channels aren't given")
    return (height * width * channels + 1) * channels


OPERATION = Operation(
    name="pool_parameters",
    subject="shapes and counts",
    compute=_none,
    doc="pool_parameters(kh, kw, channels): 0, as nothing in pooling is learnt.",
    latex="0",
    arity=(2, 3),
    derivatives=lambda _position: None,
    value_range=NEVER_NEGATIVE,
    examples=(Example((2.0, 2.0, 6.0), 0.0), Example((2.0, 2.0), 0.0)),
    mistakes=(
        Mistake(
            id="pool-parameters-of-window",
            says="Pooling has no weights: nothing in its window is learnt.",
            forward=_window,
            commonness="common",
            used=r"{0} \cdot {1}",
            example=Example((2.0, 2.0, 6.0), 4.0),
        ),
        Mistake(
            id="pool-parameters-of-windows",
            says="Pooling has no weights: nothing in its windows is learnt.",
            forward=_windows,
            used=r"{0} \cdot {1} \cdot c",
            example=Example((2.0, 2.0, 6.0), 24.0),
        ),
        Mistake(
            id="pool-parameters-with-biases",
            says="Pooling has neither weights nor biases: nothing in it is learnt.",
            forward=_windows_and_biases,
            used=r"\left({0} \cdot {1} + 1\right) \cdot c",
            example=Example((2.0, 2.0, 6.0), 30.0),
        ),
        Mistake(
            id="pool-parameters-of-convolution",
            says="You counted as for a convolution; nothing in pooling is learnt.",
            forward=_as_convolution,
            used=r"\left({0} \cdot {1} \cdot c + 1\right) \cdot c",
            example=Example((2.0, 2.0, 6.0), 150.0),
        ),
    ),
)
