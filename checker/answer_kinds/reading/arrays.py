"""The numbers of one answer, with their digits, in the shape that is asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from checker.answer_kinds.reading.lists import Entry, ListReader, Nested
from checker.answer_kinds.reading.meant import ANY, Wanted, meant_number
from checker.answer_kinds.reading.written import (
    Unreadable,
    WrittenArray,
    joined_remarks,
    shape_words,
)
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.language.evaluation import (
    arithmetic_by_hand,
    evaluate_arithmetic,
    is_of_numbers,
)
from submissions_schema.problems import Place, Problem
from submissions_schema.written_number import (
    MAX_LENGTH,
    NotANumberError,
    is_arithmetic,
    read_number,
)
from submissions_schema.yaml_reader import Document, Tree, TreePath, shown

_SHOWN_BY_PYTHON = re.compile(
    r"\s*(?:(?:np|numpy|torch|tf|jnp)\.)?(?:as)?(?:array|tensor)\s*\(", re.I
)
"""The text of an array as numpy, torch and others print it."""


def read_array(
    tree: Tree,
    shape: tuple[int, ...],
    document: Document,
    path: TreePath,
    wanted: Wanted = ANY,
) -> WrittenArray | Unreadable:
    """Read the numbers of one answer.

    A vector may be written as a list, as a column ``[[a], [b]]`` or as a row ``[[a, b]]``; a single
    number may stand in brackets, and axes of length one may be left out. Anything else must have
    exactly the expected shape. A list may be a text as well: ``(28, 28, 8)``, ``28 x 28 x 8``,
    ``array([28, 28, 8])``. What is read otherwise than it stands there is said in ``remark``.
    """
    found = _read(tree, shape, document, path, wanted)
    if isinstance(found, WrittenArray) or 1 not in shape:
        return found
    # One axis alone has a length: its numbers have one order, whatever axes are left out.
    numbers = found.numbers
    if numbers is None or not _leaves_out_ones(numbers.shape, shape):
        fewer = tuple(size for size in shape if size != 1)
        squeezed = _read(tree, fewer, document, path, wanted, exactly=True)
        if isinstance(squeezed, Unreadable):
            return found
        numbers = squeezed
    completed = f"The numbers were read as {shape_words(shape)}."
    return replace(numbers, shape=shape, remark=joined_remarks(numbers.remark, completed))


def _leaves_out_ones(got: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether one shape is the other without some axes of length one."""
    left = list(shape)
    for size in got:
        while left and left[0] != size:
            if left.pop(0) != 1:
                return False
        if not left:
            return False
        left.pop(0)
    return all(size == 1 for size in left)


def _read(  # noqa: PLR0913 - one argument for each thing it needs to know
    tree: Tree,
    shape: tuple[int, ...],
    document: Document,
    path: TreePath,
    wanted: Wanted,
    *,
    exactly: bool = False,
) -> WrittenArray | Unreadable:
    reader = ListReader(shape, document)
    nested = reader.entries(tree, path)
    entries: list[Entry] = []
    problems: list[Problem] = []
    got = _collect(nested, path, document, entries, problems)
    if problems:
        return Unreadable(tuple(problems))
    if got is None or len(entries) > _MANY_MORE * (1 + math.prod(shape)):
        return Unreadable((_wrong_shape(nested, got, shape, document.place(path)),))
    fits = got == shape if exactly else _fits(got, shape)
    texts: list[str] = []
    values = np.empty(len(entries))
    half_units = np.empty(len(entries))
    read_as: dict[str, str] = {}
    for i, entry in enumerate(entries):
        try:
            number = _number(entry.text, wanted)
        except FormulaError as why:
            place = document.text_offset_place(entry.path, entry.offset + why.offset)
            problems.append(Problem(why.message, place, None, None))
        except NotANumberError as why:
            place = document.place(entry.path)
            if entry.offset:
                place = document.text_offset_place(entry.path, entry.offset)
            problems.append(Problem(str(why), place, None, None))
        else:
            values[i], half_units[i] = number.value, number.half_unit
            texts.append(number.text)
            if number.read_as:
                read_as.setdefault(entry.text.strip(), number.read_as)
    remark = joined_remarks(_taken_apart(reader.taken), _spelt(read_as), _bracketed(got, shape))
    numbers = (
        None if problems else WrittenArray(tuple(texts), values, half_units, got, None, remark)
    )
    if not fits:
        return Unreadable((_wrong_shape(nested, got, shape, document.place(path)),), numbers)
    if numbers is None:
        return Unreadable(tuple(problems))
    return numbers if got == shape else replace(numbers, shape=shape)


_MANY_MORE = 100
"""How many times as many entries as are asked for are looked at one by one."""

_SHOWN_MEANT = 3


def _spelt(read_as: Mapping[str, str]) -> str:
    """Say how numbers in an unusual spelling were read."""
    shown = [
        f"`{text}` was read as {found}" for text, found in list(read_as.items())[:_SHOWN_MEANT]
    ]
    more = len(read_as) - len(shown)
    return f"{', '.join(shown)}{f', and {more} more in this way' if more else ''}." if shown else ""


def _taken_apart(texts: Sequence[str]) -> str:
    """Say which texts were read as lists, or as the number that a library prints."""
    if not texts:
        return ""
    first = shown(texts[0])
    more = f", and {len(texts) - 1} more in this way" if len(texts) > 1 else ""
    return f"{first} was read as the numbers that stand in it{more}."


def _bracketed(got: tuple[int, ...], shape: tuple[int, ...]) -> str:
    return "" if shape or not got else "A list of one number was read as the number."


class _Number(NamedTuple):
    """A number with half a unit of its last place; ``read_as`` says how, where it isn't usual."""

    value: float
    half_unit: float
    text: str
    read_as: str = ""


def _number(text: str, wanted: Wanted) -> _Number:
    try:
        number = read_number(text)
    except NotANumberError as error:
        meant = meant_number(text, wanted)
        if meant is None:
            return _calculated(text, error)
        how = f"{meant.number.text} ({meant.how})"
        return _Number(meant.number.value, meant.number.half_unit, meant.number.text, how)
    return _Number(number.value, number.half_unit, text)


def _calculated(text: str, refused: NotANumberError) -> _Number:
    """Read arithmetic, or a number, as it is written by hand. Raises ``refused`` for neither."""
    if len(text) > MAX_LENGTH:
        raise refused
    written = arithmetic_by_hand(text)
    plain = written.source
    if plain == text.strip() and not refused.looks_like_arithmetic:
        raise refused
    read_as = f"`{plain}`" if written.is_rewritten else ""
    if read_as and not refused.looks_like_arithmetic and not is_of_numbers(plain):
        raise refused
    try:
        number = read_number(plain)
    except NotANumberError:
        if not is_arithmetic(plain):
            raise refused from None
        return _Number(*_as_typed(evaluate_arithmetic(written)), text, read_as)
    return _Number(number.value, number.half_unit, plain, read_as)


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
    if isinstance(nested, Entry) and not _is_number(nested.text):
        return Problem(message, place, expected, shown(nested.text))
    return Problem(message, place, expected, shape_words(got))


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except NotANumberError:
        return False
    return True
