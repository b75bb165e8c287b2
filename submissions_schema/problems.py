"""Problems found in a file: what was expected, what came, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; ``line`` and ``column`` are 1-based, ``None`` where no line applies."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, in a sentence, with its place."""

    message: str
    place: Place
    expected: str | None = None
    got: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"

    @property
    def text(self) -> str:
        """The message with what was expected and what came, without the place."""
        if self.expected is not None and self.got is not None:
            return f"{self.message}: expected {self.expected}, got {self.got}"
        if self.expected is not None:
            return f"{self.message}: expected {self.expected}"
        if self.got is not None:
            return f"{self.message}: got {self.got}"
        return self.message


class InputError(Exception):
    """An input that can't be used. ``problems`` holds every reason found, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(text: str) -> str:
    """Write a text as a message shows it: on one line, shortened, between back quotes."""
    line = " ".join(text[: 4 * _SHOWN_LENGTH].split())
    if len(line) > _SHOWN_LENGTH or len(text) > 4 * _SHOWN_LENGTH:
        line = line[: _SHOWN_LENGTH - 1] + "…"
    return f"`{line}`"
