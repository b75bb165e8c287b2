"""The formula language: text to an expression tree, through a whitelist over Python's syntax.

One language for the teacher's steps, a student's symbolic answer and arithmetic in a numeric one.
The text is parsed by :mod:`ast` and never run: only the node types named here are translated,
names of functions are looked up in the table of operations, and everything else is an error that
points at its character.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Mapping

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Name
from reference_solutions.language.foreign_notation import (
    notation_hint,
)
from reference_solutions.language.syntax_errors import check_characters, syntax_error
from reference_solutions.language.translation import MAX_DEPTH, translated
from reference_solutions.language.written_formula import WrittenFormula, written_formula

MAX_LENGTH = 2_000
MAX_LEVELS = 60
"""How deep the tree of a formula may be; sums and products of any length are one level."""


def parse_formula(
    text: str, functions: Collection[str], index_variables: Collection[str] = ()
) -> Expression:
    """Parse ``text``.

    ``functions`` are the names that may be called, ``index_variables`` those that may stand in a
    subscript (``h[t-1]``). Numbers are decimal and written without underscores. Raises
    :class:`FormulaError`, and nothing else, for a text that is no formula.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"the formula is too long: expected at most {MAX_LENGTH} characters, got {len(text)}",
            MAX_LENGTH,
        )
    return parse_written(written_formula(text), functions, index_variables)


def parse_written(
    written: WrittenFormula, functions: Collection[str], index_variables: Collection[str] = ()
) -> Expression:
    """Parse a formula whose signs were read already. Raises :class:`FormulaError`."""
    source = written.source
    if not source:
        raise FormulaError("the formula is empty")
    try:
        _check_depth(source)
        hint = notation_hint(source, functions)
        if hint is not None:
            raise FormulaError(hint[1], hint[0])
        check_characters(source)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source, mode="eval")
        except SyntaxError as error:
            raise syntax_error(written, error, functions) from None
        except (ValueError, MemoryError, RecursionError):
            raise FormulaError("this is not a formula") from None
    except FormulaError as error:
        raise FormulaError(error.message, written.place(error.offset)) from None
    expression = translated(tree.body, written, functions, index_variables)
    _check_levels(expression)
    return expression


def _check_levels(expression: Expression) -> None:
    """Refuse a tree so deep that reading it would exhaust Python's stack."""
    pending = [(expression, 1)]
    while pending:
        node, level = pending.pop()
        if isinstance(node, Apply):
            if level > MAX_LEVELS:
                raise FormulaError(
                    f"the formula is nested too deeply (more than {MAX_LEVELS} levels)", node.start
                )
            pending.extend((arg, level + 1) for arg in node.args)


def _check_depth(source: str) -> None:
    depth = 0
    run = 0
    for offset, char in enumerate(source):
        depth += (char in "([{") - (char in ")]}")
        # Python's parser recurses on prefix signs and right-nested powers as it does on brackets.
        run = run + 1 if char in "-+~*" else (run if char == " " else 0)
        if depth > MAX_DEPTH or run > MAX_DEPTH:
            raise FormulaError(
                f"the formula is nested too deeply (more than {MAX_DEPTH} levels)", offset
            )


def names_in(expression: Expression) -> Mapping[str, int]:
    """Return the names that ``expression`` refers to, each with its first offset."""
    found: dict[str, int] = {}
    for node in expression.walk():
        if isinstance(node, Name):
            found.setdefault(node.name, node.start)
    return found
