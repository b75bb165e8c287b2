"""The numbers in an assignment file: lists of numbers and of arithmetic, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.language.evaluation import evaluate_number
from submissions_schema.assignment_file import LoadedAssignmentFile
from submissions_schema.problems import InputError, Problem
from submissions_schema.yaml_reader import Tree, TreePath


def given_arrays(loaded: LoadedAssignmentFile) -> Iterator[tuple[str, Array]]:
    """Yield the given numbers of a file by name, each array of any shape.

    Raises :class:`InputError` with all that are none, once the others were yielded.
    """
    problems: list[Problem] = []
    for name, tree in loaded.file.given.items():
        try:
            yield name, array_in(loaded, tree, ("given", name))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)


def array_in(loaded: LoadedAssignmentFile, tree: Tree, path: TreePath) -> Array:
    """Return the array at a path of a file; its shape is that of the lists.

    Raises :class:`InputError` for what is no number, or rows of several lengths.
    """
    numbers = _numbers(loaded, tree, path)
    try:
        return np.array(numbers, dtype=np.float64)
    except (TypeError, ValueError):
        place = loaded.document.place(path)
        problem = Problem("these are no rows of one length", place, "lists of numbers")
        raise InputError([problem]) from None


@lru_cache(maxsize=10_000)
def _number(text: str) -> float:
    # Of numbers that are drawn the same few come again and again.
    return evaluate_number(text)


def _numbers(loaded: LoadedAssignmentFile, tree: Tree, path: TreePath) -> object:
    if isinstance(tree, list):
        return [_numbers(loaded, item, (*path, i)) for i, item in enumerate(tree)]
    try:
        return _number(str(tree))
    except FormulaError as error:
        place = loaded.document.text_offset_place(path, error.offset)
        raise InputError([Problem(error.message, place, "a number", f"`{tree}`")]) from None
