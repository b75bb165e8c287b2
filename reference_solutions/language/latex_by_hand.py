"""LaTeX as people paste it into an answer, written out in the formula language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reference_solutions.language.foreign_notation import FUNCTION_FOR
from reference_solutions.language.replacing import (
    ATOM,
    MOST,
    OPERAND,
    SEVERAL,
    Known,
    closing,
    last,
    replaced,
)
from reference_solutions.language.written_formula import WrittenFormula

_SPACE = re.compile(r"\\(?:[,;:!> ()\[\]]|quad\b|qquad\b|left\b|right\b|[bB]igg?[lr]?\b)|[$]")
_TIMES = re.compile(r"\\(?:cdot|times|odot|circ|ast|bullet)\b")
_WRAPPED = re.compile(
    r"\\(?:mathbf|mathrm|mathit|mathsf|boldsymbol|bm|vec|text|textbf|operatorname)"
    r"\s*(?:\{(\\?[\w ]+)\}|([^\W\d_])(?!\w))"
)
_ACCENTED = re.compile(r"\\(hat|widehat|bar|overline|tilde|dot)\s*(?:\{\s*(\\?\w+)\s*\}|(\w))")
_BAR = re.compile(r"\\(?:([lr]vert)\b|[lr]Vert\b|\|)")
_BARE = re.compile(r"\\(?:([dt]?frac)\s*([0-9])\s*([0-9])|(sqrt)\s*([0-9]+|[a-zA-Z](?!\w)))")
_BASED = re.compile(r"\\log\s*_\s*\{?\s*(10|2|e)\s*\}?")
_FRACTION = re.compile(r"\\[dt]?frac\s*(?=\{)")
_ROOT = re.compile(r"\\sqrt\s*(?=\{)")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
ACCENTS = {"widehat": "hat", "overline": "bar"}
"""Accents that have another name."""


def read_latex(written: WrittenFormula, known: Known) -> WrittenFormula:
    """Return a formula with its LaTeX, if it has any, in the signs of the formula language."""
    if "\\" not in written.source and "$" not in written.source:
        return written
    written = replaced(written, _SPACE, lambda _: " ")
    written = replaced(written, _TIMES, lambda _: "*")
    written = replaced(written, _WRAPPED, lambda m: (m[1] or m[2]).strip())
    written = replaced(written, _BAR, lambda m: "|" if m[1] else "\u2016")
    written = replaced(written, _BARE, _braces_put)
    written = replaced(written, _ACCENTED, lambda m: _accented(m, known))
    for _ in range(MOST):
        fraction = last(_FRACTION, written.source)
        if fraction is None:
            break
        parts = _braced(written.source, fraction.end(), 2)
        if parts is None:
            break
        (a, b), (c, d) = parts
        above, below = (_as_factor(written.source[i + 1 : j]) for i, j in parts)
        written = written.changed(d, d + 1, f"{below[1]})").changed(
            b, c + 1, f"{above[1]}/{below[0]}"
        )
        written = written.changed(fraction.start(), a + 1, f"({above[0]}")
    for _ in range(MOST):
        root = last(_ROOT, written.source)
        inside = _braced(written.source, root.end(), 1) if root is not None else None
        if root is None or inside is None:
            break
        ((a, b),) = inside
        written = written.changed(b, b + 1, ")").changed(root.start(), a + 1, "sqrt(")
    written = replaced(written, _BASED, lambda m: f"log_{m[1]} ")
    return replaced(written, _COMMAND, lambda m: _command(m, written.source, known))


def _braced(source: str, at: int, count: int) -> list[tuple[int, int]] | None:
    found = []
    for _ in range(count):
        while at < len(source) and source[at] == " ":
            at += 1
        end = closing(source, at) if source[at : at + 1] == "{" else None
        if end is None:
            return None
        found.append((at, end))
        at = end + 1
    return found


def _as_factor(source: str) -> tuple[str, str]:
    """Return the brackets that a numerator or a denominator needs."""
    return ("", "") if ATOM.fullmatch(source.strip()) else ("(", ")")


def _braces_put(match: re.Match[str]) -> str:
    r"""Return ``\frac12`` and ``\sqrt2`` with the braces that they can do without."""
    if match[1]:
        return f"\\{match[1]}{{{match[2]}}}{{{match[3]}}}"
    return f"\\sqrt{{{match[5]}}}"


def _accented(match: re.Match[str], known: Known) -> str | None:
    base = (match[2] or match[3]).removeprefix("\\")
    accent = ACCENTS.get(match[1], match[1])
    fitting = [name for name in (f"{base}_{accent}", f"{base}{accent}") if name in known.names]
    return fitting[0] if len(fitting) == 1 else None


def _command(match: re.Match[str], source: str, known: Known) -> str | None:
    name = match[1]
    after = source[match.end() :].lstrip()
    called = after.startswith("(") or OPERAND.match(after) is not None
    if called and name not in {*known.names, *SEVERAL}:
        name = FUNCTION_FOR.get(name, name)
    if name in known.names or (name in known.functions and called) or name == "pi":
        return name if after.startswith("(") or name not in known.functions else f"{name} "
    return "/" if name == "div" else None


PATTERNS: Mapping[str, re.Pattern[str]] = {
    "space": _SPACE,
    "times": _TIMES,
    "wrapped": _WRAPPED,
    "bar": _BAR,
    "bare": _BARE,
    "accented": _ACCENTED,
    "fraction": _FRACTION,
    "root": _ROOT,
    "based": _BASED,
    "command": _COMMAND,
}
"""What is looked for, for a page that reads formulas in another language."""
