"""Diagnosis of submissions to one assignment: what is the same for all of them is kept here.

Diagnosis knows nothing of points.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from checker.answer_kinds.reading.written import WrittenArray
from checker.diagnosis.case import Case
from checker.diagnosis.finding import Explanation, Finding
from checker.diagnosis.hypotheses import Library
from checker.diagnosis.layout import Layout
from checker.diagnosis.search import Search
from checker.diagnosis.shapes import explain_shapes
from checker.diagnosis.tolerance import Tolerances


class Diagnoser:
    """Explains submissions to one assignment.

    ``working_digits`` is how coarsely a student may round on the way. ``like`` is what explains
    submissions to the same assignment with other given numbers, whose edits are these too.
    """

    def __init__(
        self, layout: Layout, working_digits: int = 3, like: Diagnoser | None = None
    ) -> None:
        self.layout = layout
        self._like = like
        self.tolerances = Tolerances(layout, working_digits, lambda: self.library)

    @cached_property
    def library(self) -> Library:
        """All edits and their predictions; made when something is to be explained."""
        return Library(self.layout, None if self._like is None else self._like.library)

    def explain(self, case: Case) -> Explanation:
        """Return findings for each answer that one or more mistakes explain."""
        return Search(self.library, self.tolerances, case).explain()

    def explain_shapes(self, written: Mapping[int, WrittenArray]) -> dict[int, Finding]:
        """Return the mistakes that give numbers of a wrong shape, for each answer that one does."""
        return explain_shapes(self.library, self.tolerances, written)
