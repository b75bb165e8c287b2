"""Whole numbers: one, or an array of them, compared exactly."""

from __future__ import annotations

import numpy as np

from checker.answer_kinds.kind import Agreement, ComputedKind, Reading, Revealed
from checker.answer_kinds.number import shown_value
from checker.answer_kinds.reading.arrays import read_array
from checker.answer_kinds.reading.written import Unreadable, WrittenArray
from checker.matching import agrees
from reference_solutions.graph import Array, Graph
from reference_solutions.language.notation import Notation
from submissions_schema.assignment_file import IntegerAnswer, Matching

_NOISE = 1e-9


class _Integer(ComputedKind[IntegerAnswer]):
    spec = IntegerAnswer

    def read(self, reading: Reading[IntegerAnswer]) -> WrittenArray | Unreadable:
        return read_array(reading.tree, reading.shape, reading.document, reading.path)

    def tolerances(self, expected: Array, half_units: Array, matching: Matching) -> Array:
        return np.full_like(expected, _NOISE)

    def agrees(self, written: WrittenArray, expected: Array, matching: Matching) -> Agreement:
        allowed = self.tolerances(expected, written.half_units, matching)
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
