"""Replacing what stands in a formula that was written by hand, place by place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from reference_solutions.language.written_formula import WrittenFormula
from submissions_schema.written_number import UNSIGNED

WORD = r"[^\W\d]\w*"
"""A name."""
NAME = re.compile(rf"(?<![\w\\])({WORD})")
ATOM = re.compile(rf"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|{WORD}(?:\s*\[[^\[\]]*\])*)")
"""A number, or a name with its index."""
OPERAND = re.compile(rf"(?:{UNSIGNED}|{WORD}(?:\s*\[[^\[\]]*\])*)\s*(?=\Z|[-+),\]])")
"""A number or a quantity that stands alone."""
SEVERAL = ("lg", "\u03a3")
"""What may be one function or another: `lg` has base 10 or 2."""
MOST = 200
"""How many places of one kind are read."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a formula may speak of: quantities with the subscripts they take, functions, indices."""

    names: Mapping[str, int]
    functions: Collection[str]
    variables: Collection[str]


def replaced(
    written: WrittenFormula,
    pattern: re.Pattern[str],
    made: Callable[[re.Match[str]], str | None],
) -> WrittenFormula:
    """Replace what a pattern finds, from the end on; what None is made of stays."""
    found = list(pattern.finditer(written.source))[:MOST]
    for match in reversed(found):
        new = made(match)
        if new is not None and new != match[0]:
            written = written.changed(match.start(), match.end(), new)
    return written


def closing(source: str, at: int) -> int | None:
    """Return where the bracket that opens at a place is closed."""
    pairs = {"{": "}", "(": ")", "[": "]"}
    depth = 0
    for end in range(at, len(source)):
        depth += (source[end] == source[at]) - (source[end] == pairs[source[at]])
        if not depth:
            return end
    return None


def last(pattern: re.Pattern[str], source: str) -> re.Match[str] | None:
    """Return the last place of a pattern: what stands in it has none within."""
    found = list(pattern.finditer(source))
    return found[-1] if found else None
