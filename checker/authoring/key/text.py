"""A worked solution as text, for a terminal or a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from checker.authoring.key.plain_math import plain_math
from checker.authoring.key.solution import Quantity, RightAnswer, Solution
from reference_solutions.graph import Array

_TITLES = (
    ("Given", ("given", "symbol")),
    ("Steps", ("step",)),
    ("Gradients", ("gradient",)),
)
_VARIES = "varies with the symbols"


def solution_text(found: Solution, digits: int) -> str:
    """Return a worked solution with values of so many significant digits."""
    return "\n".join([*_lines(found, digits), ""])


def _lines(found: Solution, digits: int) -> Iterator[str]:
    yield f"{found.assignment}  {found.title}"
    whose = f" with the numbers of {found.whose}" if found.whose else ""
    yield f"The right values{whose}, for the teacher's eyes only."
    for title, kinds in _TITLES:
        quantities = [quantity for quantity in found.quantities if quantity.kind in kinds]
        if quantities:
            yield from ("", title, "=" * len(title))
        for quantity in quantities:
            yield ""
            yield from _quantity(quantity, digits)
    yield from ("", "Answers", "=======")
    for question, answers in found.by_question.items():
        yield ""
        yield question
        for answer in answers:
            yield from _answer(answer, digits)


def _quantity(quantity: Quantity, digits: int) -> Iterator[str]:
    if quantity.kind == "gradient":
        equation = plain_math(quantity.latex)
        yield equation if quantity.name in equation else f"{quantity.name}:  {equation}"
    elif quantity.formula:
        yield f"{quantity.name} = {quantity.formula}"
    else:
        yield f"{quantity.name}{f'  ({quantity.says})' if quantity.says else ''}"
    for instance in quantity.instances:
        named = f"{instance.name} " if quantity.is_family else ""
        yield from _value(f"  {named}{_shape(instance.shape)}", instance.value, digits)


def _answer(answer: RightAnswer, digits: int) -> Iterator[str]:
    asks = f" = {answer.asks}" if answer.asks else ""
    points = f"{answer.points:g} point{'' if answer.points == 1 else 's'}"
    lead = f"  {answer.answer}{asks}  [{answer.kind}, {points}]"
    if answer.value is not None:
        yield from _value(lead, answer.value, digits)
    elif answer.latex:
        yield f"{lead}  {plain_math(answer.latex)}"
    else:
        yield f"{lead}  {answer.text or 'a person reads it'}"


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})" if shape else ""


def _value(lead: str, value: Array | None, digits: int) -> Iterator[str]:
    if value is None:
        yield f"{lead}  {_VARIES}"
        return
    if value.ndim < 2:
        yield f"{lead.rstrip()}  {array_text(value, digits)}"
        return
    yield lead
    for at in product(*map(range, value.shape[:-2])):
        label = f"[{', '.join(map(str, at))}]  " if at else ""
        rows = array_text(value[at], digits).splitlines()
        for place, row in enumerate(rows):
            yield f"    {label if place == 0 else ' ' * len(label)}{row}"


def array_text(value: Array, digits: int) -> str:
    """Return a number, a list, or the rows of a matrix one below the other, in columns."""
    numbers = [f"{number:.{digits}g}" for number in (np.atleast_1d(value) + 0.0).ravel()]
    if value.ndim == 0:
        return numbers[0]
    wide = max(map(len, numbers), default=0) if value.ndim > 1 else 0
    cells = np.array([number.rjust(wide) for number in numbers], dtype=object).reshape(value.shape)
    rows = [f"[{', '.join(row)}]" for row in np.atleast_2d(cells)]
    return "\n".join(rows)
