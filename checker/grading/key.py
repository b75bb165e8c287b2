"""What grading needs of an assignment, made once and the same for all submissions."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from checker.answer_kinds import kind_of
from checker.answer_kinds.forms.sheet import Sheet
from checker.answer_kinds.kind import ComputedKind, Taken
from checker.answer_kinds.reading.quantities import known_names
from checker.answer_kinds.reading.written import PLACEHOLDERS, WrittenArray
from checker.diagnosis.diagnoser import Diagnoser
from checker.diagnosis.layout import Layout
from checker.grading.judged import Judged, Judgement, Put
from checker.remembered import Remembered
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph.float_errors import (
    FloatErrors,
    errors_at_zero,
    float_errors,
    joined,
)
from reference_solutions.language.notation import Notation

_REMEMBERED = 5_000
"""How many of the answers that many students write are kept for the next submission."""

_JUDGED = 500
"""How many submissions are kept for those that write the same."""


class Key:
    """An assignment, its reference laid out, and the kind of each answer.

    Computed answers are numbered as the reference's targets are: ``asked``, ``kinds`` and
    ``layout`` go by that number, so do ``errors`` (what floats do to the right values),
    and ``position`` gives it for a question and an answer. ``answer_ids`` are all answers that are
    asked for, by question. ``names`` are the quantities that a formula may name. ``read_before`` is
    what was made of answers by what stands there, ``compared_before`` how these compare with the
    right values, by how coarsely one may round, ``right_before`` which of these turned out right,
    and why, ``put_before`` what they put in the place of right values, and ``judged_before`` how
    all of them together were judged.
    """

    def __init__(self, assignment: Assignment, like: Key | None = None) -> None:
        """Lay it out; ``like`` is the key of the same assignment with other given numbers."""
        self._like = like
        self.assignment = assignment
        self.reference = assignment.reference
        self.graph = assignment.reference.graph
        self.names = known_names(self.graph)
        self.sheet = Sheet((self.graph,), self.reference.ranges, assignment.file.symbols)
        asked = {(item.question, item.answer): item for item in assignment.asked}
        targets = self.reference.targets
        self.asked: list[Asked] = [asked[target.question, target.answer] for target in targets]
        self.kinds: list[ComputedKind[Any, Any]] = []
        for item in self.asked:
            kind = kind_of(item.spec)
            assert isinstance(kind, ComputedKind)
            self.kinds.append(kind)
        self.position = {(item.question, item.answer): i for i, item in enumerate(self.asked)}
        symbolic = frozenset(i for i, item in enumerate(self.asked) if item.spec.symbolic)
        self.layout = Layout(self.reference, symbolic)
        self.answer_ids = {
            question: [item.answer for item in items]
            for question, items in assignment.by_question.items()
        }
        self.placeholders = PLACEHOLDERS | {
            text.strip().casefold() for text in assignment.file.placeholders
        }
        self.notation = Notation(self.graph.families)
        self.errors = self._float_errors()
        self.read_before = Remembered[tuple[str, str, str], Taken](_REMEMBERED)
        self.compared_before = Remembered[tuple[WrittenArray, int | None], Judgement](_REMEMBERED)
        self.right_before = Remembered[tuple[Judgement, str], Judgement](_REMEMBERED)
        self.put_before = Remembered[WrittenArray, Put](_REMEMBERED)
        self.judged_before = Remembered[tuple[WrittenArray, ...], Judged](_JUDGED)

    def _float_errors(self) -> list[FloatErrors]:
        """Return what floats do to each answer's right values, in the worlds that it has."""
        worlds, symbolic = range(self.graph.worlds), self.layout.symbolic
        numbers = [node for i, node in enumerate(self.layout.targets) if i not in symbolic]
        of_numbers = iter(float_errors(self.graph, numbers))
        return [
            joined([errors_at_zero(self.graph, node, world) for world in worlds])
            if i in symbolic
            else next(of_numbers)
            for i, node in enumerate(self.layout.targets)
        ]

    @cached_property
    def diagnoser(self) -> Diagnoser:
        """All edits and their predictions; made when the first answer is not plainly right."""
        digits = [a.matching.working_digits for a in self.assignment.asked if a.target is not None]
        coarsest = min((d for d in digits if d is not None), default=3)
        like = self._like.diagnoser if self._like is not None else None
        return Diagnoser(self.layout, coarsest, like)
