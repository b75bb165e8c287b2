"""The softmax over those entries that a mask keeps; the others have probability zero."""

from __future__ import annotations

import numpy as np

from reference_solutions.operations.axes import Axes, softmax_derivative
from reference_solutions.operations.operation import (
    PROBABILITY,
    Coincidence,
    Example,
    Mistake,
    Operation,
    Rounding,
    Values,
)
from reference_solutions.operations.parameter import AXES


def _weights(z: Values, mask: Values, axis: Axes) -> Values:
    kept = np.broadcast_to(np.asarray(mask) != 0, np.shape(z))
    if np.ndim(z) == 0:
        raise ValueError("`masked_softmax` needs a vector or a matrix, got a number")
    if not kept.any(axis=axis).all():
        raise ValueError("the mask leaves nothing to choose from")
    largest = np.max(np.where(kept, z, -np.inf), axis=axis, keepdims=True)
    return np.where(kept, np.exp(np.where(kept, z, largest) - largest), 0.0)


def _softmax(z: Values, mask: Values, axis: Axes = -1) -> Values:
    weights = _weights(z, mask, axis)
    return weights / weights.sum(axis=axis, keepdims=True)


def _plain(z: Values, axis: Axes) -> Values:
    return _softmax(z, np.ones(np.shape(z)), axis)


def _by_hand(rounded: Rounding, z: Values, mask: Values, axis: Axes = -1) -> Values:
    kept = np.broadcast_to(np.asarray(mask) != 0, np.shape(z))
    weights = np.where(kept, rounded(np.exp(np.where(kept, z, 0.0))), 0.0)
    return weights / rounded(weights.sum(axis=axis, keepdims=True))


_Z = [0.0, 0.0, 0.6931471805599453]
_M = [1.0, 1.0, 0.0]

OPERATION = Operation(
    name="masked_softmax",
    subject="activations",
    compute=_softmax,
    doc=(
        "masked_softmax(z, mask): the softmax of the entries where the mask isn't 0, and 0 "
        "elsewhere, along the last axis, `axis=` (one or several), or all of them (`axis=None`)."
    ),
    latex=r"\operatorname{{softmax}}_{{{1}}}({0})",
    arity=(2, 2),
    derivatives=(softmax_derivative, None),
    params={"axis": AXES},
    by_hand=_by_hand,
    value_range=PROBABILITY,
    adds_up_to_one=True,
    examples=(
        Example((_Z, _M), [0.5, 0.5, 0.0]),
        Example(([[0.0, 5.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 1.0]]), [[1.0, 0.0], [0.5, 0.5]]),
        Example(
            ([[0.0, 5.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]]),
            [[0.5, 0.0], [0.5, 0.0]],
            {"axis": None},
        ),
    ),
    mistakes=(
        Mistake(
            id="softmax-mask-forgotten",
            says="The mask was not applied: what it leaves out has probability zero.",
            forward=lambda z, _mask, axis=-1: _plain(z, axis),
            commonness="very_common",
            used=r"\operatorname{{softmax}}({0})",
            example=Example((_Z, _M), [0.25, 0.25, 0.5]),
            hidden=Coincidence("the mask hides nothing", ([1.0, 2.0], [1.0, 1.0])),
        ),
        Mistake(
            id="softmax-masked-afterwards",
            says=(
                "You set entries to zero after the softmax; mask the scores before it, so that the "
                "others add up to 1."
            ),
            forward=lambda z, mask, axis=-1: (
                _plain(z, axis) * (np.broadcast_to(mask, np.shape(z)) != 0)
            ),
            commonness="common",
            example=Example((_Z, _M), [0.25, 0.25, 0.0]),
        ),
        Mistake(
            id="softmax-mask-of-zeros",
            says="You set the masked scores to 0, whose exponential is 1; they are -inf.",
            forward=lambda z, mask, axis=-1: _plain(
                np.where(np.broadcast_to(mask, np.shape(z)) != 0, z, 0.0), axis
            ),
            commonness="common",
            example=Example(([0.6931471805599453, 5.0], [1.0, 0.0]), [2 / 3, 1 / 3]),
        ),
        Mistake(
            id="softmax-mask-turned-round",
            says="You kept what the mask leaves out: 1 keeps an entry, 0 leaves it out.",
            forward=lambda z, mask, axis=-1: _softmax(z, np.asarray(mask) == 0, axis),
            example=Example((_Z, _M), [0.0, 0.0, 1.0]),
        ),
    ),
)
