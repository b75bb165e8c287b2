"""Judges what the checker says of simulated submissions, by the truth of what was planted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.diagnosis.slips import KINDS as SLIPS
from checker.edits.edit import Edit
from checker.grading import Grader
from checker.matching import noise
from checker.report import AnswerReport, MistakeReport
from reference_solutions.assignment import Assignment
from reference_solutions.graph import Array
from submissions_schema.answers import IntegerAnswer
from submissions_schema.submission import parse_submission

from .cohort import Cohort, Simulated, Truth

ACCEPTED = ("correct", "follow_through")
PLANTED = ("catalogue", "structural", "one answer only", "two mistakes", "slip", "formula slip")
_WHOLE_SLIPS = (
    "sign-slip",
    "decimal-point-slip",
    "percent-for-fraction",
    "rows-for-columns",
    "order-reversed",
    "order-shifted",
    "other-answer-copied",
)

Naming: TypeAlias = Literal["named", "equivalent", "tie", "near", "wrong", "none"]
"""How an answer's diagnosis stands to the truth, from best to worst.

``named``: by its id. ``equivalent``: another mistake that predicts the same numbers within the
written digits. ``tie``: the right one is among the alternatives that the report offers. ``near``:
another one that predicts the same within rounding on the way. ``wrong``: another one. ``none``: no
mistake is named.
"""
BEST: tuple[Naming, ...] = ("named", "equivalent", "tie", "near", "none", "wrong")


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer: what it is, what the checker said, and how the two agree.

    ``plain``: it differs from the right value by more than written digits and rounding on the way
    explain, so the numbers show that something is wrong. ``bits``: how much the digits say that it
    differs in. ``nameable``: of its kind a mistake can be named; not of a choice.
    """

    truth: Truth
    report: AnswerReport
    naming: Naming
    plain: bool
    bits: float = 0.0
    nameable: bool = True

    @property
    def accepted(self) -> bool:
        """Whether it earned the points of a right answer."""
        return self.report.verdict in ACCEPTED


@dataclass(frozen=True, slots=True)
class Result:
    """One graded submission."""

    simulated: Simulated
    judged: tuple[Judged, ...]
    needed: float = 0.0
    """The bits that it takes to single out one of all the mistakes that could be made."""

    @property
    def showing(self) -> list[Judged]:
        """The answers that show what was planted."""
        return [j for j in self.judged if j.truth.state in ("mistake", "slip") and j.plain]

    @property
    def telling(self) -> bool:
        """Whether the digits that are wrong say enough to tell which mistake it is."""
        return sum(j.bits for j in self.showing) >= self.needed

    @property
    def outcome(self) -> str:
        """What became of the planted mistake or slip.

        ``hidden``: nothing that was written shows it. ``accepted``: every answer that shows it was
        judged right. ``faint``: not named, and the digits that are wrong are too few to tell it
        from the other mistakes that could be made. Otherwise the best naming among the answers
        that show it.
        """
        showing = self.showing
        if not showing:
            return "hidden"
        if all(j.accepted for j in showing):
            return "accepted"
        namings = {j.naming for j in showing}
        if namings <= {"none", "wrong"}:
            if "wrong" in namings:
                return "wrong"
            return "none" if self.telling else "faint"
        return next(naming for naming in BEST if naming in namings)


@dataclass(frozen=True, slots=True)
class Crash:
    """A submission at which grading raised an exception."""

    simulated: Simulated
    error: str


class Examiner:
    """Grades simulated submissions and judges the judgement."""

    def __init__(self, assignment: Assignment) -> None:
        self.grader = Grader(assignment)
        self.cohort = Cohort(assignment)
        self.rounding = self._rounding()
        edits = len(self.cohort.catalogue) + len(self.cohort.structural)
        self.needed = math.log2(max(edits, 1))
        self.by_words: dict[tuple[str, str, str], list[Edit]] = {}
        for edit in self.grader.key.diagnoser.library.edits:
            self.by_words.setdefault((edit.id, edit.where, edit.message), []).append(edit)

    def _rounding(self) -> list[Array]:
        """What rounding on the way may do to each answer, as the assignment grants it."""
        found = []
        for asked, right in zip(self.cohort.asked, self.cohort.right, strict=True):
            digits = asked.matching.working_digits
            position = self.grader.key.position[asked.question, asked.answer]
            granted = np.zeros_like(right)
            if digits is not None and not isinstance(asked.spec, IntegerAnswer):
                key = self.grader.key
                granted = key.diagnoser.tolerances.of_right(digits)[key.layout.span(position)]
            found.append(granted)
        return found

    def grade(self, simulated: Simulated) -> Result:
        """Grade one submission and compare with the truth."""
        name = f"{simulated.name}.yaml"
        report = self.grader.grade(parse_submission(simulated.text, name), name)
        by_place = {(a.question, a.answer): a for a in report.answers}
        own = {i: truth.written for i, truth in enumerate(simulated.answers) if truth.texts}
        judged = []
        for i, truth in enumerate(simulated.answers):
            found = by_place[truth.question, truth.answer]
            plain, bits = False, 0.0
            if truth.texts:
                allowed = truth.half_units * (1 + 1e-9) + noise(truth.meant) + self.rounding[i]
                right = self.cohort.right[i]
                off = np.abs(truth.written - right) > allowed
                plain, bits = bool(np.any(off)), _bits(truth.texts, off)
                if truth.state == "mistake":
                    plain = plain and bool(np.any(np.abs(truth.meant - right) > allowed))
            judged.append(Judged(truth, found, self._naming(i, truth, found, own), plain, bits))
        for worded, truth in zip(self.cohort.worded, simulated.worded, strict=False):
            found = by_place[truth.question, truth.answer]
            plain = truth.state in ("slip", "noise")
            naming = _naming_in_words(truth, found)
            judged.append(Judged(truth, found, naming, plain, math.inf, worded.is_formula))
        return Result(simulated, tuple(judged), self.needed)

    # --- is it the right mistake? -------------------------------------------------------------

    def _naming(  # noqa: PLR0911 - one return a naming
        self, at: int, truth: Truth, found: AnswerReport, own: dict[int, Array]
    ) -> Naming:
        if not found.mistakes:
            return "none"
        said = {mistake.id for mistake in found.mistakes}
        if truth.ids and (said >= set(truth.ids) or said <= set(truth.ids)):
            return "named"
        if truth.state in ("noise", "missing"):
            return "wrong"
        if said & set(SLIPS):
            return "equivalent" if said <= set(_WHOLE_SLIPS) and truth.texts else "wrong"
        allowed = truth.half_units * (1 + 1e-9) + noise(truth.meant)
        meant = truth.meant
        if truth.state == "slip":
            meant, allowed = truth.written, allowed + self.rounding[at]
        predictions = list(self._predicted(at, found.mistakes, own))
        for predicted in predictions:
            if bool(np.all(np.abs(predicted - meant) <= allowed)):
                return "equivalent"
        offered = {words for mistake in found.mistakes for words in mistake.alternatives}
        if any(edit.message in offered for edit in truth.edits):
            return "tie"
        for predicted in predictions:
            if bool(np.all(np.abs(predicted - meant) <= allowed + self.rounding[at])):
                return "near"
        return "wrong"

    def _predicted(
        self, at: int, mistakes: Sequence[MistakeReport], own: dict[int, Array]
    ) -> Iterator[Array]:
        """What the named mistakes predict, made in the whole work and from the student's values."""
        options = [self.by_words.get((m.id, m.where, m.message), []) for m in mistakes]
        for edits in islice(product(*options), 8):
            for puts in ({}, own):
                value = self.cohort.exact(edits, puts)[at]
                if value is not None:
                    yield value


def _bits(texts: Sequence[str], off: NDArray[np.bool_]) -> float:
    """How much the digits of the entries that are wrong say, if all digits are alike likely.

    Entries that read alike are one observation.
    """
    wrong = {text.lstrip("-") for text, is_off in zip(texts, off, strict=True) if is_off}
    digits = [text.partition("e")[0].replace(".", "").lstrip("0") for text in wrong]
    return sum(max(len(plain), 1) for plain in digits) * math.log2(10)


def _naming_in_words(truth: Truth, found: AnswerReport) -> Naming:
    """How a formula's diagnosis stands to the truth.

    What is named agrees with the formula at every sampled point, so one mistake is as good as the
    slip that was planted; two mistakes for one slip are beside the point.
    """
    if not found.mistakes:
        return "none"
    if truth.state != "slip":
        return "wrong"
    return "equivalent" if len(found.mistakes) == 1 else "near"
