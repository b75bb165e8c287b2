"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from submissions_schema.problems import Place

if TYPE_CHECKING:
    from checker.authoring.lint.sheet import LintedSheet


@dataclass(frozen=True, slots=True)
class Remark:
    """One weakness of a sheet.

    ``about`` is what it is about: a mistake's id, a quantity, a question's or an answer's path. The
    more ``weight``, the worse. ``hint`` says what would help.
    """

    about: str
    message: str
    place: Place
    weight: float
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A sheet with a weakness, without the lines that every sheet has.

    It is remarked on in the line that holds ``at``, with all of ``words``.
    """

    sheet: str
    at: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``says`` is what it looks for and why that matters.

    ``examples`` and ``fine``, sheets on which it has nothing to say, are its tests.
    """

    id: str
    says: str
    remarks: Callable[[LintedSheet], Iterator[Remark]]
    examples: tuple[Example, ...]
    fine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark, and the check that made it. ``reason`` is why it is ignored, if it is."""

    check: str
    remark: Remark
    reason: str | None = None

    @property
    def id(self) -> str:
        """By what it can be ignored alone: ``check/about``."""
        return f"{self.check}/{self.remark.about}"
