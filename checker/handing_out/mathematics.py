"""Texts of an assignment in HTML: ``$...$`` is a formula in LaTeX, what is in backticks is code."""

from __future__ import annotations

import re

from markupsafe import Markup

from checker.reports.mathml import formula
from checker.reports.templating import said

_FORMULA = re.compile(r"(?<!\\)\$([^$\n]+?)(?<!\\)\$")


def parts_of(text: str) -> list[tuple[str, bool]]:
    """Cut a text at its formulas: each part, and whether it is one.

    A dollar that is not to begin a formula is written with a backslash.
    """
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _FORMULA.finditer(text):
        found += [(text[end : match.start()], False), (match[1], True)]
        end = match.end()
    found.append((text[end:], False))
    return [(part if math else part.replace(r"\$", "$"), math) for part, math in found if part]


def with_mathematics(text: str) -> Markup:
    """Return a text for HTML, with its formulas as MathML."""
    return Markup("").join(formula(part) if math else said(part) for part, math in parts_of(text))
