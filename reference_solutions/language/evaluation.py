"""The value of an expression by itself: arithmetic in an answer, formulas at sampled inputs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import numpy as np

from reference_solutions.expressions.constants import CONSTANTS
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Index, Name, Number, Param
from reference_solutions.graph import REFUSALS, Array, refusal
from reference_solutions.language.by_hand import written_out
from reference_solutions.language.formula import parse_formula, parse_written
from reference_solutions.language.replacing import Known
from reference_solutions.language.written_formula import WrittenFormula, written_formula
from reference_solutions.operations import callable_operations, operation_called
from reference_solutions.operations.operation import Operation

Params: TypeAlias = "Mapping[str, Param]"


@dataclass(slots=True)
class Allowance:
    """What evaluating a stranger's formula may cost; :func:`evaluate` spends it.

    ``entries`` is how many numbers one array may hold and ``constant`` how large a named argument
    may be; ``work`` is what is left, in products of two numbers, to all operations together.
    """

    entries: int = 10_000
    constant: int = 1_000
    work: int = 8_000_000

    def spend(self, operation: Operation, arguments: Sequence[Array], params: Params) -> None:
        """Take off what an operation costs on ``arguments`` of any shape.

        Raises ValueError where it would be too much.
        """
        sizes = sorted(argument.size for argument in arguments)
        if operation.broadcasts:
            shapes = {argument.shape for argument in arguments} - {()}
            shape = shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes)
            made = math.prod(shape)
            work = made * len(arguments)
        else:
            made = 0
            work = math.prod(sizes[-2:]) + 20 * sum(sizes)
        for value in params.values():
            constants = value if isinstance(value, tuple) else (value,)
            numbers = [abs(one) for one in constants if isinstance(one, int | float)]
            if not all(one <= self.constant for one in numbers):
                raise ValueError(f"an argument of `{operation.name}` is too large")
            # A constant may be a size, a padding or a stride, for one axis or for two.
            grown = math.prod(1 + int(one) for one in numbers if one > 1)
            work *= grown if isinstance(value, tuple) else grown * grown
        self.work -= _CALL + work
        if made > self.entries or work > _LARGEST or self.work < 0:
            raise ValueError(f"the operands of `{operation.name}` are too large")


_CALL = 800
"""What an operation costs beside its products."""
_LARGEST = 1_000_000


def evaluate(
    expression: Expression,
    quantities: Callable[[Name], Array | None],
    numbers: Mapping[int, float] | None = None,
    allowance: Allowance | None = None,
) -> Array:
    """Return the value of ``expression``.

    ``quantities`` gives the value of a name, or None where it is unknown; ``numbers`` replaces the
    literals that start at the given offsets; ``allowance`` is what it may cost. Raises
    :class:`FormulaError` that points at the part that can't be computed.
    """
    with np.errstate(all="ignore"):
        return _value(expression, quantities, numbers or {}, allowance or Allowance())


def _value(
    expression: Expression,
    quantities: Callable[[Name], Array | None],
    numbers: Mapping[int, float],
    allowance: Allowance,
) -> Array:
    if isinstance(expression, Number):
        value = expression.value
        return np.asarray(numbers.get(expression.start, value), dtype=np.float64)
    if isinstance(expression, Name):
        found = quantities(expression)
        if found is None:
            raise FormulaError(f"unknown quantity `{expression.name}`", expression.start)
        return found
    if not isinstance(expression, Apply):
        raise FormulaError("this can't be evaluated")
    operation = operation_called(expression.operation)
    if operation is None:
        raise FormulaError(f"unknown function `{expression.operation}`", expression.start)
    arguments = [_value(argument, quantities, numbers, allowance) for argument in expression.args]
    params = {
        name: tuple(i.offset if isinstance(i, Index) else i for i in value)
        if isinstance(value, tuple)
        else value
        for name, value in expression.params.items()
    }
    try:
        operation.check_operands(len(arguments))
        operation.check_call(len(arguments), params)
        allowance.spend(operation, arguments, params)
        result = np.asarray(operation.compute(*arguments, **params), dtype=np.float64)
        if result.size > allowance.entries:
            raise ValueError(f"the value of `{operation.name}` is too large")
        return result
    except REFUSALS as error:
        raise FormulaError(refusal(error, arguments), expression.start) from None


def _constant(name: Name) -> Array | None:
    value = None if name.index else CONSTANTS.get(name.name)
    return None if value is None else np.asarray(value)


def elementary_functions() -> dict[str, Operation]:
    """Return what arithmetic may call, by every name: what a pocket calculator has."""
    return {name: one for name, one in callable_operations().items() if one.elementary}


def evaluate_number(text: str) -> float:
    """Return the value of a number or of a formula without names; raise :class:`FormulaError`."""
    return _scalar(evaluate(parse_formula(text, list(callable_operations())), _constant))


def arithmetic_by_hand(text: str) -> WrittenFormula:
    r"""Read arithmetic as people write it: ``2^3``, ``√2``, ``2π``, ``\frac{1}{2}``, ``ln 2``."""
    return written_out(written_formula(text), Known({}, list(elementary_functions()), ()))


def is_of_numbers(source: str) -> bool:
    """Whether the words of a text are constants and functions that are called."""
    return all(
        found[0] in CONSTANTS or source[found.end() :].lstrip().startswith("(")
        for found in WORD.finditer(source)
    )


WORD = re.compile(r"(?<![\w.])[^\W\d]\w*")
"""A name in a formula."""


def evaluate_arithmetic(text: str | WrittenFormula) -> float:
    """Return the value of arithmetic, ``1/3`` or ``-log(0.839)``. Raises :class:`FormulaError`.

    What the formula language can do beyond what is elementary would do the student's work.
    """
    written = written_formula(text) if isinstance(text, str) else text
    expression = parse_written(written, list(callable_operations()))
    for node in expression.walk():
        if isinstance(node, Apply):
            operation = operation_called(node.operation)
            if operation is None or not operation.elementary:
                _refuse(node, written.text)
    return _scalar(evaluate(expression, _constant))


def _refuse(node: Apply, text: str) -> NoReturn:
    start = max(node.start, 0)
    name = re.match(r"[^\W\d]\w*(?=\s*\()", text[start:])
    what = f"`{name[0]}` is no elementary function" if name else "this is no arithmetic"
    raise FormulaError(f"{what}: write the number that comes out", start)


def _scalar(value: Array) -> float:
    if value.ndim != 0:
        raise FormulaError(f"expected one number, got values of shape {value.shape}")
    if not np.isfinite(value):
        raise FormulaError("the value is not a finite number")
    return float(value)
