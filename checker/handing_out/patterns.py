r"""Regular expressions of Python as those of ECMAScript with the flag ``u``, for a page.

Python's ``\w``, ``\d`` and ``\s`` mean Unicode's letters, digits and blanks; those of ECMAScript
are ASCII's, so they are written out.
"""

from __future__ import annotations

import re

_LETTER = r"\p{L}\p{Nl}\p{No}_"
_WORD = r"\p{L}\p{N}_"
_OUTSIDE = {
    r"\w": f"[{_WORD}]",
    r"\W": f"[^{_WORD}]",
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\A": "^",
    r"\Z": "$",
    r"\b": rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))",
    "(?P<": "(?<",
}
_INSIDE = {r"\w": _WORD, r"\d": r"\p{Nd}"}
_SYNTAX = frozenset(r"^$\.*+?()[]{}|/")
_PIECE = re.compile(r"\(\?P<|\\(?:u[0-9a-fA-F]{4}|.)|.", re.DOTALL)
_NAMED_AGAIN = re.compile(r"\(\?P=(\w+)\)")
_LETTERS = r"[^\W\d]"
_PUNCTUATION = re.compile(r"[^\w\s]", re.ASCII)


def ecmascript(pattern: re.Pattern[str]) -> dict[str, str]:
    """Return the source and the flags of the same expression in ECMAScript.

    Raises ValueError for an expression with a flag that ECMAScript doesn't have.
    """
    if pattern.flags & re.VERBOSE:
        raise ValueError("comments in an expression can't be translated")
    flags = "u" + ("i" if pattern.flags & re.IGNORECASE else "")
    flags += "s" if pattern.flags & re.DOTALL else ""
    source = _NAMED_AGAIN.sub(r"\\k<\1>", pattern.pattern).replace(_LETTERS, f"[{_LETTER}]")
    source = source.replace(r"[^\W\d_]", r"[\p{L}\p{Nl}\p{No}]")
    found: list[str] = []
    in_class = False
    for match in _PIECE.finditer(source):
        piece = match[0]
        if piece == "[" and not in_class:
            in_class = True
        elif piece == "[":
            piece = r"\["
        elif piece == "]" and found[-1:] not in (["["], ["[^"]):
            in_class = False
        elif in_class and piece in _INSIDE:
            piece = _INSIDE[piece]
        elif not in_class and piece in _OUTSIDE:
            piece = _OUTSIDE[piece]
        elif piece[:1] == "\\" and _PUNCTUATION.fullmatch(piece[1:]):
            # With the flag `u` only signs of the syntax are escaped.
            needed = piece[1] in _SYNTAX or (in_class and piece[1] == "-")
            piece = piece if needed else piece[1]
        elif piece in "{}" and not in_class:
            piece = _brace(source, match.start())
        found.append(piece)
    return {"source": "".join(found), "flags": flags}


_QUANTIFIER = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")


def _brace(source: str, at: int) -> str:
    """Return a curly bracket as it is where it says how often, else escaped."""
    said = any(found.start() <= at < found.end() for found in _QUANTIFIER.finditer(source))
    return source[at] if said else "\\" + source[at]
