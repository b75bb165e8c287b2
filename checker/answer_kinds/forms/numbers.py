"""What the forms of numbers and of whole numbers share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from checker.answer_kinds.forms.form import Remark, leaves_of
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.reading.arrays import read_array
from checker.answer_kinds.reading.meant import Wanted
from checker.answer_kinds.reading.written import Unreadable, WrittenArray
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array
from submissions_schema.problems import Problem
from submissions_schema.written_number import NotANumberError, WrittenNumber, read_number
from submissions_schema.yaml_reader import Tree, TreePath

HOW_TO_WRITE_NUMBERS = (
    "Several numbers are a list, [a, b, c]; a matrix is a list of its rows, "
    "[[a, b], [c, d]]. Write 0.5, not 0,5; 1e-3 and arithmetic such as 1/3 are fine. "
    "The digits that you write count."
)


def shape_asked(asked: Asked, assignment: Assignment) -> tuple[int, ...]:
    """Return the shape of the value that is asked for."""
    assert asked.target is not None
    value = assignment.reference.graph.value(asked.target.node)
    assert value is not None
    return value.shape


def problems_in(reading: Reading[Any], read: Unreadable, wanted: Wanted) -> Iterator[Remark]:
    """Say why numbers can't be read, of every entry by itself too."""
    problems = dict.fromkeys(read.problems)
    if read.numbers is None and isinstance(reading.tree, list):
        for text, at in leaves_of(reading.tree, reading.path):
            entry = read_array(text, (), reading.document, at, wanted)
            problems |= dict.fromkeys(entry.problems if isinstance(entry, Unreadable) else ())
    yield from (Remark(problem, "error") for problem in problems)


def remarks_on(reading: Reading[Any], read: WrittenArray) -> Iterator[Remark]:
    """Say what was read otherwise than it stands there."""
    if read.remark:
        yield Remark(Problem(read.remark, reading.document.place(reading.path)), "note")


def plain_numbers(tree: Tree, path: TreePath) -> Iterator[tuple[str, TreePath, WrittenNumber]]:
    """Yield the entries that are numbers and no arithmetic, each with its text and path."""
    for text, at in leaves_of(tree, path):
        try:
            yield text, at, read_number(text)
        except NotANumberError:
            continue


def shown_value(value: Array | None) -> str:
    """Return a value, or nested lists of values, as text with six digits."""
    if value is None:
        return ""
    if value.ndim == 0:
        return f"{float(value):.6g}"
    return f"[{', '.join(shown_value(np.asarray(item)) for item in value)}]"
