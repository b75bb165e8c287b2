"""Numbers: one, or an array of them, compared entry by entry with the digits that were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

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
from checker.matching import agrees, cut_off, tolerance
from checker.words import plural
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array, Graph
from reference_solutions.graph.float_errors import FloatErrors
from reference_solutions.language.notation import Notation
from submissions_schema.answers import NumberAnswer
from submissions_schema.grading_settings import Matching, Policy
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import TreePath


class NumberForm(AnswerForm):
    """The form of numbers: their shape, and what they must agree with."""

    kind: Literal["number"] = "number"
    shape: Shape = ()
    policy: Annotated[Policy, Field(description="What a number must agree with.")] = "written"
    tolerance: Annotated[float | None, Field(gt=0)] = None
    digits: Annotated[int | None, Field(ge=0)] = None
    min_significant_figures: Annotated[int | None, Field(ge=1)] = None


class _Number(ComputedKind[NumberAnswer, NumberForm]):
    spec = NumberAnswer
    form = NumberForm
    how_to = HOW_TO_WRITE_NUMBERS
    rounds = True
    whole = False

    def form_of(
        self, asked: Asked, assignment: Assignment, names: Sequence[str]
    ) -> Mapping[str, object]:
        matching = asked.matching
        if matching.policy == "written":
            said: dict[str, object] = {"min_significant_figures": matching.min_significant_figures}
        else:
            said = matching.model_dump(include={"policy", "tolerance", "digits"})
        return {"shape": shape_asked(asked, assignment), **said}

    def words(self, form: NumberForm, names: Mapping[str, NamedQuantity]) -> str:
        said, precision = numbers_words(form.shape, "number"), _precision(form)
        return f"{said}; {precision}" if precision else said

    def schema(self, form: NumberForm) -> Schema:
        return numbers_schema(form.shape, "number")

    def box(self, form: NumberForm) -> Box:
        return {
            "box": "numbers",
            "shape": form.shape,
            "least": form.min_significant_figures or 0,
        }

    def in_memory(self, values: Values) -> InMemory:
        return with_digits(values, exact=True)

    def inspect(self, reading: Reading[NumberForm]) -> Iterator[Remark]:
        read = self.read(reading)
        if isinstance(read, Unreadable):
            yield from problems_in(reading, read, reading.wanted())
            return
        yield from remarks_on(reading, read)
        coarse: dict[str, TreePath] = {}
        least = reading.asks.min_significant_figures or 0
        for text, at, number in plain_numbers(reading.tree, reading.path):
            if not number.is_integer and number.value and number.significant_figures < least:
                coarse.setdefault(text.strip(), at)
        if coarse:
            shown = ", ".join(f"`{text}`" for text in [*coarse][:3])
            more = f" and {len(coarse) - 3} more" if len(coarse) > 3 else ""
            digits = plural(least, "significant digit")
            message = f"{shown}{more}: write at least {digits}, unless the value is exact"
            place = reading.document.place(next(iter(coarse.values())))
            yield Remark(Problem(message, place), "note")

    def read(self, reading: Reading[NumberAnswer | NumberForm]) -> WrittenArray | Unreadable:
        wanted = reading.wanted()
        return read_array(reading.tree, reading.shape, reading.document, reading.path, wanted)

    def tolerances(
        self, expected: Array, half_units: Array, matching: Matching, errors: FloatErrors
    ) -> Array:
        return tolerance(expected, half_units, matching, errors)

    def agrees(
        self, written: WrittenArray, expected: Array, matching: Matching, errors: FloatErrors
    ) -> Agreement:
        allowed = tolerance(expected, written.half_units, matching, errors)
        close = agrees(written.values, expected, allowed)
        if not close.all():
            close |= cut_off(written.values, written.half_units, expected, matching, errors)
        return Agreement(close)

    def off(self, written: float, expected: float) -> str:
        """Name no factor: half of what was written may be the right value.

        Nothing is said of zero that isn't said of a small number.
        """
        if written == 0:
            return "the right value is not zero"
        if written * expected < 0:
            return "the other sign is right"
        ratio = abs(written / expected) if expected else np.inf
        words = "large" if ratio > 1 else "small"
        return f"{_how_much(max(ratio, 1 / ratio))} too {words}"

    def reveal(
        self, spec: NumberAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        assert node is not None
        return Revealed(shown_value(graph.value(node)))


KIND = _Number()


def _precision(form: NumberForm) -> str:
    """Return the digits that are asked for; nothing where there are no such."""
    if form.policy == "relative" and form.tolerance is not None:
        return f"within {100 * form.tolerance:g} % of the value"
    if form.policy == "absolute" and form.tolerance is not None:
        return f"within {form.tolerance:g} of the value"
    if form.policy == "significant_figures" and form.digits is not None:
        return f"right to {plural(form.digits, 'significant digit')}"
    if form.policy == "decimal_places" and form.digits is not None:
        return f"right to {plural(form.digits, 'decimal place')}"
    least = form.min_significant_figures
    return f"at least {plural(least, 'significant digit')}" if least is not None else ""


def _how_much(ratio: float) -> str:
    for bound, words in ((1.02, "less than 2 %"), (1.1, "less than 10 %"), (1.5, "less than 50 %")):
        if ratio < bound:
            return words
    return "several times" if ratio < 10 else "more than 10 times"
