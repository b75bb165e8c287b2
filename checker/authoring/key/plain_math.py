r"""LaTeX as plain text for a terminal: ``\frac{\partial L}{\partial h_{t}}`` is ∂L/∂h_t.

It reads the LaTeX that :mod:`reference_solutions.language.notation` writes, which knows few
commands. A command that it doesn't know stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|[^\\{}^_\s]|\s+")
_SYMBOLS = {
    r"\partial": "∂", r"\odot": " ⊙ ", r"\cdot": " · ", r"\times": " \u00d7 ", r"\sum": "Σ",
    r"\top": "ᵀ", r"\ldots": "…", r"\cdots": "⋯", r"\lfloor": "⌊", r"\rfloor": "⌋",
    r"\lceil": "⌈", r"\rceil": "⌉", r"\lVert": "‖", r"\rVert": "‖", r"\lvert": "|",
    r"\rvert": "|", r"\prod": "Π", r"\infty": "∞", r"\left": "", r"\right": "", r"\,": " ",
    r"\;": " ", r"\!": "", r"\quad": "  ", r"\{": "{", r"\}": "}", r"\ast": "*",
    r"\otimes": "⊗", r"\le": " ≤ ", r"\ge": " ≥ ", r"\neq": " ≠ ", r"\in": " ∈ ", r"\mid": " | ",
}  # fmt: skip
_ACCENTS = {r"\hat": "\u0302", r"\bar": "\u0304", r"\tilde": "\u0303", r"\dot": "\u0307"}
_BARE = {r"\mathrm", r"\operatorname", r"\mathbf", r"\text", r"\mathit"}
_SPACED = frozenset("+=-")
_ATOM = re.compile(r"[\w\u0300-\u036f.]+(?:_\{[^{}]*\})?|\(.*\)")
_SUPERSCRIPTS = str.maketrans("0123456789-+nTt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀᵗ")


def plain_math(latex: str) -> str:
    """Return LaTeX of the notation as text of one line."""
    text = _Reader(latex).until("")
    return re.sub(r" {2,}", " ", text).replace("( ", "(").replace("∂ ", "∂").strip()


class _Reader:
    def __init__(self, latex: str) -> None:
        self._tokens: Iterator[str] = (match[0] for match in _TOKEN.finditer(latex))

    def until(self, end: str) -> str:
        parts: list[str] = []
        for token in self._tokens:
            if token == end:
                break
            if token == "_":
                parts.append(_lowered(self._argument()))
            elif token == "^":
                parts.append(_raised(self._argument()))
            else:
                sign = token in _SPACED and any(part.strip() for part in parts)
                after_operand = sign and parts[-1][-1:] not in ("(", "[", " ")
                parts.append(f" {token} " if after_operand else self._one(token))
        return "".join(parts)

    def _one(self, token: str) -> str:
        if token == "{":
            return self.until("}")
        if token in _SYMBOLS:
            return _SYMBOLS[token]
        if token.startswith("\\"):
            return self._command(token)
        return " " if token.isspace() else token

    def _command(self, command: str) -> str:
        if command == r"\frac":
            return f"{_grouped(self._argument())}/{_grouped(self._argument())}"
        if command == r"\sqrt":
            return f"√({self._argument()})"
        if command in _ACCENTS:
            return unicodedata.normalize("NFC", self._argument() + _ACCENTS[command])
        return self._argument() if command in _BARE else _letter(command)

    def _argument(self) -> str:
        token = next(self._tokens, "")
        while token.isspace():
            token = next(self._tokens, "")
        return self._one(token)


def _grouped(text: str) -> str:
    """Return an operand of a quotient, in brackets unless it is one thing."""
    return text if _ATOM.fullmatch(text.removeprefix("∂").strip()) else f"({text})"


def _lowered(text: str) -> str:
    return f"_{text}" if text.isalnum() else f"_{{{text.replace(' ', '')}}}"


def _raised(text: str) -> str:
    raised = text.translate(_SUPERSCRIPTS)
    unchanged = any(one in "0123456789-+nTt" or one.isalnum() for one in raised)
    return f"^{_grouped(text)}" if unchanged and text != "ᵀ" else raised


def _letter(command: str) -> str:
    name = command[1:]
    case = "CAPITAL" if name[:1].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {'lamda' if name == 'lambda' else name}")
    except KeyError:
        return name if name.isalpha() else command
