"""What a student wrote for one answer: its numbers, with their digits, in the expected shape."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from reference_solutions.graph import Array
from reference_solutions.language.evaluation import evaluate_arithmetic
from reference_solutions.language.expression import Expression
from reference_solutions.language.formula import FormulaError
from submissions_schema.problems import Place, Problem
from submissions_schema.written_number import NotANumberError, read_number
from submissions_schema.yaml_reader import Document, Tree, TreePath


@dataclass(frozen=True, slots=True)
class WrittenArray:
    """Numbers as written, entry by entry in row-major order.

    ``values`` and ``half_units`` (half a unit in each last written place) are flat float arrays;
    ``texts`` are the entries' texts; ``shape`` is the shape that was asked for. Of a formula, which
    has a value in every world of sampled symbols, ``formula`` is what was written.
    """

    texts: tuple[str, ...]
    values: Array
    half_units: Array
    shape: tuple[int, ...]
    formula: Expression | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An answer that can't be compared, and why.

    ``numbers`` are its numbers in their own shape, where only the shape is wrong; ``formula`` is a
    formula that could be read but has no value of the right shape.
    """

    problems: tuple[Problem, ...]
    numbers: WrittenArray | None = None
    formula: Expression | None = None

    @property
    def message(self) -> str:
        """All reasons, with places inside the file."""
        return "; ".join(
            f"{problem.text} (line {problem.place.line}, column {problem.place.column})"
            for problem in self.problems
        )


PLACEHOLDERS = frozenset(
    ("your solution here", "your answer here", "your code here", "solution here", "answer here",
     "enter your answer", "fill in", "to do", "todo", "tbd", "n/a", "none", "no answer", "…", "...",
     "?", "??", "???", "-", "--", "_", "__", "___")
)  # fmt: skip
"""What templates and students put where there is no answer, in lower case."""


def is_missing(tree: Tree, placeholders: frozenset[str] = PLACEHOLDERS) -> bool:
    """Whether nothing was written: null, an empty text, a placeholder, or a list of such."""
    if tree is None:
        return True
    if isinstance(tree, str):
        text = tree.strip().strip("*_`[]<>() ").casefold()
        return not text or text in placeholders or tree.strip().casefold() in placeholders
    items = tree if isinstance(tree, list) else list(tree.values())
    return all(is_missing(item, placeholders) for item in items)


def shape_words(shape: Sequence[int]) -> str:
    """Return a shape for people: ``(3,)``, or ``a single number``."""
    return f"shape {tuple(shape)}" if shape else "a single number"


@dataclass(frozen=True, slots=True)
class _Entry:
    """The text of one entry; ``offset`` is where it begins in the text at its path."""

    text: str
    path: TreePath
    offset: int = 0


_Nested: TypeAlias = "_Entry | list[_Nested] | dict[str, Tree] | None"


def read_array(
    tree: Tree, shape: tuple[int, ...], document: Document, path: TreePath
) -> WrittenArray | Unreadable:
    """Read the numbers of one answer.

    A vector may be written as a list, as a column ``[[a], [b]]`` or as a row ``[[a, b]]``; a single
    number may stand in brackets. Anything else must have exactly the expected shape. A list may be
    a text as well: ``(28, 28, 8)``, ``28 x 28 x 8``.
    """
    nested = _nested(tree, path, shape)
    entries: list[_Entry] = []
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
        return evaluate_arithmetic(text)
    return number.value, number.half_unit


def _nested(tree: Tree, path: TreePath, shape: tuple[int, ...], depth: int = 0) -> _Nested:
    """Return the entries of an answer, with texts that are lists taken apart.

    An entry is never taken apart where a single number is asked for: ``(1, 5)`` may be one.
    """
    if isinstance(tree, str):
        found = _list_in(tree, path, shape[depth:]) if depth < len(shape) else None
        return _Entry(tree, path) if found is None else found
    if not isinstance(tree, list):
        return tree
    if len(tree) == 1 and isinstance(tree[0], str) and depth == len(shape) - 1:
        # [1. 2. 3.], as numpy prints it, is a list of one text.
        found = _numbers_apart(tree[0], (*path, 0), 0)
        if found is not None and len(found) == shape[-1]:
            return found
    joined = _joined(tree)
    return [_nested(item, (*path, at), shape, depth + 1) for at, item in joined]


def _joined(items: list[Tree]) -> list[tuple[int, Tree]]:
    """Put together what YAML cuts at a comma inside round brackets: ``[(1, 2), max(3, 4)]``."""
    groups: list[tuple[int, list[Tree]]] = []
    opened = 0
    for at, item in enumerate(items):
        if opened > 0 and isinstance(item, str):
            groups[-1][1].append(item)
        else:
            opened = 0
            groups.append((at, [item]))
        if isinstance(item, str):
            opened += sum(item.count(char) for char in "([") - sum(item.count(c) for c in ")]")
    if opened or len(groups) == len(items):
        return list(enumerate(items))
    return [
        (at, group[0] if len(group) == 1 else ", ".join(str(item) for item in group))
        for at, group in groups
    ]


def _list_in(text: str, path: TreePath, shape: tuple[int, ...]) -> list[_Nested] | None:
    """Return the entries of a list in a text, or None where it is something else."""
    start = len(text) - len(text.lstrip())
    plain = text.strip()
    if plain[:1] in ("(", "[") and _closes_at(plain) == len(plain) - 1:
        parts = _at_commas(plain[1:-1], start + 1)
        if len(parts) > 1 and not parts[-1][0].strip():
            parts.pop()  # (3,) is how Python writes a list of one
        elif len(parts) == 1 and (plain[0] == "(" or not parts[0][0].strip()):
            apart = _numbers_apart(plain[1:-1], path, start + 1)
            return apart if len(shape) == 1 else None
        found: list[_Nested] = []
        for part, at in parts:
            inner = _list_in(part, path, shape[1:]) if len(shape) > 1 else None
            if inner is not None:
                found.append([_moved(one, at) for one in inner])
            else:
                found.append(_Entry(part.strip(), path, at + len(part) - len(part.lstrip())))
        return found
    return _numbers_apart(text, path, 0) if len(shape) == 1 and shape[0] > 1 else None


def _moved(nested: _Nested, by: int) -> _Nested:
    if isinstance(nested, _Entry):
        return _Entry(nested.text, nested.path, nested.offset + by)
    return [_moved(one, by) for one in nested] if isinstance(nested, list) else nested


def _closes_at(text: str) -> int:
    """Return where the bracket that a text begins with is closed, or -1."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0:
            return at
    return -1


def _at_commas(text: str, start: int) -> list[tuple[str, int]]:
    """Cut a text at the commas outside of brackets; each part with its offset."""
    parts: list[tuple[str, int]] = []
    depth = begun = 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append((text[begun:at], start + begun))
            begun = at + 1
    return [*parts, (text[begun:], start + begun)]


_NUMBER = r"[+\-\u2212]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_APART = tuple(
    re.compile(rf"\s*{number}(?:{between}{number})+\s*")
    for number, between in (
        (r"[0-9]+", r"\s*(?:[xX\u00d7]|by)\s*"),
        (_NUMBER, r"\s*[,;]\s+"),
        (_NUMBER, r"\s*;\s*"),
        (_NUMBER, r"\s+"),
    )
)
_THREE_WHOLE = re.compile(r"\s*[0-9]+(?:,[0-9]+){2,}\s*")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[ ,][0-9]{3})+")


def _numbers_apart(text: str, path: TreePath, start: int) -> list[_Nested] | None:
    """Return the numbers of ``28 x 28 x 8``, ``28, 28, 8``, ``0.1 0.2``; None for another text."""
    if len(text) > _LONGEST_LIST or _THOUSANDS.fullmatch(text.strip()):
        return None
    if not any(pattern.fullmatch(text) for pattern in _APART) and not _THREE_WHOLE.fullmatch(text):
        return None
    found = list(re.finditer(_NUMBER, text))
    if any(re.match(r"0[0-9]", one[0]) for one in found):
        return None
    return [_Entry(one[0], path, start + one.start()) for one in found]


_LONGEST_LIST = 10_000


def _collect(
    nested: _Nested,
    path: TreePath,
    document: Document,
    entries: list[_Entry],
    problems: list[Problem],
) -> tuple[int, ...] | None:
    """Gather the entries of nested lists; the shape, or None where the lists are ragged."""
    if isinstance(nested, _Entry):
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


def _commas_inside(nested: _Nested, shape: tuple[int, ...]) -> bool:
    """Whether a list is longer than asked for, and looks like numbers cut at decimal commas."""
    if len(shape) != 1 or not isinstance(nested, list) or len(nested) <= shape[0]:
        return False
    return any(
        isinstance(a, _Entry)
        and isinstance(b, _Entry)
        and a.text.strip().lstrip("+-\u2212").isdecimal()
        and b.text.strip().isdecimal()
        for a, b in pairwise(nested)
    )


def _wrong_shape(
    nested: _Nested, got: tuple[int, ...] | None, shape: tuple[int, ...], place: Place
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
    elif not got:
        example = "[1, 2]" if len(shape) == 1 else "[[1, 2], [3, 4]]"
        message = f"this has the wrong shape (a list is written {example})"
    return Problem(message, place, expected, shape_words(got))
