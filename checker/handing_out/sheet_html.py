"""The problem sheet as an HTML page to read and to print."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from checker.handing_out.mathematics import with_mathematics
from checker.handing_out.problem_sheet import (
    AskedFor,
    Equation,
    ProblemSheet,
    Value,
    matrix_latex,
    width,
)
from checker.reports.mathml import formula
from checker.reports.templating import style_with, template

_FOLDER = Path(__file__).with_name("page")
_WIDE, _WIDEST = 60, 85
"""How many letters of a formula fit on a line of A4, and with smaller letters."""


def sheet_html(sheet: ProblemSheet) -> str:
    """Return the page."""
    page: str = template("sheet.html", _FOLDER).render(
        sheet=sheet,
        style=style_with(_FOLDER / "sheet.css"),
        text=with_mathematics,
        formula=formula,
        given=_given,
        equation=_equation,
        what=_what,
    )
    return page


def _given(value: Value) -> Markup:
    return _one(f"{value.name} = {matrix_latex(value)}", _columns(value))


def _columns(value: Value) -> int:
    return sum(max(map(width, column)) + 2 for column in zip(*value.entries, strict=True)) + 4


def _equation(equation: Equation) -> Markup:
    """Return a formula in pieces, between which a line may end."""
    first, *more = equation.right
    pieces = [_one(f"{equation.left} = {first}")]
    pieces += [_one(piece) for piece in more]
    return Markup(" ").join(pieces)


def _one(latex: str, letters: int | None = None) -> Markup:
    """Return one formula, in smaller letters the wider it is."""
    wide = width(latex) if letters is None else letters
    size = "widest" if wide > _WIDEST else "wide" if wide > _WIDE else ""
    drawn = formula(latex)
    return Markup('<span class="{}">{}</span>').format(size, drawn) if size else drawn


def _what(answer: AskedFor) -> Markup:
    """Return what an answer is called: its id, and what it is."""
    return formula(answer.latex) if answer.latex else Markup()
