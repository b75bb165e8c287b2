"""The value of an expression by itself: arithmetic in an answer, formulas at sampled inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from reference_solutions.expression import Apply, Expression, Index, Name, Number
from reference_solutions.formula import FormulaError, parse_formula
from reference_solutions.graph import REFUSALS, Array, refusal
from reference_solutions.operations import callable_operations, operations
from reference_solutions.operations.operation import Operation

MAX_ENTRIES = 10_000_000
"""How many numbers an operation of a student's formula may make."""

_CONSTANTS = {"e": np.e, "pi": np.pi}


def evaluate(
    expression: Expression,
    quantities: Callable[[Name], Array | None],
    numbers: Mapping[int, float] | None = None,
) -> Array:
    """Return the value of ``expression``.

    ``quantities`` gives the value of a name, or None where it is unknown; ``numbers`` replaces the
    literals that start at the given offsets. Raises :class:`FormulaError` that points at the part
    that can't be computed.
    """
    if isinstance(expression, Number):
        value = expression.value
        if numbers and expression.start in numbers:
            value = numbers[expression.start]
        return np.asarray(value, dtype=np.float64)
    if isinstance(expression, Name):
        found = quantities(expression)
        if found is None:
            raise FormulaError(f"unknown quantity `{expression.name}`", expression.start)
        return found
    if not isinstance(expression, Apply):
        raise FormulaError("this can't be evaluated")
    operation = operations().get(expression.operation) or callable_operations().get(
        expression.operation
    )
    if operation is None:
        raise FormulaError(f"unknown function `{expression.operation}`", expression.start)
    arguments = [evaluate(argument, quantities, numbers) for argument in expression.args]
    smallest, largest = operation.arity
    if not smallest <= len(arguments) <= largest:
        raise FormulaError(
            f"`{expression.operation}` takes {smallest} operands, got {len(arguments)}",
            expression.start,
        )
    params = {
        name: tuple(i.offset if isinstance(i, Index) else i for i in value)
        if isinstance(value, tuple)
        else value
        for name, value in expression.params.items()
    }
    for name in params:
        if name not in operation.params:
            raise FormulaError(
                f"`{expression.operation}` has no argument `{name}`", expression.start
            )
    try:
        _check_size(operation, arguments)
        with np.errstate(all="ignore"):
            return np.asarray(operation.compute(*arguments, **params), dtype=np.float64)
    except REFUSALS as error:
        raise FormulaError(refusal(error, arguments), expression.start) from None


def _check_size(operation: Operation, arguments: list[Array]) -> None:
    """Refuse what would be too large: the text may come from anyone."""
    if operation.broadcasts:
        size = math.prod(np.broadcast_shapes(*(argument.shape for argument in arguments)))
    else:
        size = math.prod(sorted(argument.size for argument in arguments)[-2:])
    if size > MAX_ENTRIES:
        raise ValueError(f"the operands of `{operation.name}` are too large")


def _constant(name: Name) -> Array | None:
    value = None if name.index else _CONSTANTS.get(name.name)
    return None if value is None else np.asarray(value)


def evaluate_number(text: str) -> float:
    """Return the value of a number or arithmetic, ``1/3``. Raises :class:`FormulaError`."""
    return evaluate_arithmetic(text)[0]


def evaluate_arithmetic(text: str) -> tuple[float, float]:
    """Return the value of arithmetic, and what the digits of its literals leave open.

    A literal with a decimal point stands for anything within half a unit of its last place
    (``-log(0.839)``); whole numbers are exact (``1/3``). The second value adds up what each
    literal's half unit changes. Raises :class:`FormulaError`.
    """
    expression = parse_formula(text, list(callable_operations()))
    value = _scalar(evaluate(expression, _constant))
    spread = 0.0
    for node in expression.walk():
        if isinstance(node, Number) and "." in node.text:
            half = half_unit(node.text)
            moved = {node.start: node.value + half}
            spread += abs(_scalar(evaluate(expression, _constant, moved)) - value)
    return value, spread


def half_unit(text: str) -> float:
    """Half a unit in the last written place of a literal."""
    mantissa, _, exponent = text.lower().partition("e")
    places = len(mantissa.partition(".")[2])
    # Beyond 300 powers of ten a float has no half unit to speak of.
    return 0.5 * 10.0 ** min(int(exponent or 0) - places, 300)


def _scalar(value: Array) -> float:
    if value.ndim != 0:
        raise FormulaError(f"expected one number, got values of shape {value.shape}")
    if not np.isfinite(value):
        raise FormulaError("the value is not a finite number")
    return float(value)
