"""A formula's text as the parser takes it, with the place of each character in what was written.

Signs that have one meaning are read as meant: a minus of any length, dots and crosses, a raised 2,
a raised T.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_MINUS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-")
_TIMES = dict.fromkeys("\u00d7\u00b7\u22c5\u2219\u2022\u2217\u2218\u2299\u2a2f", "*")
_DIVIDED = dict.fromkeys("\u00f7\u2215\u2044", "/")
_SIGNS = {**_MINUS, **_TIMES, **_DIVIDED, "\u1d40": ".T", "\u22a4": ".T"}
_RAISED = {
    **{char: str(digit) for digit, char in enumerate("\u2070\u00b9\u00b2\u00b3")},
    **{chr(0x2070 + digit): str(digit) for digit in range(4, 10)},
    "\u207b": "-",
    "\u207a": "+",
}


@dataclass(frozen=True, slots=True)
class WrittenFormula:
    """``source`` is what is parsed; ``places[i]`` is where its character i stands in ``text``.

    ``places`` has one more entry, the end of what was written.
    """

    text: str
    source: str
    places: tuple[int, ...]

    def place(self, at: int) -> int:
        """Return where a character of the source stands in the text."""
        return self.places[min(max(at, 0), len(self.places) - 1)]

    def shown(self, start: int, end: int) -> str:
        """Return what was written for a part of the source."""
        return self.text[self.place(start) : self.place(end - 1) + 1] if end > start else ""

    def changed(self, start: int, end: int, source: str) -> WrittenFormula:
        """Return the formula with a part of the source replaced; its place is that of the part."""
        places = (self.place(start),) * len(source)
        return WrittenFormula(
            self.text,
            self.source[:start] + source + self.source[end:],
            self.places[:start] + places + self.places[end:],
        )


def written_formula(text: str) -> WrittenFormula:
    """Read signs as meant, line breaks as blanks, and leave out the blanks around."""
    source: list[str] = []
    places: list[int] = []
    raised = False
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    for at in range(start, end):
        char = text[at]
        if char in _RAISED:
            new = _RAISED[char] if raised else f"**{_RAISED[char]}"
        else:
            # The parser knows one kind of blank and would take a line break for the end.
            new = " " if char.isspace() else _SIGNS.get(char, char)
        raised = char in _RAISED
        source.append(new)
        places.extend([at] * len(new))
    return WrittenFormula(text, "".join(source), (*places, max(start, end)))


SIGNS: Mapping[str, str] = _SIGNS
"""Characters, and what each is read as."""

RAISED: Mapping[str, str] = _RAISED
"""Raised characters, and what each is as an exponent."""
