"""The names of quantities as a paper writes them, in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence

_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
}  # fmt: skip
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot"}
_PLAIN = re.compile(r"[^\W\d]\w*(?:\[[^\]]*\])?\Z")
_WORD = re.compile(r"[^\W\d_]{3,}")


def is_plain(name: str) -> bool:
    """Whether a text is a name, with or without an index, and no formula."""
    return _PLAIN.match(name) is not None


def name_latex(name: str) -> str:
    """Return a name: ``yhat``, ``y_hat`` with a hat, ``w_ix`` with a subscript, Greek letters."""
    head, *below = [part for part in name.split("_") if part] or [""]
    if below and below[-1] in _ACCENTS and (len(head) <= 2 or head in _GREEK):
        accented = f"{_ACCENTS[below[-1]]}{{{name_latex(head)}}}"
        return f"{accented}_{{{_below(below[:-1])}}}" if below[:-1] else accented
    digits = re.fullmatch(r"([^\W\d]+)(\d+)", head)
    if digits and not below:
        head, below = digits.group(1), [digits.group(2)]
    shown = head
    for accent, command in _ACCENTS.items():
        if head.endswith(accent) and 0 < len(head) - len(accent) <= 2:
            shown = f"{command}{{{head[: -len(accent)]}}}"
            break
    else:
        if head in _GREEK:
            shown = f"\\{head}"
        elif len(head) != 1:
            shown = rf"\mathrm{{{head}}}"
    return f"{shown}_{{{_below(below)}}}" if below else shown


def _below(parts: Sequence[str]) -> str:
    """Return a subscript: letters of an index in italics, a word upright."""
    shown = (
        f"\\{part}" if part in _GREEK else rf"\mathrm{{{part}}}" if _WORD.fullmatch(part) else part
        for part in parts
    )
    return ", ".join(shown)


def quantity_latex(name: str, index: Sequence[object]) -> str:
    """Return a quantity of the sheet with its index: ``h[t-1]`` as h with subscript t-1."""
    if not is_plain(name):
        return r"(\ldots)"
    base = name_latex(name)
    if not index:
        return base
    subscript = ", ".join(str(part) for part in index)
    return f"{{{base}}}_{{{subscript}}}" if "_" in base else f"{base}_{{{subscript}}}"
