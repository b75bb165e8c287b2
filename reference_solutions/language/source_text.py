"""Expressions as plain text: to be read again, and as a person would write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from reference_solutions.expressions.constants import CONSTANTS
from reference_solutions.expressions.printing import Binds, Operand, Shown, first_operand
from reference_solutions.expressions.tree import Apply, Expression, Name, Number
from reference_solutions.graph import Constant, Ref
from reference_solutions.operations import operation_called

Show: TypeAlias = Callable[[Ref], str]
"""How a reference to a quantity is written for people."""


def source_text(expression: Expression) -> str:
    """Return an expression in the formula language, so that it can be read again."""
    return _source(expression, None)[0]


def formula_text(expression: Expression, show: Show | None = None) -> str:
    """Return an expression as a person would write it, without what a formula leaves unsaid.

    ``show`` writes the references in it.
    """
    return _source(expression, show or _reference)[0]


def number_text(value: float) -> str:
    """Return a constant number, with six digits at most."""
    name = next((name for name, known in CONSTANTS.items() if known == value), None)
    return name or f"{value:g}"


def _source(node: Expression, show: Show | None) -> Shown:
    """``show`` writes references for people; without it every detail is kept, for reading again."""
    if isinstance(node, Number):
        text = node.text or number_text(node.value)
        return text, Binds.SIGN if text.startswith("-") else Binds.LITERAL
    if isinstance(node, Name):
        return (show or _reference)(Ref(node.name, node.index)), Binds.ATOM
    leaf = getattr(node, "input", None)
    if isinstance(leaf, Ref):
        return (show or _reference)(leaf), Binds.ATOM
    if isinstance(leaf, Constant):
        return number_text(leaf.value), Binds.ATOM if leaf.value >= 0 else Binds.SIGN
    if not isinstance(node, Apply):
        return "…", Binds.ATOM
    operands = [Operand(*_source(arg, show)) for arg in node.args]
    return _applied(node, operands, for_people=show is not None)


def _reference(ref: Ref) -> str:
    return ref.family + (f"[{', '.join(map(str, ref.index))}]" if ref.index else "")


def _applied(node: Apply, operands: Sequence[Operand], *, for_people: bool) -> Shown:
    operation = operation_called(node.operation)
    if operation is not None:
        printer = operation.text
        if for_people:
            printer = operation.words or (first_operand if operation.transparent else printer)
        if printer is not None:
            return printer(operands, node.params)
    arguments = [operand.text for operand in operands]
    if not for_people:
        arguments += [f"{key}={value!r}" for key, value in node.params.items()]
    return f"{node.operation}({', '.join(arguments)})", Binds.ATOM
