"""What rounding on the way explains in one submission: how coarsely somebody seems to have rounded.

Estimated by the derivatives of the right solution, and sampled only where that leaves doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from checker.diagnosis.budget import SAMPLED, Budget
from checker.diagnosis.case import Case
from checker.diagnosis.layout import Layout
from checker.diagnosis.predictions import Group
from checker.diagnosis.tolerance import FINEST, Tolerances
from reference_solutions.graph import Array

_STANDS_OUT = 4.0
"""How many times what rounding explains an entry must be off to be a slip and not rounded."""

_FIRST_LOOK = 4.0
"""How far off the estimate of what rounding explains may be before it is not worth sampling."""


class Rounding:
    """What rounding on the way explains of the answers of one submission.

    ``strict`` are the tolerances of its entries as they are written.
    """

    def __init__(self, layout: Layout, tolerances: Tolerances, case: Case, budget: Budget) -> None:
        self.layout = layout
        self.tolerances = tolerances
        self.case = case
        self.strict = case.half_units * (1 + 1e-9) + layout.noise
        self._budget = budget
        self._estimates: dict[int, Array] = {}
        self._sampled: dict[tuple[int, Group], Array] = {}

    def tightest(self, answer: int) -> Array:
        """Return the finest rounding on the way that makes an answer right, for each entry."""
        span = self.layout.span(answer)
        difference = np.abs(self.case.written[span] - self.layout.right[span])
        roundings: Array = self.tolerances.finest_first(answer, self._digits(answer))
        enough = (difference <= self.strict[span] + roundings).all(axis=1)
        return np.asarray(roundings[np.argmax(enough)] if enough.any() else roundings[-1])

    def _digits(self, answer: int) -> int:
        """Return to how many digits an answer may be rounded on the way."""
        return self.case.digits.get(answer, self.tolerances.digits)

    def stands_out(self, answer: int) -> bool:
        """Whether one entry is off by more than the rounding that all others show."""
        span = self.layout.span(answer)
        difference = np.abs(self.case.written[span] - self.layout.right[span])
        strict, digits = self.strict[span], self._digits(answer)
        worst = int(np.argmax(difference / strict))
        roundings = self.tolerances.finest_first(answer, digits)
        enough = difference <= strict + roundings
        enough[:, worst] = True
        shown = enough.all(axis=1)
        if digits > FINEST or not shown.any():
            return False
        explained = 2.0 * strict[worst] + roundings[np.argmax(shown), worst]
        return bool(difference[worst] > _STANDS_OUT * explained)

    def under(
        self, answer: int, group: Group, own: Sequence[int], missing: Array, factor: float
    ) -> Array:
        """Return what rounding on the way can do to each entry of an answer under an edit.

        ``missing`` is what it would have to explain; ``own`` are the answers that the edit may
        explain from the student's own values, if it starts from these. Only where a first look, by
        the derivatives of the right solution times ``factor``, leaves doubt is the edited graph
        itself sampled.
        """
        if answer in self.layout.symbolic:
            return np.zeros(self.layout.values[answer].size)
        digits = self._digits(answer)
        within = self.tolerances.within(digits)
        span = self.layout.span(answer)
        if own:
            first = factor * self._estimate(answer)
        else:
            first = factor * self.tolerances.of_right(digits, within)[span]
        # The right value of an entry may not depend on what the wrong one depends on.
        far = _FIRST_LOOK * float(np.max(first, initial=0.0))
        if (missing <= first).all() or (missing > far).any():
            return np.asarray(first)
        if not own:
            affordable = self._affords_sampling([answer], ())
            return self.tolerances.under(answer, group, digits) if affordable else first
        if (answer, group) not in self._sampled:
            alike = [one for one in own if self._digits(one) == digits]
            if not self._affords_sampling(alike, self.case.own.puts):
                return first
            found = self.tolerances.sampled(alike, self.case.own, digits, group, within)
            self._sampled.update({(one, group): found[one] for one in alike})
        return self._sampled[answer, group]

    def _affords_sampling(self, answers: Sequence[int], cut: Collection[int]) -> bool:
        members = [node for answer in answers for node in self.layout.members[answer]]
        return self._budget.spend(SAMPLED * len(self.layout.graph.region(members, cut)))

    def _estimate(self, answer: int) -> Array:
        if answer not in self._estimates:
            digits = self._digits(answer)
            self._estimates[answer] = self.tolerances.estimated(
                answer, self.case.own, digits, self.tolerances.within(digits)
            )
        return self._estimates[answer]
