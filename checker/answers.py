"""What a student wrote for one answer: its numbers, with their digits, in the expected shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reference_solutions.evaluation import evaluate_arithmetic
from reference_solutions.expression import Expression
from reference_solutions.formula import FormulaError
from reference_solutions.graph import Array
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

    ``numbers`` are its numbers in their own shape, where only the shape is wrong.
    """

    problems: tuple[Problem, ...]
    numbers: WrittenArray | None = None

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


def read_array(
    tree: Tree, shape: tuple[int, ...], document: Document, path: TreePath
) -> WrittenArray | Unreadable:
    """Read the numbers of one answer.

    A vector may be written as a list, as a column ``[[a], [b]]`` or as a row ``[[a, b]]``; a single
    number may stand in brackets. Anything else must have exactly the expected shape.
    """
    texts: list[str] = []
    paths: list[TreePath] = []
    problems: list[Problem] = []
    got = _collect(tree, path, document, texts, paths, problems)
    if problems:
        return Unreadable(tuple(problems))
    if got is None:
        return Unreadable((_wrong_shape(tree, got, shape, document.place(path)),))
    fits = _fits(got, shape)
    values = np.empty(len(texts))
    half_units = np.empty(len(texts))
    for i, text in enumerate(texts):
        try:
            number = read_number(text)
            values[i], half_units[i] = number.value, number.half_unit
        except NotANumberError as error:
            try:
                values[i], half_units[i] = _arithmetic(text, error)
            except FormulaError as why:
                place = document.text_offset_place(paths[i], why.offset)
                problems.append(Problem(why.message, place, None, None))
            except NotANumberError as why:
                problems.append(Problem(str(why), document.place(paths[i]), None, None))
    if not fits:
        numbers = None if problems else WrittenArray(tuple(texts), values, half_units, got)
        return Unreadable((_wrong_shape(tree, got, shape, document.place(path)),), numbers)
    if problems:
        return Unreadable(tuple(problems))
    return WrittenArray(tuple(texts), values, half_units, shape)


def _arithmetic(text: str, error: NotANumberError) -> tuple[float, float]:
    if not error.looks_like_arithmetic:
        raise error
    return evaluate_arithmetic(text)


def _collect(  # noqa: PLR0913, PLR0917 - a walk and the three lists it fills
    tree: Tree,
    path: TreePath,
    document: Document,
    texts: list[str],
    paths: list[TreePath],
    problems: list[Problem],
) -> tuple[int, ...] | None:
    """Gather the texts of nested lists; the shape, or None where the lists are ragged."""
    if isinstance(tree, str):
        texts.append(tree)
        paths.append(path)
        return ()
    if isinstance(tree, list):
        shapes = [
            _collect(item, (*path, i), document, texts, paths, problems)
            for i, item in enumerate(tree)
        ]
        first = shapes[0] if shapes else None
        return None if first is None or any(s != first for s in shapes) else (len(tree), *first)
    what = "an empty entry" if tree is None else "a mapping"
    problems.append(Problem("an entry is no number", document.place(path), "a number", what))
    return None


def _fits(got: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    if got == shape:
        return True
    if not shape:
        return all(size == 1 for size in got)
    return len(shape) == 1 and got in ((shape[0], 1), (1, shape[0]))


def _commas_inside(tree: Tree, shape: tuple[int, ...]) -> bool:
    """Whether a list is longer than asked for, and looks like numbers cut at decimal commas."""
    if len(shape) != 1 or not isinstance(tree, list) or len(tree) <= shape[0]:
        return False
    pairs = pairwise(tree)
    return any(
        isinstance(a, str)
        and isinstance(b, str)
        and a.strip().lstrip("+-\u2212").isdecimal()
        and b.strip().isdecimal()
        for a, b in pairs
    )


def _wrong_shape(
    tree: Tree, got: tuple[int, ...] | None, shape: tuple[int, ...], place: Place
) -> Problem:
    expected = shape_words(shape)
    if got is None:
        lengths = [len(item) if isinstance(item, list) else 1 for item in tree or ()]
        return Problem(
            "the lists are not rectangular", place, expected, f"rows of lengths {lengths}"
        )
    message = "this has the wrong shape"
    if len(shape) == 2 and got == shape[::-1]:
        message = "this is the transpose of the shape asked for (rows and columns exchanged)"
    elif _commas_inside(tree, shape):
        message = "this has the wrong shape; is there a decimal comma? Write 0.5, not 0,5"
    elif int(np.prod(got)) == int(np.prod(shape)) and shape:
        message = "the right number of entries, in the wrong shape"
    return Problem(message, place, expected, shape_words(got))
