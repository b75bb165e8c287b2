"""What a student wrote for one answer, or why it can't be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reference_solutions.expressions.tree import Expression
from reference_solutions.graph import Array
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import Tree


@dataclass(frozen=True, slots=True, eq=False)
class WrittenArray:
    """Numbers as written, entry by entry in row-major order; equal to itself alone.

    ``values`` and ``half_units`` (half a unit in each last written place) are flat float arrays;
    ``texts`` are the entries' texts; ``shape`` is the shape that was asked for. Of a formula, which
    has a value in every world of sampled symbols, ``formula`` is what was written. ``remark`` says
    what was read otherwise than it stands there. ``digits`` is how many significant digits the
    entries have, typically; None where none shows any. ``guess`` is that anybody would write them
    who has no numbers.
    """

    texts: tuple[str, ...]
    values: Array
    half_units: Array
    shape: tuple[int, ...]
    formula: Expression | None = None
    remark: str = ""
    digits: int | None = None
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An answer that can't be compared, and why.

    ``numbers`` are its numbers in their own shape, where only the shape is wrong; ``formula`` is a
    formula that could be read but has no value of the right shape. ``undefined`` is that a formula
    could be read but has no value with any of the numbers it was tried with. ``placed`` is whether
    the message says where each problem is.
    """

    problems: tuple[Problem, ...]
    numbers: WrittenArray | None = None
    formula: Expression | None = None
    undefined: bool = False
    placed: bool = True

    @property
    def message(self) -> str:
        """All reasons, with places inside the file."""
        if not self.placed:
            return "; ".join(problem.text for problem in self.problems)
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

AROUND_PLACEHOLDERS = "*_`[]<>() "
"""What may stand around them."""


def is_missing(tree: Tree, placeholders: frozenset[str] = PLACEHOLDERS) -> bool:
    """Whether nothing was written: null, an empty text, a placeholder, or a list of such."""
    if tree is None:
        return True
    if isinstance(tree, str):
        text = tree.strip().strip(AROUND_PLACEHOLDERS).casefold()
        return not text or text in placeholders or tree.strip().casefold() in placeholders
    items = tree if isinstance(tree, list) else list(tree.values())
    return all(is_missing(item, placeholders) for item in items)


def joined_remarks(*remarks: str) -> str:
    """Return remarks as one text, as far as there are any."""
    return " ".join(remark for remark in remarks if remark)


def shape_words(shape: Sequence[int]) -> str:
    """Return a shape for people: ``3 numbers``, ``2 x 3 numbers``, or ``a single number``."""
    if not shape:
        return "a single number"
    size = " x ".join(map(str, shape))
    return f"{size} number" if tuple(shape) == (1,) else f"{size} numbers"


def what_it_is(tree: Tree) -> str:
    """Return what a part of a file is, for people."""
    kinds: dict[type, str] = {str: "a text", list: "a list", dict: "a mapping"}
    return kinds.get(type(tree), "nothing")


def text_of(tree: Tree) -> str:
    """Return a part of a file on one line, nearly as it was written."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, list):
        return f"[{', '.join(text_of(item) for item in tree)}]"
    if isinstance(tree, dict):
        return f"{{{', '.join(f'{key}: {text_of(item)}' for key, item in tree.items())}}}"
    return ""
