"""Expression trees: what a formula says, before it becomes part of a graph.

The same trees come from three hands: the parser (a teacher's steps, a student's formula), the
derivative rules of the operations, which build them with Python's operators, and the mutations.
Sums and products are n-ary, so that "this term" and "this factor" have a place of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

Param: TypeAlias = "int | float | str | bool | tuple[int | Index, ...] | None"
Operand: TypeAlias = "Expression | int | float"

_NO_PARAMS: Mapping[str, Param] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Index:
    """An index expression ``scale * variable + offset``; a constant where ``variable`` is None."""

    variable: str | None
    offset: int = 0
    scale: int = 1

    def at(self, bindings: Mapping[str, int]) -> int:
        """Return the index where the variables have the values of ``bindings``."""
        if self.variable is None:
            return self.offset
        return self.scale * bindings[self.variable] + self.offset

    def shifted(self, by: int) -> Index:
        """Return the same index, ``by`` further."""
        return Index(self.variable, self.offset + by, self.scale)

    def __str__(self) -> str:
        if self.variable is None:
            return str(self.offset)
        if self.scale == -1:
            return f"{self.offset}-{self.variable}"
        if self.offset == 0:
            return self.variable
        return f"{self.variable}{self.offset:+d}"


class Expression:
    """A node of an expression tree. Python's arithmetic operators build larger trees."""

    __slots__ = ()

    def __add__(self, other: Operand) -> Expression:
        return _sum(self, as_expression(other), 1)

    def __radd__(self, other: Operand) -> Expression:
        return _sum(as_expression(other), self, 1)

    def __sub__(self, other: Operand) -> Expression:
        return _sum(self, as_expression(other), -1)

    def __rsub__(self, other: Operand) -> Expression:
        return _sum(as_expression(other), self, -1)

    def __mul__(self, other: Operand) -> Expression:
        return _product(self, as_expression(other))

    def __rmul__(self, other: Operand) -> Expression:
        return _product(as_expression(other), self)

    def __truediv__(self, other: Operand) -> Expression:
        return Apply("divide", (self, as_expression(other)))

    def __rtruediv__(self, other: Operand) -> Expression:
        return Apply("divide", (as_expression(other), self))

    def __pow__(self, other: Operand) -> Expression:
        return Apply("power", (self, as_expression(other)))

    def __matmul__(self, other: Operand) -> Expression:
        return Apply("matmul", (self, as_expression(other)))

    def __neg__(self) -> Expression:
        return Apply("negate", (self,))

    @property
    def T(self) -> Expression:  # noqa: N802 - the field's name for a transpose
        """The transpose."""
        return Apply("transpose", (self,))

    def walk(self) -> Iterator[Expression]:
        """Yield the node and all below it, parents first."""
        stack: list[Expression] = [self]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Apply):
                stack.extend(reversed(node.args))


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A literal; ``text`` is how it was written, ``start`` its offset in the formula."""

    value: float
    text: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """A quantity by name, with the subscripts that follow it."""

    name: str
    index: tuple[Index, ...] = ()
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Apply(Expression):
    """An operation applied to operands; ``params`` are its constants (an axis, a sum's signs)."""

    operation: str
    args: tuple[Expression, ...]
    params: Mapping[str, Param] = field(default_factory=lambda: _NO_PARAMS)
    start: int = field(default=0, compare=False)


def as_expression(value: Operand) -> Expression:
    """``value`` itself, or a :class:`Number` made of it."""
    return value if isinstance(value, Expression) else Number(float(value), f"{value:g}")


def apply(operation: str, *args: Operand, **params: Param) -> Expression:
    """``operation`` applied to ``args``; how the derivative rules name an operation."""
    return Apply(operation, tuple(as_expression(arg) for arg in args), params)


def _sum(left: Expression, right: Expression, sign: int) -> Expression:
    args: tuple[Expression, ...] = (left,)
    signs: tuple[int, ...] = (1,)
    if isinstance(left, Apply) and left.operation == "add":
        args, signs = left.args, signs_of(left.params)
    return Apply("add", (*args, right), {"signs": (*signs, sign)}, start=getattr(left, "start", 0))


def signs_of(params: Mapping[str, Param]) -> tuple[int, ...]:
    """Return the signs of a sum's terms."""
    signs = params["signs"]
    assert isinstance(signs, tuple)
    return tuple(int(sign) for sign in signs if not isinstance(sign, Index))


def _product(left: Expression, right: Expression) -> Expression:
    args = left.args if isinstance(left, Apply) and left.operation == "multiply" else (left,)
    return Apply("multiply", (*args, right), start=getattr(left, "start", 0))
