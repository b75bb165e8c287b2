r"""The problem sheet as a LaTeX document that any TeX compiles, with amsmath alone.

A formula of the model stands in a paragraph of its own as ``$\displaystyle ...$``: there TeX may
end a line at its signs, which it doesn't in a display.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from checker.handing_out.mathematics import parts_of
from checker.handing_out.problem_sheet import (
    AskedFor,
    ProblemSheet,
    SheetQuestion,
    Value,
    matrix_latex,
    width,
)

Paper = Literal["a4", "letter"]

_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "\u2212": "$-$", "\u00d7": r"$\times$", "\u00b7": r"$\cdot$", "\u22c5": r"$\cdot$",
    "\u2264": r"$\le$", "\u2265": r"$\ge$", "\u2260": r"$\ne$", "\u2248": r"$\approx$",
    "\u2192": r"$\to$", "\u2208": r"$\in$", "\u2211": r"$\sum$", "\u2202": r"$\partial$",
    "\u2207": r"$\nabla$", "\u221e": r"$\infty$", "\u221a": r"$\surd$", "\u00b2": "$^2$",
    "\u00b3": "$^3$", "\u22a4": r"$\top$", "\u2297": r"$\otimes$", "\u2299": r"$\odot$",
    "\u2026": r"\dots{}", "\u2013": "--", "\u2014": "---", "\u2018": "`", "\u2019": "'",
    "\u201c": "``", "\u201d": "''", "\u00a0": "~", "\u2032": "$'$",
}  # fmt: skip
_TOO_WIDE = 60

_HEAD = r"""\documentclass[11pt,%(paper)spaper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage{amsmath,amssymb}
\usepackage[margin=22mm]{geometry}
\setcounter{MaxMatrixCols}{60}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt plus 2pt}
\emergencystretch=3em
\allowdisplaybreaks
\begin{document}
"""


def sheet_latex(sheet: ProblemSheet, paper: Paper = "a4") -> str:
    """Return the document."""
    return _HEAD % {"paper": paper} + "\n".join(_lines(sheet)) + "\n\\end{document}\n"


def _lines(sheet: ProblemSheet) -> Iterator[str]:
    if sheet.course:
        yield rf"{{\small {escaped(sheet.course)}}}\par"
    yield rf"{{\LARGE\bfseries {text(sheet.title)}\par}}"
    whose = rf" \quad for \textbf{{{escaped(sheet.student)}}}" if sheet.student else ""
    yield rf"{{\small {sheet.total}{whose} \quad \texttt{{{escaped(sheet.assignment)}}}}}"
    yield from _paragraph(sheet.description)
    if sheet.given:
        yield r"\section*{Given}"
        yield r"\begin{flushleft}"
        for value in sheet.given:
            yield rf"{_given(value)}\qquad"
        yield r"\end{flushleft}"
    if sheet.symbols:
        yield r"\section*{Symbols}"
        yield r"\begin{itemize}\setlength{\itemsep}{0pt}"
        for symbol in sheet.symbols:
            about = f": {text(symbol.about)}" if symbol.about else ""
            yield rf"\item[] ${symbol.name}$ \quad \texttt{{{escaped(symbol.typed)}}}{about}"
        yield r"\end{itemize}"
    if sheet.model:
        yield r"\section*{Model}"
        for one in sheet.model:
            where = rf" \qquad ${one.where}$" if one.where else ""
            right = " ".join(one.right)
            yield rf"{{\raggedright\hangindent=2em $\displaystyle {one.left} = {right}$" \
                  rf"{where}\par}}"  # fmt: skip
    for question in sheet.questions:
        yield from _question(question)


def _given(value: Value) -> str:
    latex = f"{value.name} = {matrix_latex(value)}"
    letters = sum(max(map(width, column)) + 2 for column in zip(*value.entries, strict=True))
    size = r"\scriptsize" if letters > 1.6 * _TOO_WIDE else r"\small" if letters > _TOO_WIDE else ""
    return rf"{{{size}$\displaystyle {latex}$}}" if size else rf"$\displaystyle {latex}$"


def _question(question: SheetQuestion) -> Iterator[str]:
    title = f"{escaped(question.id)}\\quad {text(question.title)}"
    yield rf"\subsection*{{{title} \hfill {{\normalfont\small {question.points}}}}}"
    yield from _paragraph(question.prompt)
    yield r"\begin{itemize}"
    for answer in question.answers:
        yield from _answer(answer)
    yield r"\end{itemize}"


def _answer(answer: AskedFor) -> Iterator[str]:
    parts = [rf"\texttt{{{escaped(answer.id)}}}"]
    if answer.latex:
        parts.append(f"${answer.latex}$")
    if answer.title:
        parts.append(rf"\textbf{{{text(answer.title)}}}")
    points = f", {answer.points}" if answer.points else ""
    parts.append(rf"{{\small {escaped(answer.words)}{points}}}")
    yield r"\item " + r" \quad ".join(parts)
    yield from _paragraph(answer.prompt)
    if answer.options:
        yield r"\begin{itemize}\setlength{\itemsep}{0pt}"
        for option, words in answer.options.items():
            said = f": {text(words)}" if words else ""
            yield rf"\item[$\square$] \textbf{{{escaped(option)}}}{said}"
        yield r"\end{itemize}"


def _paragraph(words: str) -> Iterator[str]:
    if words.strip():
        yield ""
        yield re.sub(r"\s*\n\s*", r"\\\\ ", text(words.strip()))
        yield ""


def text(words: str) -> str:
    """Return a text with its formulas, for LaTeX."""
    return "".join(f"${part}$" if math else escaped(part) for part, math in parts_of(words))


def escaped(words: str) -> str:
    """Return a text in which nothing is a command; what TeX's fonts lack is written otherwise."""
    return "".join(map(_sign, words))


def _sign(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    if char == "\n" or char.isascii():
        return char if char == "\n" or char.isprintable() else " "
    name = unicodedata.name(char, "")
    greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)", name)
    if greek is not None:
        return _greek(greek[2].replace("LAMDA", "LAMBDA"), capital=greek[1] == "CAPITAL")
    # T1 has the letters of Latin-1 and Latin Extended-A; the rest may not be in a font.
    return char if ord(char) < 0x180 and char.isprintable() else rf"\mbox{{{_plain(char)}}}"


_NO_COMMAND = frozenset(
    ("ALPHA", "BETA", "EPSILON", "ZETA", "ETA", "IOTA", "KAPPA", "MU", "NU", "RHO", "TAU", "CHI")
)
"""Capital letters that look Latin, for which TeX has no command."""


def _greek(name: str, *, capital: bool) -> str:
    if name == "OMICRON":
        return "O" if capital else "o"
    if capital and name in _NO_COMMAND:
        return rf"$\mathrm{{{name[0]}}}$"
    return f"$\\{name.capitalize() if capital else name.lower()}$"


def _plain(char: str) -> str:
    """Return the nearest plain text, or the code of a character that has none."""
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode().strip()
    return escaped(plain) if plain else f"[U+{ord(char):04X}]"
