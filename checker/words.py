"""Words that every part of the checker says in the same way."""

from __future__ import annotations

from collections.abc import Sequence


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return ``1 student`` or ``3 students``."""
    return f"{count} {noun}" if count == 1 else f"{count} {nouns or noun + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter and ends as a sentence does."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
