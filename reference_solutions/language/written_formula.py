"""A formula's text as the parser takes it, with the place of each character in what was written.

Signs that have one meaning are read as meant: a minus of any length, dots and crosses, a raised 2,
a raised T.
"""

from __future__ import annotations

import re
import unicodedata
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
    "\u207d": "(",
    "\u207e": ")",
    **dict(zip("\u207f\u2071\u02b2\u1d4f\u1d50\u1d48\u1d57\u02e3", "nijkmdtx", strict=True)),
}
_FRACTIONS = {
    char: unicodedata.normalize("NFKC", char).replace("\u2044", "/")
    for char in "\u00bc\u00bd\u00be" + "".join(map(chr, range(0x2150, 0x215F)))
}
_PLAIN_POWER = re.compile(r"[+-]?[0-9]+|[a-z]")
_DIGITS = 20
_WHOLE = re.compile(r"(?<![\w.])[0-9]+\Z")


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

    @property
    def is_rewritten(self) -> bool:
        """Whether more than signs and blanks is read differently from how it stands."""
        return self.source != written_formula(self.text).source

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
    source = ""
    places: list[int] = []
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    at = start
    while at < end:
        char, used = text[at], 1
        if char in _RAISED:
            while at + used < end and text[at + used] in _RAISED:
                used += 1
            power = "".join(_RAISED[one] for one in text[at : at + used])
            new = f"**{power}" if _PLAIN_POWER.fullmatch(power) else f"**({power})"
        elif char in _FRACTIONS:
            new = f"({_FRACTIONS[char]})"
            if (whole := _WHOLE.search(source, max(0, len(source) - _DIGITS))) is not None:
                # One and a half, and no product.
                new = f"({whole[0]}+{_FRACTIONS[char]})"
                source = source[: whole.start()]
                del places[whole.start() :]
        else:
            # The parser knows one kind of blank and would take a line break for the end.
            new = " " if char.isspace() else _SIGNS.get(char, char)
        source += new
        places.extend([at] * len(new))
        at += used
    return WrittenFormula(text, source, (*places, max(start, end)))


SIGNS: Mapping[str, str] = _SIGNS
"""Characters, and what each is read as."""

FRACTIONS: Mapping[str, str] = _FRACTIONS
"""Fractions of one character, and each as a quotient."""

RAISED: Mapping[str, str] = _RAISED
"""Raised characters, and what each is as an exponent."""
