"""Orders of growth, read as people write them.

``O(G^2 H (D + H))`` may stand with or without its O, with `^` for a power and without the signs of
products: what may stand in it is known, so there is one way to read it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping

from checker.answer_kinds.reading.written import Unreadable
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Expression, Name
from reference_solutions.language.by_hand import latex_written_out
from reference_solutions.language.formula import MAX_LENGTH, parse_formula, parse_written
from reference_solutions.language.implicit_products import with_products
from reference_solutions.language.replacing import Known
from reference_solutions.language.written_formula import written_formula
from reference_solutions.operations import callable_operations
from submissions_schema.nearness import nearest
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import Document, TreePath

_CONSTANTS = {"e": math.e, "pi": math.pi}
_BOUNDS = ("O", "o", "\u0398", "\u03b8", "Theta", "theta", "\\Theta", "\\mathcal", "mathcal")
_LEFT_SIDE = re.compile(
    r"\A(?:[^=\u2208\u2248~]*[=\u2208\u2248~])?\s*"
    r"(?:big[- ]?(?=O)(?:O\s+of\b)?|(?:of\s+)?order\s+(?:of\s+)?)?\s*",
    re.IGNORECASE,
)
_CALLIGRAPHIC = re.compile(r"\\(?:mathcal|mathrm|cal)\s*\{?\s*O\s*\}?|\\(?:Theta|O)\b")
_LOWER_BOUND = re.compile(r"(?<!\w)(?:\u03a9|\u03c9|\\?Omega)\s*\(")


def read_order(
    text: str, symbols: Collection[str], document: Document, path: TreePath
) -> Expression | Unreadable:
    """Read ``O(G**2 * H)``, or ``G^2 H``; the O is optional."""
    try:
        return parse_order(text, symbols)
    except FormulaError as error:
        place = document.text_offset_place(path, error.offset)
        return Unreadable((Problem(error.message, place, None, None),))


def parse_order(text: str, symbols: Collection[str]) -> Expression:
    """Read an order of growth in symbols. Raises :class:`FormulaError`."""
    functions = list(callable_operations())
    if len(text) > MAX_LENGTH:
        parse_formula(text, functions)
    written = written_formula(text)
    lower = _LOWER_BOUND.search(written.source)
    if lower is not None and lower[0].rstrip("( ") not in symbols:
        raise FormulaError(
            "this is a lower bound: write `O(\u2026)` or `\u0398(\u2026)`",
            written.place(lower.start()),
        )
    while (dollar := written.source.find("$")) >= 0:
        written = written.changed(dollar, dollar + 1, " ")
    end = len(written.source.rstrip(" .,;"))
    written = written.changed(end, len(written.source), "")
    left = _LEFT_SIDE.match(written.source)
    if left is not None:
        written = written.changed(0, left.end(), "")
    while (found := _CALLIGRAPHIC.search(written.source)) is not None:
        written = written.changed(found.start(), found.end(), "O")
    written = latex_written_out(written, Known(dict.fromkeys(symbols, 0), functions, ()))
    bounds = [bound for bound in _BOUNDS if bound not in symbols or bound == "O"]
    expression = parse_written(with_products(written, symbols, functions, bounds), functions)
    for node in expression.walk():
        if isinstance(node, Name) and node.name not in symbols and node.name not in _CONSTANTS:
            near = nearest(node.name, symbols)
            hint = f"; did you mean `{near}`?" if near is not None else _expected(symbols)
            raise FormulaError(f"unknown quantity `{node.name}`{hint}", node.start)
    return expression


def _expected(symbols: Collection[str]) -> str:
    if len(symbols) > 8:
        return ""
    return ": expected " + ", ".join(f"`{symbol}`" for symbol in symbols)


GRAMMAR: Mapping[str, re.Pattern[str]] = {
    "left side": _LEFT_SIDE,
    "calligraphic": _CALLIGRAPHIC,
    "lower bound": _LOWER_BOUND,
}
"""What stands around an order of growth, for a page that reads in another language."""

BOUNDS: Collection[str] = _BOUNDS
"""What may stand before the bracket of an order of growth."""
