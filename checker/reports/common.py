"""What many reports have in common is made once: the bounded memory of all formats.

Answers that show the same are one object, found by all that they show; what a format makes of them
is found by it. Sentences and names are found by themselves. Large ones are made anew each time, so
that what is kept stays small whatever is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache, wraps
from operator import attrgetter
from typing import TypeVar, TypeVarTuple

from checker.remembered import Remembered
from checker.report import AnswerReport

KEPT = 2048
"""How many parts of one kind are kept."""

_ENTRIES = 64
_LENGTH = 1000

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

_ELSE = ("line", "column", "numbers")
_all_shown: Callable[[AnswerReport], tuple[object, ...]] = attrgetter(
    *(field.name for field in fields(AnswerReport) if field.name not in _ELSE)
)


class Shown:
    """What is shown of an answer, wherever it stands: line and column of ``answer`` say nothing.

    It is equal to itself alone, which makes it quick to find by. Only what is ``common`` is kept.
    """

    __slots__ = ("answer", "common")

    def __init__(self, answer: AnswerReport, *, common: bool) -> None:
        self.answer = answer
        self.common = common


_known = Remembered[tuple[object, ...], Shown](KEPT)


def shown(answer: AnswerReport) -> Shown:
    """Return what is shown of an answer: the same for all that show the same.

    A text is everybody's own.
    """
    if (
        answer.verdict == "ungraded"
        or len(answer.entries) > _ENTRIES
        or len(answer.written) > _LENGTH
    ):
        return Shown(answer, common=False)
    what = _all_shown(answer)
    return _known.get(what) or _known.keep(what, Shown(answer, common=True))


def made_once(function: Callable[[Shown, *_Ts], _T]) -> Callable[[Shown, *_Ts], _T]:
    """Have a function remember what it made of what is shown of an answer, if that is common."""
    known = lru_cache(maxsize=KEPT)(function)

    @wraps(function)
    def of(what: Shown, /, *rest: *_Ts) -> _T:
        return (known if what.common else function)(what, *rest)

    return of


def kept(function: Callable[[str], _T]) -> Callable[[str], _T]:
    """Have a function remember what it returned of short texts."""
    known = lru_cache(maxsize=KEPT)(function)

    @wraps(function)
    def of(text: str) -> _T:
        return known(text) if len(text) <= _LENGTH else function(text)

    return of
