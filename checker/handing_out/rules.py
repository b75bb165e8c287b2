"""The rules of form as data: what the page needs to read as the readers of Python do.

Nothing is stated here. Every expression, sign, limit and word is the one that Python's own reader
uses; what an operation does to shapes is found by trying it, and how it is drawn by drawing it.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from checker.answer_kinds.reading import orders
from checker.answer_kinds.reading.lists import NUMBER_IN_LIST
from checker.answer_kinds.reading.printed import GRAMMAR as PRINTED
from checker.answer_kinds.reading.quantities import MAX_TERMS
from checker.answer_kinds.reading.written import AROUND_PLACEHOLDERS
from checker.handing_out.patterns import ecmascript
from checker.reports.mathml import mathml
from reference_solutions.expressions.constants import CONSTANTS
from reference_solutions.expressions.printing import Binds, Operand
from reference_solutions.language import by_hand, foreign_notation, implicit_products, syntax_errors
from reference_solutions.language.calls import OTHER_NAMES
from reference_solutions.language.evaluation import WORD, elementary_functions
from reference_solutions.language.formula import MAX_LENGTH
from reference_solutions.language.latex import applied_latex
from reference_solutions.language.latex_names import name_latex
from reference_solutions.language.translation import DECIMAL, MAX_DEPTH, MAX_NAME, MAX_NODES
from reference_solutions.language.written_formula import FRACTIONS, RAISED, SIGNS
from reference_solutions.operations import callable_operations, operation_called
from reference_solutions.operations.operation import Operation
from submissions_schema import written_number
from submissions_schema.nearness import LETTERS
from submissions_schema.submission import (
    INVISIBLE_CATEGORIES,
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    PLACEHOLDER_ID,
)

Rules = dict[str, Any]

_OPERATORS = ("add", "multiply", "divide", "matmul", "power", "negate", "transpose", "stack")
"""What the page's grammar reads that is no call."""
_PLACE = r"\text{{@{}@}}"
"""What stands for an operand in a drawing: one element, ``<mtext>@0@</mtext>``."""
_TRIED = ((), (2,), (3,), (2, 3), (3, 2), (4, 4))


def rules_of(names: Iterable[str], functions: Iterable[str]) -> Rules:
    """Return the rules for answers in some names and functions of a sheet."""
    return {
        "numbers": {
            **_grammar(written_number.GRAMMAR),
            "longest": written_number.MAX_LENGTH,
            "minusSigns": written_number.MINUS_SIGNS,
            "constants": sorted(CONSTANTS),
            "advice": [[ecmascript(pattern), words] for pattern, words in written_number.ADVICE],
            "inList": ecmascript(NUMBER_IN_LIST),
            "printed": _grammar(PRINTED),
        },
        "formulas": {
            **_grammar(foreign_notation.GRAMMAR),
            **_grammar(syntax_errors.GRAMMAR),
            "decimal": ecmascript(DECIMAL),
            "longest": MAX_LENGTH,
            "longestName": MAX_NAME,
            "deepest": MAX_DEPTH,
            "mostParts": MAX_NODES,
            "mostTerms": MAX_TERMS,
            "signs": dict(SIGNS),
            "raised": dict(RAISED),
            "fractions": dict(FRACTIONS),
            "keywords": list(keyword.kwlist),
            "constants": sorted(CONSTANTS),
            "elementary": _elementary(),
            "writeForSign": dict(foreign_notation.WRITE_FOR_SIGN),
            "writeForCommand": dict(foreign_notation.WRITE_FOR_COMMAND),
            "otherNames": dict(OTHER_NAMES),
            "functionFor": dict(foreign_notation.FUNCTION_FOR),
            "operations": {
                name: _operation(name) for name in dict.fromkeys((*_OPERATORS, *functions))
            },
            "names": {name: _drawn(name_latex(name)) for name in names},
            "binds": {binds.name: int(binds) for binds in Binds},
        },
        "byHand": {
            "patterns": _grammar({**by_hand.PATTERNS, "word": WORD}),
            **by_hand.WORDS,
            "functionFor": dict(foreign_notation.FUNCTION_FOR),
            "letters": dict(LETTERS),
            "constants": sorted(CONSTANTS),
        },
        "orders": {
            **_grammar(orders.GRAMMAR),
            "bounds": list(orders.BOUNDS),
            "token": ecmascript(implicit_products.TOKEN),
            "logarithms": dict(implicit_products.LOGARITHMS),
            "latexSigns": dict(implicit_products.LATEX_SIGNS),
            "functions": list(callable_operations()),
        },
        "texts": {
            "blanks": _blanks(),
            "around": AROUND_PLACEHOLDERS,
            "invisible": "".join(rf"\p{{{name}}}" for name in sorted(INVISIBLE_CATEGORIES)),
            "longestId": MAX_ID_LENGTH,
            "longestName": MAX_NAME_LENGTH,
            "placeholderId": PLACEHOLDER_ID,
        },
    }


def _grammar(patterns: Mapping[str, re.Pattern[str]]) -> Rules:
    return {name: ecmascript(pattern) for name, pattern in patterns.items()}


@lru_cache(maxsize=1)
def _blanks() -> str:
    """Return all characters that part words."""
    return "".join(c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace())


def _elementary() -> dict[str, str]:
    """Return the names of the functions that may stand in arithmetic, and what each computes."""
    return {name: operation.name for name, operation in elementary_functions().items()}


@lru_cache(maxsize=512)
def _operation(name: str) -> Rules:
    operation = operation_called(name)
    assert operation is not None
    of_numbers = dict(_drawings(operation, numbers=True))
    of_arrays = dict(_drawings(operation, numbers=False))
    return {
        "arity": list(operation.arity),
        "takes": list(operation.params),
        "operands": list(operation.operand_names),
        "forTwo": bool(operation.for_two),
        "shape": _what_it_does_to_shapes(operation),
        "overIndex": operation.latex_over_index is not None,
        "ofNothing": operation.of_nothing,
        "drawn": of_numbers,
        **({"drawnOfArrays": of_arrays} if of_arrays != of_numbers else {}),
    }


def _drawings(operation: Operation, *, numbers: bool) -> Iterator[tuple[int, tuple[str, int]]]:
    """Yield how it is drawn with so many operands, and how tightly the drawing binds."""
    least, most = operation.arity
    for count in range(least, min(most, 4) + 1):
        operands = [Operand(_PLACE.format(at), Binds.ATOM, numbers) for at in range(count)]
        try:
            latex, binds = applied_latex(operation.name, operands, {})
        except (KeyError, AssertionError, ValueError):
            continue
        yield count, (_drawn(latex), int(binds))


def _drawn(latex: str) -> str:
    """Return LaTeX as the inside of a ``<math>`` element."""
    whole = mathml(latex)
    if whole is None:
        return ""
    return re.sub(r"\A<math[^>]*>|</math>\Z", "", whole)


def _what_it_does_to_shapes(operation: Operation) -> str:
    """Return what it makes of its operands' shapes, as far as trying tells: else nothing."""
    if operation.broadcasts:
        return "broadcast"
    if operation.arity[0] > 2 or any(p.required for p in operation.params.values()):
        return ""
    tried = [(shape,) * operation.arity[0] for shape in _TRIED]
    made = {shapes[0]: _made(operation, shapes) for shapes in tried}
    if operation.arity[0] == 1:
        if all(after == before for before, after in made.items()):
            return "same"
        if all(after == () for after in made.values()):
            return "number"
    return ""


def _made(operation: Operation, shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...] | None:
    try:
        with np.errstate(all="ignore"):
            made = np.asarray(operation.compute(*(np.full(shape, 0.5) for shape in shapes)))
    except (ValueError, TypeError, IndexError, ArithmeticError):
        return None
    return made.shape
