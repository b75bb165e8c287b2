"""What printers are made of: how tightly each form of writing binds, and parentheses by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple, TypeAlias


class Binds(IntEnum):
    """How tightly forms of writing bind, in LaTeX and in the formula language alike."""

    SUM = 10
    SUMMATION = 12
    SIGN = 15
    PRODUCT = 20
    POWER = 40
    INVERSE = 45
    TRANSPOSE = 50
    FRACTION = 90
    LITERAL = 95
    ATOM = 100
    """What needs no parentheses anywhere."""


Shown: TypeAlias = tuple[str, int]
"""A text, and how tightly it binds."""


class Operand(NamedTuple):
    """An operand as it is shown; ``is_number`` where it is known to be a single number."""

    text: str
    binds: int
    is_number: bool = False


Printer: TypeAlias = Callable[[Sequence[Operand], Mapping[str, object]], Shown]
"""How an operation is written: from its operands, as they are shown, and its params."""


def fence(text: str, inner: int, outer: int) -> str:
    """Return LaTeX in parentheses where it binds less tightly than what stands around it."""
    return rf"\left({text}\right)" if inner < outer else text


def as_base(text: str) -> str:
    """Return LaTeX so that an exponent can follow: TeX allows one to a base."""
    return f"{{{text}}}" if "^" in text or "_" in text else text


def in_parentheses(text: str, inner: int, outer: int) -> str:
    """Return plain text in parentheses where it binds less tightly than what is around it."""
    return f"({text})" if inner < outer else text


def infix(symbol: str, binds: Binds, *, groups_left: bool = True) -> Printer:
    """Return the printer of an operator that stands between its operands."""

    def printer(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
        shown = []
        for position, (text, inner, _) in enumerate(operands):
            first = position == 0
            # A sign before the first factor is read as part of it: -a * b.
            signed = first and inner == Binds.SIGN and binds == Binds.PRODUCT
            outer = binds if first and groups_left else binds + 1
            shown.append(text if signed else in_parentheses(text, inner, outer))
        return symbol.join(shown), binds

    return printer


def first_operand(operands: Sequence[Operand], _params: Mapping[str, object]) -> Shown:
    """Print what people don't write: its first operand alone."""
    return operands[0].text, operands[0].binds


def subscripted(written: Callable[[Mapping[str, object]], str], *, latex: bool = False) -> Printer:
    """Return the printer of a part of an operand, ``x[0:2, 1]``; ``written`` is in the brackets."""

    def printer(operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
        text, inner, _ = operands[0]
        base = (
            fence(text, inner, Binds.FRACTION) if latex else in_parentheses(text, inner, Binds.ATOM)
        )
        return f"{base}[{written(params)}]", Binds.ATOM

    return printer


def signs_of(params: Mapping[str, object]) -> tuple[int, ...]:
    """Return the signs among the params of a sum, 1 or -1 for each term."""
    signs = params["signs"]
    assert isinstance(signs, tuple)
    return signs
