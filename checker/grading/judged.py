"""What the stages hand to each other: how every computed answer of a submission stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from checker.answer_kinds.reading.written import WrittenArray
from checker.diagnosis.finding import Finding
from checker.diagnosis.lazy import Lazy
from checker.matching import noise
from checker.report import Verdict
from reference_solutions.graph import Array

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """One computed answer: its verdict (None while it is open) and what led to it.

    It equals itself alone. ``position`` is its number in the layout, ``expected`` its right values,
    flat. ``right`` says which entries are right, ``precise`` which of these count in full, each
    None where nothing is known entry by entry; ``from_own`` that they are so by the student's own
    earlier values.
    ``from_rounded`` is that it is right as it follows from their own rounded values.
    ``led_nowhere`` is that it follows from values that took no work, and earns nothing.
    ``if_rounded``: it is right if rounding on the way is granted. ``accepted``: a person takes it
    for right, and ``expected`` is what they accept.
    """

    position: int
    written: WrittenArray
    expected: Array
    verdict: Verdict | None = None
    note: str = ""
    right: Mask | None = None
    precise: Mask | None = None
    from_own: bool = False
    from_rounded: bool = False
    led_nowhere: bool = False
    if_rounded: bool = False
    accepted: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def share(self) -> float:
        """The share of entries that are right; a zero where zero belongs shows nothing."""
        if self.right is None:
            return 0.0
        right = self.right if self.precise is None else self.precise
        telling = (np.abs(self.expected) > noise(self.expected)) | ~right
        return float((right & telling).sum() / max(int(telling.sum()), 1))


@dataclass(frozen=True, slots=True)
class Judged:
    """All computed answers of a submission that could be read, by their number in the layout.

    ``digits`` is to how many digits each may be rounded on the way, None where it may not at all.
    ``lazy`` are the answers that could be had without work. ``untried`` is how many hypotheses
    on what went wrong were left out, because the work on one submission is bounded. ``worked`` is
    whether all of them together show any work.
    """

    answers: Mapping[int, Judgement]
    digits: Mapping[int, int | None]
    lazy: Lazy = field(default_factory=Lazy)
    untried: int = 0
    worked: bool = True

    def where(self, holds: Callable[[Judgement], bool]) -> list[Judgement]:
        """Return the answers of which something holds."""
        return [answer for answer in self.answers.values() if holds(answer)]

    def numbers(self, holds: Callable[[Judgement], bool]) -> frozenset[int]:
        """Return the numbers of the answers of which something holds."""
        return frozenset(answer.position for answer in self.where(holds))

    def changed(self, answers: Sequence[Judgement]) -> Judged:
        """Return the same with other judgements of some answers."""
        return replace(
            self, answers={**self.answers, **{answer.position: answer for answer in answers}}
        )


@dataclass(frozen=True, slots=True)
class Put:
    """What an answer puts in the place of right values, by node.

    ``worlds`` are its values in each world of sampled symbols, ``half_units`` half a unit in their
    last places. ``trivial`` is that they leave no work to do, ``impossible`` that no inputs give
    them.
    """

    worlds: Sequence[Mapping[int, Array]]
    half_units: Mapping[int, Array]
    trivial: bool
    impossible: bool


def imprecise(answer: Judgement, few: Mask, least: int) -> Judgement:
    """Return a right answer as one with too few digits, where some entries have."""
    if not few.any():
        return answer
    note = f"Right as far as it goes; write at least {least} significant digits."
    return replace(answer, verdict="imprecise", precise=~few, note=note)
