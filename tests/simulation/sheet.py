"""A sheet as somebody sees it who does none of the work: its boxes, their shapes, the given data.

What is filled in is text, entry by entry, so that spelling counts (``1``, ``1.00``, ``1.*1.``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, TypeAlias

import numpy as np

from reference_solutions.assignment import Asked, Assignment
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Name
from reference_solutions.graph import Array
from reference_solutions.language.evaluation import evaluate_arithmetic, evaluate_number
from submissions_schema.answers import (
    ChoiceAnswer,
    FormulaAnswer,
    IntegerAnswer,
    NumberAnswer,
    OrderAnswer,
)
from submissions_schema.written_number import NotANumberError, read_number
from submissions_schema.yaml_reader import Tree

from .cohort import Cohort

Kind: TypeAlias = Literal["number", "integer", "formula", "order", "choice"]
_KINDS: tuple[tuple[type, Kind], ...] = (
    (NumberAnswer, "number"),
    (IntegerAnswer, "integer"),
    (FormulaAnswer, "formula"),
    (OrderAnswer, "order"),
    (ChoiceAnswer, "choice"),
)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Fill:
    """What stands in one box: the entries' texts in row-major order, in a shape (() for one)."""

    texts: tuple[str, ...]
    shape: tuple[int, ...] = ()

    @property
    def yaml(self) -> str:
        """The box as YAML."""
        return _nested([_quoted(text) for text in self.texts], self.shape)


Filled: TypeAlias = Mapping[int, Fill]
"""What stands in the boxes, by box; those left out are not answered."""


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _nested(texts: Sequence[str], shape: tuple[int, ...]) -> str:
    if not shape:
        return texts[0]
    size = len(texts) // max(shape[0], 1)
    parts = [_nested(texts[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]
    return f"[{', '.join(parts)}]"


@dataclass(frozen=True, slots=True)
class Box:
    """One answer that a machine marks. ``shape`` is told to students by every template.

    ``right`` is the flat right value (of a formula world after world), None where there is none;
    ``node`` is the node that is asked for. Only scoring, and what is said to use right answers,
    look at them.
    """

    asked: Asked
    kind: Kind
    shape: tuple[int, ...] = ()
    node: int = -1
    right: Array | None = None

    @property
    def place(self) -> str:
        """What tables call it."""
        return f"{self.asked.question} {self.asked.answer}"

    @property
    def size(self) -> int:
        """How many entries are asked for."""
        return int(np.prod(self.shape, dtype=int))

    def all(self, text: str) -> Fill:
        """The same text in every entry."""
        return Fill((text,) * self.size, self.shape)

    def each(self, text: Callable[[tuple[int, ...]], str]) -> Fill:
        """A text for each entry by its index."""
        return Fill(tuple(text(i) for i in np.ndindex(*self.shape)), self.shape)

    def values(self, values: Array) -> Fill:
        """Numbers, in the shape that is asked for."""
        return numbers(values, self.shape)


class Sheet:
    """The boxes of an assignment and what is given. ``cohort`` is the graph's own evaluation."""

    def __init__(self, assignment: Assignment, cohort: Cohort | None = None) -> None:
        self.assignment = assignment
        self.cohort = cohort or Cohort(assignment)
        self.graph = assignment.reference.graph
        self.boxes: list[Box] = []
        for asked in assignment.asked:
            for spec, kind in _KINDS:
                if isinstance(asked.spec, spec):
                    self.boxes.append(self._box(asked, kind))

    def _box(self, asked: Asked, kind: Kind) -> Box:
        if asked.target is None:
            return Box(asked, kind)
        node = asked.target.node
        worlds = range(self.graph.worlds if kind == "formula" else 1)
        values = [self.graph.value(node, world) for world in worlds]
        found = [value for value in values if value is not None]
        right = np.concatenate([np.atleast_1d(value).ravel() for value in found])
        return Box(asked, kind, found[0].shape, node, right)

    @cached_property
    def numeric(self) -> list[int]:
        """The boxes for numbers."""
        return [i for i, box in enumerate(self.boxes) if box.kind in ("number", "integer")]

    @cached_property
    def worded(self) -> list[int]:
        """The boxes for formulas and orders of growth."""
        return [i for i, box in enumerate(self.boxes) if box.kind in ("formula", "order")]

    @cached_property
    def total(self) -> float:
        """The points that a machine gives; a choice can be guessed, so it is left out."""
        return sum(box.asked.points for box in self.boxes if box.kind != "choice")

    @cached_property
    def given(self) -> dict[str, Array]:
        """The given numbers by name, rows of them as well."""
        found: dict[str, Array] = {}
        for name, tree in self.assignment.file.given.items():
            value = np.array(_numbers(tree), dtype=np.float64)
            found[name] = value
            if value.ndim > 1:
                found |= {f"{name}[{i}]": row for i, row in enumerate(value)}
        return found

    @cached_property
    def names(self) -> dict[int, tuple[str, tuple[int, ...]]]:
        """The quantity of the sheet that a box asks for, where it is one."""
        found = {}
        for i, box in enumerate(self.boxes):
            if box.asked.target is not None and isinstance(box.asked.target.expression, Name):
                expression = box.asked.target.expression
                found[i] = (expression.name, tuple(index.offset for index in expression.index))
        return found

    def text(self, filled: Filled, name: str = "lazy") -> str:
        """A submission file with these boxes filled."""
        lines = [f"assignment: {self.assignment.id}", f"student: {{id: {name}}}", "answers:"]
        last = None
        for i, box in enumerate(self.boxes):
            if i not in filled:
                continue
            if box.asked.question != last:
                last = box.asked.question
                lines.append(f"  {json.dumps(last)}:")
            lines.append(f"    {json.dumps(box.asked.answer)}: {filled[i].yaml}")
        if last is None:
            lines[-1] = "answers: {}"
        return "\n".join(lines) + "\n"

    def downstream(self, i: int, others: Sequence[int]) -> list[int]:
        """Those of some boxes that depend on box ``i``."""
        node = self.boxes[i].node
        return [j for j in others if j != i and self.graph.depends(self.boxes[j].node, node)]

    def follows(self, filled: Filled, boxes: Sequence[int]) -> dict[int, Array]:
        """The values that boxes take when the numbers of ``filled`` are carried forward."""
        puts = {}
        for i, fill in filled.items():
            values = written(fill)
            if values is not None and fill.shape == self.boxes[i].shape:
                puts[self.boxes[i].node] = values.reshape(fill.shape)
        nodes = [self.boxes[i].node for i in boxes]
        with np.errstate(all="ignore"):
            found = self.graph.edited({}).evaluate(nodes, puts)
        values_of = {}
        for i, node in zip(boxes, nodes, strict=True):
            value = found[node]
            if value is not None and value.shape == self.boxes[i].shape:
                values_of[i] = np.asarray(value)
        return values_of


def numbers(values: Array, shape: tuple[int, ...]) -> Fill:
    """Numbers as texts of up to ten digits."""
    return Fill(tuple(f"{float(v) + 0.0:.10g}" for v in np.ravel(values)), shape)


def _numbers(tree: Tree) -> object:
    if isinstance(tree, list):
        return [_numbers(item) for item in tree]
    return evaluate_number(str(tree))


def number(text: str) -> tuple[float, float]:
    """The value of a written number or of arithmetic, and half a unit of its last place."""
    try:
        read = read_number(text)
    except NotANumberError:
        return evaluate_arithmetic(text), 0.0
    return read.value, read.half_unit


def written(fill: Fill) -> Array | None:
    """The flat values of a box of numbers; None where one can't be read."""
    try:
        return np.array([number(text)[0] for text in fill.texts])
    except (FormulaError, NotANumberError):
        return None


def indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All indices of a shape, in order."""
    return list(product(*(range(size) for size in shape)))
