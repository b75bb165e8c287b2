"""Counts how the checker judged a cohort: what was named, missed, called right in error."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .cohort import Simulated
from .examiner import PLANTED, Crash, Examiner, Judged, Naming, Result


@dataclass(slots=True)
class Share:
    """How many of how many."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        """Count one more."""
        self.hits += hit
        self.of += 1

    @property
    def value(self) -> float:
        """The share; 1 of nothing."""
        return self.hits / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % ({self.hits} of {self.of})" if self.of else "none"


@dataclass(slots=True)
class Figures:
    """All that is counted."""

    right: dict[str, Share] = field(default_factory=dict)
    """Right work, answer by answer, by how it was rounded: judged right."""
    imprecise: Counter[str] = field(default_factory=Counter)
    right_from_three: Share = field(default_factory=Share)
    right_elsewhere: Share = field(default_factory=Share)
    """Right and following answers of submissions in which something else is wrong."""
    accepted_beyond: dict[str, Share] = field(default_factory=dict)
    """Wrong answers, beyond what rounding explains, judged correct; by what is wrong."""
    accepted_within: dict[str, Share] = field(default_factory=dict)
    """The same for wrong answers that rounding to the granted digits explains too."""
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    """What became of what was planted, submission by submission, by scenario."""
    by_id: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    namings: dict[str, Counter[Naming]] = field(default_factory=dict)
    """How the answers that show it were diagnosed, by scenario."""
    accused: Share = field(default_factory=Share)
    """Random wrong answers that a named mistake is said to explain."""
    accused_of: Counter[str] = field(default_factory=Counter)
    followers_accused: Share = field(default_factory=Share)
    """Answers right, or following, with nothing planted in them, that are accused."""
    told: dict[str, Share] = field(default_factory=dict)
    """Planted mistakes named, of those that the digits are enough to tell; by scenario."""
    submissions: int = 0
    crashes: list[Crash] = field(default_factory=list)

    @property
    def all_right(self) -> Share:
        """Right and following answers, judged right, of work with three digits or more."""
        parts = (self.right_from_three, self.right_elsewhere)
        return Share(sum(part.hits for part in parts), sum(part.of for part in parts))

    def misnamed(self, *scenarios: str) -> Share:
        """Planted mistakes for which another one was named."""
        total: Counter[str] = Counter()
        for scenario in scenarios:
            total += self.outcomes.get(scenario, Counter())
        return Share(total["wrong"], total.total() - total["hidden"])

    def recall(self, *scenarios: str) -> Share:
        """Planted mistakes that were named, or as good as named, of those that the numbers show."""
        total: Counter[str] = Counter()
        for scenario in scenarios:
            total += self.outcomes.get(scenario, Counter())
        shown = total.total() - total["hidden"]
        return Share(total["named"] + total["equivalent"] + total["tie"], shown)

    def count(self, result: Result) -> None:
        """Count one graded submission."""
        self.submissions += 1
        simulated = result.simulated
        scenario = simulated.scenario
        if scenario in PLANTED:
            outcome = result.outcome
            if outcome != "hidden" and result.telling:
                told = self.told.setdefault(scenario, Share())
                told.add(outcome in ("named", "equivalent", "tie"))
            self.outcomes.setdefault(scenario, Counter())[outcome] += 1
            ids = {edit.id for edit in simulated.planted}
            if scenario in ("slip", "formula slip"):
                ids = {j.truth.slip for j in result.judged if j.truth.slip}
            if scenario != "two mistakes":
                for name in ids:
                    self.by_id.setdefault((scenario, name), Counter())[outcome] += 1
        for judged in result.judged:
            self._count_answer(simulated, judged)

    def _count_answer(self, simulated: Simulated, judged: Judged) -> None:
        state, verdict = judged.truth.state, judged.report.verdict
        scenario = simulated.scenario
        if state == "missing":
            return
        if state in ("right", "rounded", "follows"):
            if scenario == "right":
                label = simulated.style.label
                self.right.setdefault(label, Share()).add(judged.accepted)
                self.imprecise[label] += verdict == "imprecise"
                if simulated.style.digits_kept >= 3 and simulated.style.decimals is None:
                    self.right_from_three.add(judged.accepted)
            else:
                self.right_elsewhere.add(judged.accepted)
            self.followers_accused.add(bool(judged.report.mistakes) and judged.naming == "wrong")
            return
        table = self.accepted_beyond if judged.plain else self.accepted_within
        table.setdefault(state, Share()).add(verdict in ("correct", "imprecise"))
        if state == "noise":
            if judged.plain and judged.nameable:
                self.accused.add(bool(judged.report.mistakes))
                self.accused_of.update(mistake.id for mistake in judged.report.mistakes)
        elif judged.plain:
            self.namings.setdefault(scenario, Counter())[judged.naming] += 1


def examine(examiner: Examiner, submissions: Iterable[Simulated]) -> Iterator[Result | Crash]:
    """Grade submissions; an exception becomes a :class:`Crash`."""
    for simulated in submissions:
        try:
            yield examiner.grade(simulated)
        except Exception:
            yield Crash(simulated, traceback.format_exc())


def measure(examiner: Examiner, submissions: Iterable[Simulated]) -> tuple[Figures, list[Result]]:
    """Grade submissions and count."""
    figures = Figures()
    results = []
    for result in examine(examiner, submissions):
        if isinstance(result, Crash):
            figures.crashes.append(result)
            continue
        figures.count(result)
        results.append(result)
    return figures, results
