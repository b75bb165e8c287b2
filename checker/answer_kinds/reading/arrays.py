"""The numbers of one answer, with their digits, in the shape that is asked for."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from itertools import pairwise

import numpy as np

from checker.answer_kinds.reading.lists import Entry, Nested, nested_entries
from checker.answer_kinds.reading.written import Unreadable, WrittenArray, shape_words
from reference_solutions.language.evaluation import evaluate_arithmetic
from reference_solutions.language.formula import FormulaError
from submissions_schema.problems import Place, Problem
from submissions_schema.written_number import NotANumberError, read_number
from submissions_schema.yaml_reader import Document, Tree, TreePath

_SHOWN_BY_PYTHON = re.compile(
    r"\s*(?:(?:np|numpy|torch|tf|jnp)\.)?(?:as)?(?:array|tensor)\s*\(", re.I
)
"""The text of an array as numpy, torch and others print it."""


def read_array(
    tree: Tree, shape: tuple[int, ...], document: Document, path: TreePath
) -> WrittenArray | Unreadable:
    """Read the numbers of one answer.

    A vector may be written as a list, as a column ``[[a], [b]]`` or as a row ``[[a, b]]``; a single
    number may stand in brackets. Anything else must have exactly the expected shape. A list may be
    a text as well: ``(28, 28, 8)``, ``28 x 28 x 8``.
    """
    nested = nested_entries(tree, path, shape)
    entries: list[Entry] = []
    problems: list[Problem] = []
    got = _collect(nested, path, document, entries, problems)
    if problems:
        return Unreadable(tuple(problems))
    if got is None or len(entries) > _MANY_MORE * (1 + math.prod(shape)):
        return Unreadable((_wrong_shape(nested, got, shape, document.place(path)),))
    fits = _fits(got, shape)
    texts = tuple(entry.text for entry in entries)
    values = np.empty(len(entries))
    half_units = np.empty(len(entries))
    for i, entry in enumerate(entries):
        try:
            values[i], half_units[i] = _number(entry.text)
        except FormulaError as why:
            place = document.text_offset_place(entry.path, entry.offset + why.offset)
            problems.append(Problem(why.message, place, None, None))
        except NotANumberError as why:
            place = document.place(entry.path)
            if entry.offset:
                place = document.text_offset_place(entry.path, entry.offset)
            problems.append(Problem(str(why), place, None, None))
    if not fits:
        numbers = None if problems else WrittenArray(texts, values, half_units, got)
        return Unreadable((_wrong_shape(nested, got, shape, document.place(path)),), numbers)
    if problems:
        return Unreadable(tuple(problems))
    return WrittenArray(texts, values, half_units, shape)


_MANY_MORE = 100
"""How many times as many entries as are asked for are looked at one by one."""


def _number(text: str) -> tuple[float, float]:
    try:
        number = read_number(text)
    except NotANumberError as error:
        if not error.looks_like_arithmetic:
            raise
        return _as_typed(evaluate_arithmetic(text))
    return number.value, number.half_unit


def _as_typed(value: float) -> tuple[float, float]:
    """Return the value of arithmetic, and half a unit of its last place when it is typed out.

    So nobody gains or loses by typing ``0.5 + 0.`` for ``0.5``. Beyond fifteen digits floats
    differ from machine to machine.
    """
    last = Decimal(f"{value:.15g}").as_tuple().exponent
    assert isinstance(last, int)
    return value, float(f"5e{min(last, 0) - 1}")


def _collect(
    nested: Nested,
    path: TreePath,
    document: Document,
    entries: list[Entry],
    problems: list[Problem],
) -> tuple[int, ...] | None:
    """Gather the entries of nested lists; the shape, or None where the lists are ragged."""
    if isinstance(nested, Entry):
        entries.append(nested)
        return ()
    if isinstance(nested, list):
        shapes = [
            _collect(item, (*path, i), document, entries, problems) for i, item in enumerate(nested)
        ]
        first = shapes[0] if shapes else None
        return None if first is None or any(s != first for s in shapes) else (len(nested), *first)
    what = "an empty entry" if nested is None else "a mapping"
    problems.append(Problem("an entry is no number", document.place(path), "a number", what))
    return None


def _fits(got: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    if got == shape:
        return True
    if not shape:
        return all(size == 1 for size in got)
    return len(shape) == 1 and got in ((shape[0], 1), (1, shape[0]))


def _commas_inside(nested: Nested, shape: tuple[int, ...]) -> bool:
    """Whether a list is longer than asked for, and looks like numbers cut at decimal commas."""
    if len(shape) != 1 or not isinstance(nested, list) or len(nested) <= shape[0]:
        return False
    return any(
        isinstance(a, Entry)
        and isinstance(b, Entry)
        and a.text.strip().lstrip("+-\u2212").isdecimal()
        and b.text.strip().isdecimal()
        for a, b in pairwise(nested)
    )


def _wrong_shape(
    nested: Nested, got: tuple[int, ...] | None, shape: tuple[int, ...], place: Place
) -> Problem:
    expected = shape_words(shape)
    if got is None:
        items = nested if isinstance(nested, list) else []
        lengths = [len(item) if isinstance(item, list) else 1 for item in items]
        return Problem(
            "the lists are not rectangular", place, expected, f"rows of lengths {lengths[:20]}"
        )
    message = "this has the wrong shape"
    if len(shape) == 2 and got == shape[::-1]:
        message = "this is the transpose of the shape asked for (rows and columns exchanged)"
    elif _commas_inside(nested, shape):
        message = "this has the wrong shape; is there a decimal comma? Write 0.5, not 0,5"
    elif int(np.prod(got)) == int(np.prod(shape)) and shape:
        message = "the right number of entries, in the wrong shape"
    elif isinstance(nested, Entry) and _SHOWN_BY_PYTHON.match(nested.text):
        message = "this is how Python shows an array; write its list alone, in brackets"
        return Problem(message, place, expected)
    elif not got:
        example = "[1, 2]" if len(shape) == 1 else "[[1, 2], [3, 4]]"
        message = f"this has the wrong shape (a list is written {example})"
    return Problem(message, place, expected, shape_words(got))
