"""Formulas as on a blackboard: ``G^2 H(D + H)``, ``n log n``, with products that have no sign.

Where the names are known and none of them is a function, there is one way to read such a text. It
is written out, sign by sign, for the parser of the formula language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from reference_solutions.language.written_formula import WrittenFormula

_TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<number>[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+)"
    r"|(?P<word>\\?[^\W\d]\w*)|(?P<power>\^|\*\*)|(?P<open>[({\[])|(?P<close>[)}\]])|(?P<other>.)",
    re.DOTALL,
)
_LOGARITHMS = {
    "lg": "log", "ld": "log2", "lb": "log2", "log_2": "log2", "log_10": "log10", "log_e": "log",
    "log\u2082": "log2", "log\u2081\u2080": "log10",
}  # fmt: skip
_LATEX_SIGNS = {"\\cdot": "*", "\\times": "*", "\\left": "", "\\right": "", "\\,": ""}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    source: str
    start: int


def with_products(
    written: WrittenFormula,
    names: Collection[str],
    functions: Collection[str],
    leave_out: Collection[str] = (),
) -> WrittenFormula:
    """Return the formula with every sign of a product, `^` as a power, and brackets round `log n`.

    ``leave_out`` are words in front of a bracket that say nothing of its value, such as the O of
    ``O(n)``.
    """
    tokens = list(_tokens(written.source, frozenset(names), frozenset(functions)))
    kept = [
        token
        for token, after in zip_longest(tokens, tokens[1:])
        if not (token.source in leave_out and after is not None and after.kind == "open")
    ]
    found = _signed(kept)
    return WrittenFormula(
        written.text,
        "".join(token.source for token in found),
        (*(written.place(t.start) for t in found for _ in t.source), written.places[-1]),
    )


def _signed(tokens: list[_Token]) -> list[_Token]:
    """Put `*` between factors, and brackets round the operand of a function that has none."""
    found: list[_Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if found and found[-1].kind in _ENDS and token.kind in _BEGINS:
            found.append(_Token("other", "*", token.start))
        found.append(token)
        at += 1
        if token.kind != "function" or _kind(tokens, at) == "open":
            continue
        power: list[_Token] = []
        if _kind(tokens, at) == "power":
            power = tokens[at : at + 2]
            at += 2
        end = _factor_end(tokens, at)
        found.append(_Token("open", "(", token.start))
        found += _signed(tokens[at:end])
        found.append(_Token("close", ")", token.start))
        found += power
        if power:
            found.append(_Token("close", "", token.start))
        at = end
    return found


_BEGINS = frozenset(("number", "name", "word", "function", "open"))
_ENDS = frozenset(("number", "name", "word", "close"))


def _kind(tokens: list[_Token], at: int) -> str:
    return tokens[at].kind if at < len(tokens) else ""


def _factor_end(tokens: list[_Token], at: int) -> int:
    """Return where the factor that begins at a token ends: a bracket, or a name and its power."""
    if _kind(tokens, at) == "function" and _kind(tokens, at + 1) != "open":
        return _factor_end(tokens, at + 1)
    depth = 0
    for end in range(at, len(tokens)):
        depth += (tokens[end].kind == "open") - (tokens[end].kind == "close")
        if depth <= 0:
            power = depth == 0 and _kind(tokens, end + 1) == "power"
            return min(end + (3 if power else 1), len(tokens))
    return len(tokens)


def _tokens(source: str, names: frozenset[str], functions: frozenset[str]) -> Iterator[_Token]:
    for found in _TOKEN.finditer(source):
        kind, text, start = str(found.lastgroup), found[0], found.start()
        if kind == "blank":
            continue
        if kind == "power":
            text = "**"
        elif kind in ("open", "close"):
            text = "(" if kind == "open" else ")"
        elif kind == "word":
            yield from _words(text, start, names, functions)
            continue
        if kind == "other" and text == "\\":
            continue
        yield _Token(kind, text, start)


def _words(
    text: str, start: int, names: frozenset[str], functions: frozenset[str]
) -> Iterator[_Token]:
    if text in _LATEX_SIGNS:
        if _LATEX_SIGNS[text]:
            yield _Token("other", _LATEX_SIGNS[text], start)
        return
    word = text.removeprefix("\\")
    start += len(text) - len(word)
    word = word if word in names else _LOGARITHMS.get(word, word)
    if word in names:
        yield _Token("name", word, start)
    elif word in functions:
        yield _Token("function", word, start)
    else:
        parts = split_names(word, names, functions)
        if parts is None:
            yield _Token("word", word, start)
            return
        for part in parts:
            kind = "name" if part in names else "number" if part.isdecimal() else "function"
            yield _Token(kind, part, start)
            start += len(part)


@lru_cache(maxsize=1_000)
def split_names(
    word: str, names: frozenset[str], functions: frozenset[str]
) -> tuple[str, ...] | None:
    """Return ``GH`` as G and H, ``nlogn`` as n, log and n; None where it is not made of names."""
    if len(word) > 40:
        return None
    known = sorted(names | {"log", "sqrt", "ln"} & functions, key=len, reverse=True)
    reached: dict[int, tuple[str, ...]] = {0: ()}
    for at in range(len(word)):
        if at not in reached:
            continue
        for part in known:
            if word.startswith(part, at):
                reached.setdefault(at + len(part), (*reached[at], part))
    return reached.get(len(word))


TOKEN = _TOKEN
"""What a formula without signs of products is made of, for a page in another language."""

LOGARITHMS: Mapping[str, str] = _LOGARITHMS
"""Names of logarithms, and what each is called here."""

LATEX_SIGNS: Mapping[str, str] = _LATEX_SIGNS
"""Commands of LaTeX, and the sign that each is read as."""
