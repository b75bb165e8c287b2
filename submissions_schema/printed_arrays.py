"""Arrays pasted as they were printed: what makes YAML of them, and nothing else different."""

from __future__ import annotations

import re

_VALUE = re.compile(
    r"^[^\S\n]*+(?:-[^\S\n]++)*+(?:[^\s#'\"\[{][^\n:]*+:[^\S\n]++)?+(?=\[)", re.MULTILINE
)
"""What stands before a list in a file: its name, or the dash of a list of lists.

Nothing is tried twice, so that no line takes longer than its length.
"""

_WORD = re.compile(r"(?:np\.|numpy\.|torch\.)?(?:array|tensor)\(")
_PLAIN = re.compile(r"[\s\[\],.+\-0-9eE]|nan|inf", re.ASCII)


def with_commas(text: str) -> tuple[str, int | None]:
    """Return a file's text with commas between the rows of printed arrays.

    ``[[1 2]`` above ``[3 4]]`` becomes a list of two rows, and ``[array([1, 2]), array([3, 4])]``
    one of two lists. Only lists of numbers are touched, and of YAML that is in order nothing
    changes: no two rows stand beside each other in it. Lines and columns stay what they are. The
    second value is the offset of the first change, None where there is none.
    """
    pieces: list[str] = []
    first: int | None = None
    done = seen = 0
    for match in _VALUE.finditer(text):
        if match.end() < seen:
            continue
        seen, closed = _end_of_list(text, match.end())
        if not closed:
            continue
        found = text[match.end() : seen]
        changed = _separated(_WORD.sub(lambda word: " " * len(word[0]), found).replace(")", " "))
        if changed != found:
            first = match.end() if first is None else first
            pieces += [text[done : match.end()], changed]
            done = seen
    return "".join((*pieces, text[done:])), first


def _end_of_list(text: str, start: int) -> tuple[int, bool]:
    """Return where a list of nothing but numbers ends, or stops being one, and if it ends there."""
    depth, at = 0, start
    while at < len(text):
        word = _WORD.match(text, at)
        if word is not None:
            depth, at = depth + 1, word.end()
            continue
        plain = _PLAIN.match(text, at)
        if plain is None and text[at] != ")":
            return at, False
        depth += (text[at] == "[") - (text[at] in "])")
        at = at + 1 if plain is None else plain.end()
        if depth == 0:
            return at, True
    return at, False


def _separated(found: str) -> str:
    """Put a comma after each row that another follows: in a blank's place, or at a line's end."""
    return re.sub(r"\](?: (?=[^\S\n]*\[)|(?=[^\S\n]*\n\s*\[))", "],", found)
