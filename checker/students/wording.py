"""How the form of an answer is said, the same in the template, the schema and the messages."""

from __future__ import annotations

from collections.abc import Sequence

from checker.reports.wording import number, plural
from checker.students.handout import AnswerForm, Handout, names_of, split_name

FEW = 12
"""So many names are listed where they are needed; more are listed once, at the top."""


def points_words(points: float) -> str:
    """Return ``1 point`` or ``2.5 points``."""
    return f"{number(points)} {'point' if points == 1 else 'points'}"


def shape_words(shape: Sequence[int], noun: str) -> str:
    """Return ``a number``, ``3 numbers`` or ``3 x 3 numbers, row by row``."""
    if not shape:
        return f"a {noun}"
    if len(shape) == 1:
        return plural(shape[0], noun)
    return f"{' x '.join(map(str, shape))} {noun}s, {'row by row' if len(shape) == 2 else 'nested'}"


def precision_words(form: AnswerForm) -> str:
    """Return the digits that are asked for; nothing where there are no such."""
    if form.kind != "number":
        return ""
    if form.policy == "relative" and form.tolerance is not None:
        return f"within {100 * form.tolerance:g} % of the value"
    if form.policy == "absolute" and form.tolerance is not None:
        return f"within {form.tolerance:g} of the value"
    if form.policy == "significant_figures" and form.digits is not None:
        return f"right to {plural(form.digits, 'significant digit')}"
    if form.policy == "decimal_places" and form.digits is not None:
        return f"right to {plural(form.digits, 'decimal place')}"
    least = form.min_significant_figures
    return f"at least {plural(least, 'significant digit')}" if least is not None else ""


def words_wanted(form: AnswerForm) -> str:
    """Return how many words a text should have; nothing where any number will do."""
    low, high = form.min_words or 0, form.max_words
    if high is None:
        return f"at least {plural(low, 'word')}" if low else ""
    return f"{low} to {high} words" if low else f"at most {plural(high, 'word')}"


def formula_words(handout: Handout, form: AnswerForm, *, few: int = FEW) -> str:
    """Return what a formula may be written in."""
    names = names_of(handout, form)
    shaped = f"a formula of {shape_words(form.shape, 'number')}" if form.shape else "a formula"
    if not names:
        return f"{shaped} without names"
    there = {split_name(key)[0] for key in names}
    refused = [name for name in form.but_not if split_name(name)[0] in there]
    without = f", without {', '.join(refused)}" if refused else ""
    if len(names) > few:
        return f"{shaped} in the names listed at the top{without}"
    return f"{shaped} in {', '.join(names)}{without}"


def order_words(handout: Handout) -> str:
    """Return what an order of growth may be written in."""
    symbols = handout.symbols
    listed = ", ".join(symbols) if len(symbols) <= FEW else "the symbols listed at the top"
    return f"an order of growth in {listed}, with or without O(...)"


def form_words(handout: Handout, form: AnswerForm) -> str:
    """Return what is to be written, in one line."""
    match form.kind:
        case "number":
            said = shape_words(form.shape, "number")
        case "integer":
            said = shape_words(form.shape, "whole number")
        case "formula":
            said = formula_words(handout, form)
        case "order":
            said = order_words(handout)
        case "choice":
            said = f"one of: {', '.join(form.options)} (or several of them, as a list)"
        case "text":
            said = "a text"
        case "notebook":
            said = "where the notebook is"
    more = precision_words(form) or (words_wanted(form) if form.kind == "text" else "")
    return f"{said}; {more}" if more else said
