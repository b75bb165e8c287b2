"""Operations in LaTeX: the one way from what is declared of an operation to what is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from reference_solutions.expressions.constants import LATEX
from reference_solutions.expressions.printing import (
    Binds,
    Operand,
    Shown,
    as_base,
    fence,
    first_operand,
)
from reference_solutions.language.source_text import number_text
from reference_solutions.operations import operation_called

_OPENING = ("(", "{", ", ", "|")
_CLOSING = (")", "}", ", ", r"\right)", "|")
_ONE_IN_PARENTHESES = re.compile(
    r"\\left\(((?:[A-Za-z]|\\[a-z]+|\\(?:hat|bar|mathrm)\{\w+\}|\\delta\^\{(?:[^{}]|\{[^{}]*\})+\})"
    r"(?:_\{[^{}]*\})?)\\right\)(?=\^)"
)


def applied_latex(name: str, operands: Sequence[Operand], params: Mapping[str, object]) -> Shown:
    """Return an operation on operands that are shown already, as it declares it."""
    operation = operation_called(name)
    template = operation.latex if operation is not None else ""
    if callable(template):
        return template(operands, params)
    if operation is not None and operation.transparent:
        return first_operand(operands, params)
    if operation is None or not template:
        # \operatorname loses the blank between words, and an underscore is no word.
        shown = name.replace("_", " ")
        command = "text" if " " in shown else "operatorname"
        return rf"\{command}{{{shown}}}({', '.join(o.text for o in operands)})", Binds.ATOM
    binds = operation.binds
    tight = binds >= Binds.FRACTION
    fenced = [o.text if tight else fence(o.text, o.binds, binds) for o in operands]
    return template.format(*fenced), binds


def filled(template: str, operands: Sequence[Shown]) -> str:
    """Put operands into a declared template, in parentheses where they need them."""
    pieces = [(literal, field) for literal, field, _, _ in Formatter().parse(template)]
    text = ""
    for (literal, field), (after, _) in zip(pieces, [*pieces[1:], ("", None)], strict=True):
        text += literal
        if field is None:
            continue
        shown, binds = operands[int(field)]
        enclosed = text.endswith(_OPENING) and after.startswith(_CLOSING)
        if not enclosed and (text or after):
            shown = fence(shown, binds, Binds.PRODUCT)
        text += as_base(shown) if after.startswith(("^", "_")) else shown
    return _ONE_IN_PARENTHESES.sub(r"{\1}", text)


def number_latex(value: float) -> Shown:
    """Return a constant number."""
    if value in LATEX:
        return LATEX[value], Binds.ATOM
    text = number_text(value)
    mantissa, _, exponent = text.partition("e")
    if exponent:
        return (
            rf"{mantissa} \cdot 10^{{{int(exponent)}}}",
            Binds.PRODUCT if value >= 0 else Binds.SIGN,
        )
    return text, Binds.ATOM if value >= 0 else Binds.SIGN
