"""Formulas as people write them by hand or paste them, written out in the formula language.

`x^2`, `2(x+1)`, `|x|`, `√x`, Greek letters, `x₁`, `h_t` and plain LaTeX are read where they can
mean one thing only: the names that a sheet knows decide what a subscript or a letter is. What may
mean several things is left as it stands, for the parser to refuse with a hint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reference_solutions.language import latex_by_hand
from reference_solutions.language.foreign_notation import FUNCTION_FOR, GRAMMAR, LIBRARIES
from reference_solutions.language.latex_by_hand import read_latex
from reference_solutions.language.replacing import (
    ATOM,
    MOST,
    NAME,
    OPERAND,
    SEVERAL,
    WORD,
    Known,
    closing,
    last,
    replaced,
)
from reference_solutions.language.written_formula import WrittenFormula
from submissions_schema.nearness import same_key

_TRANSPOSE = re.compile(r"\s*(?:\^|\*\*)\s*(?:\{\s*(?:T|\\top|\\intercal)\s*\}|\\top\b|T\b)")
_POWER = re.compile(r"\s*\^\s*")
_SUBSCRIPT = re.compile(rf"(?<![\w\\])({WORD}?)_(?:\{{([^{{}}]*)\}})")
_BELOW = "₀₁₂₃₄₅₆₇₈₉"
_DIGITS_BELOW = re.compile(rf"({WORD}?)([{_BELOW}]+)")
_RADICAL = re.compile(r"√\s*")
_DECIMALS = re.compile(r",[0-9]")
_LIBRARY = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(LIBRARIES))})\.(?={WORD}\s*\()")
_WORDS = ("and", "or", "not", "if", "else", "in", "is")
_NO_WORD = rf"(?!(?:{'|'.join(_WORDS)})\b)"
_FACTORS = re.compile(
    rf"(?<![\w.])(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*"
    rf"(?=\(|(?!e[+-]?[0-9]){_NO_WORD}{WORD})(?<![0-9.](?=e(?!\w)(?!\*\*\()))"
    rf"|(?P<closed>[)\]])\s*(?=\(|{_NO_WORD}\w)"
)
_NAMES = re.compile(rf"(?<![\w.])(?P<left>{WORD})(?P<blank>[ ]+)(?=(?P<right>{WORD}))")
_APPLIED = re.compile(rf"(?<![\w.])({WORD})[ ]+({OPERAND.pattern})")
_PLAIN_POWER = re.compile(rf"\s*(?:[0-9]+|{WORD})\s*")


def written_out(written: WrittenFormula, known: Known) -> WrittenFormula:
    """Return a formula with what is written by hand in the signs of the formula language."""
    powers = GRAMMAR["power of a function"].finditer(written.source)
    if any(found[1].removeprefix("\\") in known.functions for found in powers):
        return written
    for read in (
        read_latex,
        _subscripts,
        _transposes,
        _powers,
        _bars,
        _roots,
        _functions,
        _letters,
        _applications,
        _products,
        _letters,
    ):
        written = read(written, known)
    return _trimmed(written)


def _trimmed(written: WrittenFormula) -> WrittenFormula:
    """Return a formula without the blanks around it, which the parser would take for an indent."""
    end = len(written.source.rstrip())
    written = written.changed(end, len(written.source), "")
    return written.changed(0, len(written.source) - len(written.source.lstrip()), "")


def latex_written_out(written: WrittenFormula, known: Known) -> WrittenFormula:
    """Return a formula with LaTeX and roots alone in the signs of the formula language."""
    return _roots(read_latex(written, known), known)


# --- subscripts, powers, bars, roots ------------------------------------------------------------


def _subscripts(written: WrittenFormula, known: Known) -> WrittenFormula:
    written = replaced(written, _SUBSCRIPT, lambda m: _apart(m, _subscript(m[1], m[2], known)))
    written = replaced(
        written,
        _DIGITS_BELOW,
        lambda m: _subscript(m[1], "".join(str(_BELOW.index(c)) for c in m[2]), known),
    )

    def underscored(match: re.Match[str]) -> str | None:
        base, sign, below = match[1].rpartition("_")
        if match[1] in known.names or match[1] in known.functions or not sign:
            return None
        return _subscript(base, below, known)

    return replaced(written, NAME, underscored)


def _apart(match: re.Match[str], new: str | None) -> str | None:
    """Keep a name apart from one that follows it, as in ``W_{h}x``."""
    follows = match.string[match.end() : match.end() + 1]
    return f"{new} " if new is not None and (follows.isalnum() or follows == "_") else new


def _subscript(base: str, below: str, known: Known) -> str | None:
    """Return what a name with something below it is: a name that there is, or an entry of one."""
    below = re.sub(r"\s", "", below)
    plain = re.sub(r"\W", "", below)
    names = [name for name in (f"{base}_{plain}", f"{base}{plain}") if name in known.names]
    parts = below.split(",")
    takes = known.names.get(base, 0)
    if len(parts) == 1 and len(below) == takes > 1 and below.isdecimal():
        # `W_12` is an entry of a matrix, which has no more than nine rows here.
        parts = list(below)
    if names and plain == below:
        return names[0] if len(names) == 1 else None
    fits = 0 < len(parts) <= takes and all(_is_index(part, known) for part in parts)
    return f"{base}[{', '.join(parts)}]" if fits else None


def _is_index(part: str, known: Known) -> bool:
    match = re.fullmatch(rf"(?:-?[0-9]{{1,3}})|({WORD})(?:[+-][0-9]{{1,3}})?", part)
    return match is not None and (match[1] is None or match[1] in known.variables)


def _transposes(written: WrittenFormula, known: Known) -> WrittenFormula:
    if "T" in known.names:
        return written
    return replaced(written, _TRANSPOSE, lambda _: ".T")


def _powers(written: WrittenFormula, _known: Known) -> WrittenFormula:
    written = replaced(written, _POWER, lambda _: "**")
    for _ in range(MOST):
        at = written.source.find("**{")
        end = closing(written.source, at + 2) if at >= 0 else None
        if end is None:
            break
        plain = _PLAIN_POWER.fullmatch(written.source[at + 3 : end])
        left, right = ("", "") if plain else ("(", ")")
        written = written.changed(end, end + 1, right).changed(at + 2, at + 3, left)
    return written


def _bars(written: WrittenFormula, _known: Known) -> WrittenFormula:
    """Read `|x|` as the absolute value and `‖x‖` as the norm, where it is clear which bar opens."""
    for bar, name in (("|", "abs"), ("‖", "norm"), ("∥", "norm")):
        places = [at for at, char in enumerate(written.source) if char == bar]
        opens = []
        for at in places[:MOST]:
            before = written.source[:at].rstrip()
            ends = bool(before) and (before[-1].isalnum() or before[-1] in "_)].")
            opens.append(not ends and before[-1:] != bar)
        depth = 0
        for opening in opens:
            depth += 1 if opening else -1
            if depth not in (0, 1):
                break
        else:
            if depth == 0:
                for at, opening in reversed(list(zip(places, opens, strict=False))):
                    written = written.changed(at, at + 1, f"{name}(" if opening else ")")
    return written


def _roots(written: WrittenFormula, _known: Known) -> WrittenFormula:
    for _ in range(MOST):
        sign = last(_RADICAL, written.source)
        if sign is None:
            break
        if written.source[sign.end() : sign.end() + 1] == "(":
            written = written.changed(sign.start(), sign.end(), "sqrt")
            continue
        atom = ATOM.match(written.source, sign.end())
        if atom is None or _DECIMALS.match(written.source, atom.end()):
            break
        written = written.changed(atom.end(), atom.end(), ")")
        written = written.changed(sign.start(), sign.end(), "sqrt(")
    return written


# --- functions, letters, products ---------------------------------------------------------------


def _functions(written: WrittenFormula, known: Known) -> WrittenFormula:
    written = replaced(written, _LIBRARY, lambda _: "")
    source = written.source

    def called(match: re.Match[str]) -> str | None:
        name = match[1]
        if not source[match.end() :].lstrip().startswith("("):
            return None
        if name in {*known.functions, *SEVERAL} or same_key(name, known.names):
            return None
        meant = FUNCTION_FOR.get(name)
        return meant if meant in known.functions else None

    return replaced(written, NAME, called)


def _letters(written: WrittenFormula, known: Known) -> WrittenFormula:
    """Read a letter or a name in another spelling: `θ` is `theta`, `ŷ` is `y_hat`."""

    def spelt(match: re.Match[str]) -> str | None:
        name = match[1]
        if name in known.names or name in known.functions or name in known.variables:
            return None
        if name == "π":
            return "pi"
        same = same_key(name, known.names) if not name.isascii() else []
        return same[0] if len(same) == 1 else None

    return replaced(written, NAME, spelt)


def _applications(written: WrittenFormula, known: Known) -> WrittenFormula:
    """Read `ln x` as `log(x)` where nothing follows that could stand in the brackets as well."""

    def bracketed(match: re.Match[str]) -> str | None:
        name, operand = match[1], match[2].rstrip()
        blanks = match[2][len(operand) :]
        name = name if name in known.functions else FUNCTION_FOR.get(name, name)
        plain = operand not in {*known.functions, *_WORDS}
        fits = name in known.functions and match[1] not in {*known.names, *SEVERAL}
        return f"{name}({operand}){blanks}" if plain and fits else None

    return replaced(written, _APPLIED, bracketed)


def _products(written: WrittenFormula, known: Known) -> WrittenFormula:
    """Put `*` between factors. Of two arrays it may be `@` that is meant, so these stay apart."""
    source = written.source
    used = [match[1] for match in NAME.finditer(source)]
    numbers = not any(known.names.get(name, 0) for name in used)

    def is_number(name: str) -> bool:
        return known.names.get(name) == 0

    def signed(match: re.Match[str]) -> str | None:
        after = re.match(rf"\s*({WORD})", source[match.end() :])
        if match["number"] or numbers or (after is not None and is_number(after[1])):
            return f"{match['number'] or match['closed']}*"
        return None

    def between(match: re.Match[str]) -> str | None:
        left, right = match["left"], match["right"]
        if left not in known.names or right not in {*known.names, *known.functions}:
            return None
        return f"{left}*" if is_number(left) or is_number(right) else None

    written = replaced(written, _FACTORS, signed)
    return replaced(written, _NAMES, between)


PATTERNS: Mapping[str, re.Pattern[str]] = {
    **latex_by_hand.PATTERNS,
    "operand": OPERAND,
    "atom": ATOM,
    "subscript": _SUBSCRIPT,
    "digits below": _DIGITS_BELOW,
    "name": NAME,
    "transpose": _TRANSPOSE,
    "power": _POWER,
    "plain power": _PLAIN_POWER,
    "radical": _RADICAL,
    "library": _LIBRARY,
    "applied": _APPLIED,
    "factors": _FACTORS,
    "names": _NAMES,
    "power of a function": GRAMMAR["power of a function"],
}
"""What is looked for, for a page that reads formulas in another language."""

WORDS = {
    "accents": latex_by_hand.ACCENTS,
    "below": _BELOW,
    "several": SEVERAL,
    "words": _WORDS,
    "most": MOST,
}
"""What else it needs to know."""
