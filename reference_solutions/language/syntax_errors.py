"""A formula that Python's syntax refuses: what people get wrong, and at which character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.language.foreign_notation import (
    sign_hint,
    syntax_hint,
)
from reference_solutions.language.written_formula import WrittenFormula

_IMPLICIT_PRODUCT = re.compile(r"(?<![\w.])(\d+(?:\.\d*)?)\s*([^\W\d]\w*|\()|[)\]]\s*(\w|\()")
_LEADING_ZERO = re.compile(r"(?<![\w.])0[0-9_]*[1-9][0-9_]*(?![\w.])")
_EQUALS_SIGN = re.compile(r":=|(?<![=<>!:])=(?!=)")


def check_characters(source: str) -> None:
    """Refuse signs that are not part of the language. Raises :class:`FormulaError`."""
    for offset, char in enumerate(source):
        if char in "#\\;|\0" or unicodedata.category(char) in ("Cc", "Cs", "Sm", "No"):
            if char in "+-*/<>=~^" or (not char.isascii() and char.isidentifier()):
                continue
            shown = f"`{char}`" if char.isprintable() else f"the character U+{ord(char):04X}"
            hint = sign_hint(char)
            raise FormulaError(
                f"{shown} is not part of the formula language{hint and f': {hint}'}", offset
            )


def syntax_error(  # noqa: PLR0911 - one return for each thing that people get wrong
    written: WrittenFormula, error: SyntaxError, functions: Collection[str]
) -> FormulaError:
    """Return what is wrong with a text that Python's parser refused."""
    source = written.source
    offset = min(max((error.offset or 1) - 1, 0), len(source))
    equals = _EQUALS_SIGN.search(source)
    if equals is not None and source[: equals.start()].count("(") == source[: equals.start()].count(
        ")"
    ):
        return FormulaError(
            "a formula is a value, not an equation: "
            f"leave out what stands left of `{equals.group(0)}`",
            equals.start(),
        )
    zero = _LEADING_ZERO.search(source)
    if zero is not None:
        plain = zero.group(0).lstrip("0_")
        return FormulaError(f"a number doesn't begin with 0: write `{plain}`", zero.start())
    hint = syntax_hint(source, functions)
    if hint is not None:
        return FormulaError(hint[1], hint[0])
    implicit = _IMPLICIT_PRODUCT.search(source)
    if implicit is not None:
        first = implicit.group(0)[0]
        at = implicit.start() + (1 if first in ")]" else len(implicit.group(1)))
        wrote = written.shown(implicit.start(), implicit.end()).strip()
        return FormulaError(
            f"a product needs its sign: write `*` between the factors in `{wrote}`", at
        )
    if error.offset in (None, 0) or source[-1] in "+-*/@,.":
        return FormulaError("the formula ends too early", len(source))
    at_char = source[offset : offset + 1]
    what = "the formula ends too early"
    if at_char.strip():
        write = sign_hint(at_char)
        what = f"unexpected `{at_char}`{write and f': {write}'}"
    if re.search(r"\w\s+\w", source):
        return FormulaError(
            f"{what}; between two names an operator is missing (write `*` for a product); the "
            "matrix product is `@`",
            offset,
        )
    return FormulaError(what, offset)


GRAMMAR: Mapping[str, re.Pattern[str]] = {
    "leading zero": _LEADING_ZERO,
    "equals sign": _EQUALS_SIGN,
    "implicit product": _IMPLICIT_PRODUCT,
}
"""What a text that can't be parsed is looked through for, for a page in another language."""
