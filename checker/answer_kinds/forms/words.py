"""How forms of answers are said, the same in the template, the schema and the messages."""

from __future__ import annotations

from collections.abc import Sequence

from checker.words import plural

FEW = 12
"""So many names are listed where they are needed; more are listed once, at the top."""

HOW_TO_WRITE_FORMULAS = (
    "Formulas: + - * / and ** for powers, @ for the matrix product, x[1] for an entry, "
    "functions such as tanh(...) and exp(...)."
)


def numbers_words(shape: Sequence[int], noun: str) -> str:
    """Return ``a number``, ``3 numbers`` or ``3 x 3 numbers, row by row``."""
    order = ("", "", ", row by row")[len(shape)] if len(shape) < 3 else ", nested"
    return f"{count_words(shape, noun)}{order}"


def count_words(shape: Sequence[int], noun: str) -> str:
    """Return ``a number``, ``3 numbers`` or ``3 x 3 numbers``."""
    if not shape:
        return f"a {noun}"
    if len(shape) == 1:
        return plural(shape[0], noun)
    return f"{' x '.join(map(str, shape))} {noun}s"
