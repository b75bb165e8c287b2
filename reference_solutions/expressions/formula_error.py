"""What is wrong with a formula, and at which character."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that can't be read. ``offset`` is the 0-based character that it is about.

    ``unknown`` is the name in it that nobody defines, where that is what is wrong.
    """

    def __init__(self, message: str, offset: int = 0, unknown: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.unknown = unknown
