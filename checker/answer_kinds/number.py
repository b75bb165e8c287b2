"""Numbers: one, or an array of them, compared entry by entry with the digits that were written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from checker.answer_kinds.kind import Agreement, ComputedKind, Reading, Revealed
from checker.answer_kinds.reading.arrays import read_array
from checker.answer_kinds.reading.written import Unreadable, WrittenArray
from checker.matching import agrees, half_unit_at, tolerance
from reference_solutions.graph import Array, Graph
from reference_solutions.language.notation import Notation
from submissions_schema.assignment_file import Matching, NumberAnswer


class _Number(ComputedKind[NumberAnswer]):
    spec = NumberAnswer
    rounds = True
    whole = False

    def read(self, reading: Reading[NumberAnswer]) -> WrittenArray | Unreadable:
        return read_array(reading.tree, reading.shape, reading.document, reading.path)

    def tolerances(self, expected: Array, half_units: Array, matching: Matching) -> Array:
        return tolerance(expected, half_units, matching)

    def agrees(self, written: WrittenArray, expected: Array, matching: Matching) -> Agreement:
        allowed = self.tolerances(expected, written.half_units, matching)
        close = agrees(written.values, expected, allowed)
        if matching.policy == "written" and not close.all():
            close |= _cut_off(written, expected, matching.min_significant_figures)
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


def _cut_off(written: WrittenArray, expected: Array, digits: int) -> NDArray[np.bool_]:
    """Entries whose further digits were cut off instead of rounded, with enough digits left."""
    difference = np.abs(expected) - np.abs(written.values)
    same_sign = np.sign(written.values) == np.sign(expected)
    enough = written.half_units <= half_unit_at(expected, digits) * (1 + 1e-9)
    near = (difference >= 0) & (difference <= 2 * written.half_units)
    return np.asarray(same_sign & enough & near)


def _how_much(ratio: float) -> str:
    for bound, words in ((1.02, "less than 2 %"), (1.1, "less than 10 %"), (1.5, "less than 50 %")):
        if ratio < bound:
            return words
    return "several times" if ratio < 10 else "more than 10 times"


def shown_value(value: Array | None) -> str:
    """Return a value, or nested lists of values, as text with six digits."""
    if value is None:
        return ""
    if value.ndim == 0:
        return f"{float(value):.6g}"
    return f"[{', '.join(shown_value(np.asarray(item)) for item in value)}]"
