"""What many reports have in common is made once: the bounded memory of all formats.

Answers that show the same are found by all that they show, sentences and names by themselves.
Large ones are made anew each time, so that what is kept stays small whatever is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache, wraps
from operator import attrgetter
from typing import TypeAlias, TypeVar

from checker.report import AnswerReport

KEPT = 2048
"""How many parts of one kind are kept."""

_ENTRIES = 64
_LENGTH = 1000

_T = TypeVar("_T")
Shown: TypeAlias = tuple[object, ...]

_SHOWN = tuple(
    field.name for field in fields(AnswerReport) if field.name not in ("line", "column", "numbers")
)

what_is_shown: Callable[[AnswerReport], Shown] = attrgetter(*_SHOWN)
"""All of an answer but where it stands."""


def answer_that_shows(shown: Shown) -> AnswerReport:
    """Return an answer that stands nowhere, from what is shown of it."""
    return AnswerReport(**dict(zip(_SHOWN, shown, strict=True)))  # type: ignore[arg-type]


def is_common(answer: AnswerReport) -> bool:
    """Say whether a report says of an answer nothing that depends on the rest of its file.

    An answer that isn't right is said to stand somewhere, and a mistake has its number.
    """
    if answer.mistakes or (answer.line is not None and answer.verdict != "correct"):
        return False
    return len(answer.entries) <= _ENTRIES and len(answer.written) <= _LENGTH


def kept(function: Callable[[str], _T]) -> Callable[[str], _T]:
    """Have a function remember what it returned of short texts."""
    known = lru_cache(maxsize=KEPT)(function)

    @wraps(function)
    def of(text: str) -> _T:
        return known(text) if len(text) <= _LENGTH else function(text)

    return of
