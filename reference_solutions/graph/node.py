"""Nodes: single instances of families, each a function of the values of other nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.graph.family import Key
from reference_solutions.operations.operation import SetsRefusedError

Compute: TypeAlias = Callable[..., Array]

REFUSALS = (ValueError, LookupError, ArithmeticError, MemoryError)
"""What operations and numpy raise for operands that don't fit.

TypeError and AttributeError are not among them: these are errors of ours.
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: a function of the values of other nodes. ``key`` names the quantity.

    ``many``, if there is one, computes many values at once: all operands have a further first axis.
    """

    compute: Compute
    inputs: tuple[int, ...]
    key: Key
    many: Compute | None = None


def given_value(*_: Array) -> Array:
    """Stand for the operation of a given quantity, which is never computed."""
    raise AssertionError("given quantities are never computed")


def computed(compute: Compute, operands: Sequence[Array | None]) -> Array | None:
    """Return what an operation gives; None where it refuses its operands.

    Raises :class:`SetsRefusedError` where it computes many values and refuses some.
    """
    try:
        return np.asarray(compute(*operands), dtype=np.float64)
    except SetsRefusedError:
        raise
    except REFUSALS:
        return None


def refusal(error: BaseException, arguments: Sequence[Array | None]) -> str:
    """Return an operation's words, or ours where numpy's would not be understood."""
    if isinstance(error, np.exceptions.AxisError) and arguments and arguments[0] is not None:
        shape, last = arguments[0].shape, arguments[0].ndim - 1
        if last < 0:
            return "there is no axis in a single number"
        known = f"its axes are 0 to {last}" if last else "its only axis is 0"
        return f"there is no axis {error.axis} in an array of shape {shape}: {known}"
    message = str(error)
    if "broadcast" in message or not message:
        shapes = [str(argument.shape) for argument in arguments if argument is not None]
        return f"the shapes {' and '.join(dict.fromkeys(shapes))} don't fit together"
    return message


def constant_node(value: Array, key: Key) -> Node:
    """Return a node that is just a value: the edit "put"."""
    return Node(lambda: value, (), key)


def rounded_node(node: Node, digits: int) -> Node:
    """``node`` with its result rounded to significant digits: the edit "round"."""

    def compute(*args: Array) -> Array:
        return round_significant(node.compute(*args), digits)

    return replace(node, compute=compute, many=None)


def round_significant(values: Array, digits: int) -> Array:
    """``values`` rounded entry by entry to ``digits`` significant decimal digits."""
    values = np.asarray(values, dtype=np.float64)
    out = values.copy()
    usable = np.isfinite(values) & (values != 0)
    magnitude = np.floor(np.log10(np.abs(values[usable])))
    with np.errstate(over="ignore", invalid="ignore"):
        scale = 10.0 ** (digits - 1 - magnitude)
        rounded = np.round(values[usable] * scale) / scale
    # Beyond the range of floats there is nothing to scale by; such values stay as they are.
    out[usable] = np.where(np.isfinite(rounded), rounded, values[usable])
    return out
