"""Formulas: compared by their values at sampled inputs, right or wrong as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checker.answer_kinds.kind import Agreement, ComputedKind, Reading, Revealed
from checker.answer_kinds.reading.formulas import read_formula
from checker.answer_kinds.reading.written import Unreadable, WrittenArray, what_it_is
from checker.matching import agrees, formula_noise
from reference_solutions.graph import Array, Graph
from reference_solutions.language.notation import Notation
from submissions_schema.assignment_file import FormulaAnswer, Matching
from submissions_schema.problems import Problem


class _Formula(ComputedKind[FormulaAnswer]):
    spec = FormulaAnswer
    remembered = True
    by_entry = False

    def read(self, reading: Reading[FormulaAnswer]) -> WrittenArray | Unreadable:
        if not isinstance(reading.tree, str):
            place = reading.document.place(reading.path)
            got = what_it_is(reading.tree)
            return Unreadable((Problem("this is no formula", place, "a formula", got),))
        return read_formula(
            reading.tree,
            reading.sheet.graph,
            reading.sheet.ranges,
            reading.shape,
            reading.document,
            reading.path,
            asked=reading.node,
            may_use=reading.spec.may_use,
        )

    def tolerances(self, expected: Array, half_units: Array, matching: Matching) -> Array:
        return formula_noise(expected)

    def agrees(self, written: WrittenArray, expected: Array, matching: Matching) -> Agreement:
        """Compare sampled values; where one of both is not defined, nothing is said of it."""
        unknown = ~np.isfinite(written.values) | ~np.isfinite(expected)
        close = agrees(written.values, expected, formula_noise(expected)) | unknown
        note = "Right, compared where both formulas are defined." if unknown.any() else ""
        return Agreement(close, note)

    def unexplained(self, written: WrittenArray, expected: Array) -> str:
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
