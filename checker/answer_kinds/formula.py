"""Formulas: compared by their values at sampled inputs, right or wrong as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from checker.answer_kinds.forms.editor import Schema, any_type
from checker.answer_kinds.forms.form import AnswerForm, Remark
from checker.answer_kinds.forms.formula_names import (
    asked_for,
    unusable_names,
    usable_names,
)
from checker.answer_kinds.forms.names import (
    KeyedName,
    NamedQuantity,
    Shape,
    names_among,
    split_name,
)
from checker.answer_kinds.forms.numbers import remarks_on, shape_asked
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.forms.words import FEW, HOW_TO_WRITE_FORMULAS, numbers_words
from checker.answer_kinds.kind import Agreement, Box, ComputedKind, Revealed
from checker.answer_kinds.reading.formulas import read_formula
from checker.answer_kinds.reading.quantities import indices_of
from checker.answer_kinds.reading.written import Unreadable, WrittenArray, what_it_is
from checker.matching import agrees, formula_noise
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array, Graph
from reference_solutions.graph.float_errors import FloatErrors
from reference_solutions.language.notation import Notation
from submissions_schema.answers import FormulaAnswer
from submissions_schema.grading_settings import Matching
from submissions_schema.problems import Problem


class FormulaForm(AnswerForm):
    """The form of a formula: its shape, and the names that it may use."""

    kind: Literal["formula"]
    shape: Shape = ()
    may_use: Annotated[
        list[str] | None, Field(description="Left out, every name of the handout.")
    ] = None
    but_not: Annotated[
        list[KeyedName],
        Field(default_factory=list, description="What is asked for itself, `h[1]`."),
    ]


class _Formula(ComputedKind[FormulaAnswer, FormulaForm]):
    spec = FormulaAnswer
    form = FormulaForm
    how_to = HOW_TO_WRITE_FORMULAS
    uses_names = True
    by_entry = False

    def names(self, asked: Asked, assignment: Assignment) -> Collection[str]:
        """Return the names that it may use; what is asked for itself is not among them."""
        assert isinstance(asked.spec, FormulaAnswer)
        assert asked.target is not None
        graph, may_use = assignment.reference.graph, asked.spec.may_use
        refused = set(asked_for(asked.target.node, graph, may_use))
        return [
            name
            for name in usable_names(graph, may_use)
            if not {(name, index) for index in indices_of(graph.families[name])} <= refused
        ]

    def form_of(
        self, asked: Asked, assignment: Assignment, names: Sequence[str]
    ) -> Mapping[str, object]:
        assert isinstance(asked.spec, FormulaAnswer)
        assert asked.target is not None
        graph, node = assignment.reference.graph, asked.target.node
        allowed = self.names(asked, assignment)
        but_not = [
            f"{name}[{', '.join(map(str, index))}]"
            for name, index in asked_for(node, graph, asked.spec.may_use)
            if name in allowed
        ]
        said = {"shape": shape_asked(asked, assignment), "but_not": but_not}
        return said if allowed == names else {**said, "may_use": allowed}

    def words(self, form: FormulaForm, names: Mapping[str, NamedQuantity]) -> str:
        usable = names_among(names, form.may_use)
        shaped = (
            f"a formula of {numbers_words(form.shape, 'number')}" if form.shape else "a formula"
        )
        if not usable:
            return f"{shaped} without names"
        there = {split_name(key)[0] for key in usable}
        refused = [name for name in form.but_not if split_name(name)[0] in there]
        without = f", without {', '.join(refused)}" if refused else ""
        if len(usable) > FEW:
            return f"{shaped} in the names listed at the top{without}"
        return f"{shaped} in {', '.join(usable)}{without}"

    def schema(self, form: FormulaForm) -> Schema:
        return any_type("string", "number", "null")

    def box(self, form: FormulaForm) -> Box:
        return {
            "box": "formula",
            "shape": form.shape,
            "mayUse": form.may_use,
            "butNot": form.but_not,
        }

    def inspect(self, reading: Reading[FormulaForm]) -> Iterator[Remark]:
        """Say every name that may not be used; then, whether it can be read with any values."""
        sheet = reading.sheet
        problems = list(_unusable(reading)) if isinstance(reading.tree, str) else []
        first: Unreadable | None = None
        for graph in () if problems else sheet.graphs:
            read = self.read(replace(reading, sheet=replace(sheet, graphs=(graph,))))
            if not isinstance(read, Unreadable):
                yield from remarks_on(reading, read)
                return
            if sheet.made_up and read.undefined:
                # It can be read; whether it has a value depends on values that are not known here.
                return
            first = first or read
        yield from (Remark(problem, "error") for problem in problems)
        yield from (Remark(problem, "error") for problem in (first.problems if first else ()))

    def read(self, reading: Reading[FormulaAnswer | FormulaForm]) -> WrittenArray | Unreadable:
        if not isinstance(reading.tree, str):
            place = reading.document.place(reading.path)
            got = what_it_is(reading.tree)
            return Unreadable((Problem("this is no formula", place, "a formula", got),))
        return read_formula(
            reading.tree,
            reading.sheet.graphs[0],
            reading.sheet.ranges,
            reading.shape,
            reading.document,
            reading.path,
            asked=reading.node,
            may_use=reading.asks.may_use,
        )

    def tolerances(
        self, expected: Array, half_units: Array, matching: Matching, errors: FloatErrors
    ) -> Array:
        return formula_noise(expected, errors.double)

    def agrees(
        self, written: WrittenArray, expected: Array, matching: Matching, errors: FloatErrors
    ) -> Agreement:
        """Compare sampled values; where the right one is defined the other must be too."""
        allowed = self.tolerances(expected, written.half_units, matching, errors)
        return Agreement(agrees(written.values, expected, allowed) | ~np.isfinite(expected))

    def unexplained(self, written: WrittenArray, expected: Array) -> str:
        defined = np.isfinite(written.values)
        close = agrees(written.values, expected, formula_noise(expected))
        if not defined.all() and close[defined].all():
            return (
                "Your formula is not defined everywhere where the right one is (a logarithm or a "
                "root of a negative number, or a division by zero?)."
            )
        if np.ptp(written.values) == 0 and np.ptp(expected) > 0:
            return (
                "Your formula has the same value whatever its symbols are; the right one changes "
                "with them. No known mistake explains it."
            )
        return "This formula has other values than the right one, and no known mistake explains it."

    def may_use(self, spec: FormulaAnswer) -> Sequence[str] | None:
        return spec.may_use

    def reveal(
        self, spec: FormulaAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        assert node is not None
        name, index = graph.nodes[node].key
        latex = notation.derived(name, index)
        return Revealed(notation.formula_words(name, index) or latex, latex)


KIND = _Formula()


def _unusable(reading: Reading[FormulaForm]) -> Iterator[Problem]:
    assert isinstance(reading.tree, str)
    form, names = reading.asks, reading.sheet.names
    allowed = {split_name(key)[0] for key in names_among(names, form.may_use)}
    places = partial(reading.document.text_offset_place, reading.path)
    return unusable_names(reading.tree, reading.sheet, allowed, form.but_not, places)
