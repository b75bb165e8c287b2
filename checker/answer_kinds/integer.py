"""Whole numbers: one, or an array of them, compared exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from checker.answer_kinds.forms.editor import Schema, numbers_schema
from checker.answer_kinds.forms.form import AnswerForm, Remark
from checker.answer_kinds.forms.memory import InMemory, Values, with_digits
from checker.answer_kinds.forms.names import NamedQuantity, Shape
from checker.answer_kinds.forms.numbers import (
    HOW_TO_WRITE_NUMBERS,
    plain_numbers,
    problems_in,
    remarks_on,
    shape_asked,
    shown_value,
)
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.forms.words import numbers_words
from checker.answer_kinds.kind import Agreement, Box, ComputedKind, Revealed
from checker.answer_kinds.reading.arrays import read_array
from checker.answer_kinds.reading.written import Unreadable, WrittenArray
from checker.matching import agrees
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array, Graph
from reference_solutions.graph.float_errors import FloatErrors
from reference_solutions.language.notation import Notation
from submissions_schema.answers import IntegerAnswer
from submissions_schema.grading_settings import Matching
from submissions_schema.problems import Problem

_NOISE = 1e-9


class IntegerForm(AnswerForm):
    """The form of whole numbers."""

    kind: Literal["integer"]
    shape: Shape = ()


class _Integer(ComputedKind[IntegerAnswer, IntegerForm]):
    spec = IntegerAnswer
    form = IntegerForm
    how_to = HOW_TO_WRITE_NUMBERS

    def form_of(
        self, asked: Asked, assignment: Assignment, names: Sequence[str]
    ) -> Mapping[str, object]:
        return {"shape": shape_asked(asked, assignment)}

    def impossible(self, spec: IntegerAnswer, right: Array | None) -> str:
        off = () if right is None else [value for value in np.ravel(right) if value != round(value)]
        return f"a whole number is asked for, but the right value is {off[0]:.6g}" if off else ""

    def words(self, form: IntegerForm, names: Mapping[str, NamedQuantity]) -> str:
        return numbers_words(form.shape, "whole number")

    def schema(self, form: IntegerForm) -> Schema:
        return numbers_schema(form.shape, "integer")

    def box(self, form: IntegerForm) -> Box:
        return {"box": "numbers", "shape": form.shape, "whole": True}

    def in_memory(self, values: Values) -> InMemory:
        return with_digits(values, exact=False)

    def inspect(self, reading: Reading[IntegerForm]) -> Iterator[Remark]:
        read = self.read(reading)
        if isinstance(read, Unreadable):
            yield from problems_in(reading, read, reading.wanted(whole=True))
            return
        yield from remarks_on(reading, read)
        for text, at, number in plain_numbers(reading.tree, reading.path):
            if not number.value.is_integer():
                message = f"`{text.strip()}` is no whole number, and one is asked for"
                yield Remark(Problem(message, reading.document.place(at)), "note")

    def read(self, reading: Reading[IntegerAnswer | IntegerForm]) -> WrittenArray | Unreadable:
        wanted = reading.wanted(whole=True)
        return read_array(reading.tree, reading.shape, reading.document, reading.path, wanted)

    def tolerances(
        self, expected: Array, half_units: Array, matching: Matching, errors: FloatErrors
    ) -> Array:
        return np.full_like(expected, _NOISE)

    def agrees(
        self, written: WrittenArray, expected: Array, matching: Matching, errors: FloatErrors
    ) -> Agreement:
        allowed = self.tolerances(expected, written.half_units, matching, errors)
        return Agreement(agrees(written.values, expected, allowed))

    def off(self, written: float, expected: float) -> str:
        """Tell the direction only: even a coarse range may hold one whole number alone."""
        return "too large" if written > expected else "too small"

    def reveal(
        self, spec: IntegerAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        assert node is not None
        return Revealed(shown_value(graph.value(node)))


KIND = _Integer()
