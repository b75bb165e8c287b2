"""What an explanation is worth for one submission: evidence in bits less its price.

Looked at in the order of what can be reached, and only as far as it can come near the best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.diagnosis.case import Case
from checker.diagnosis.evidence import ACCEPT, EXACT, TIE, agreement_bits, entry_bits
from checker.diagnosis.hypotheses import Group, Library, Predictions
from checker.diagnosis.tolerance import Tolerances
from checker.matching import FLOAT_NOISE, coarsest
from reference_solutions.graph import Array, Settled

CONTRADICTION = 5.0
"""What it costs that an explanation predicts a wrong value where a right one was written."""

_ROUGH = 0.02
"""Relative difference up to which a prediction is looked at more closely."""

_STANDS_OUT = 4.0
"""How many times what rounding explains an entry must be off to be a slip and not rounded."""

_FIRST_LOOK = 10.0
"""How far off the estimate of what rounding explains may be before it is not worth sampling."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An explanation: the edits it makes, the bits it is worth, and those for each answer."""

    group: Group
    net: float
    bits: float
    explained: Mapping[int, float]

    @property
    def new(self) -> int:
        """The row of the edit that it adds to what is accepted."""
        return self.group[-1]


class Scorer:
    """Weighs explanations of one submission.

    ``strict`` are the tolerances of its entries, ``loose`` those up to which a prediction is looked
    at more closely, ``most`` is the most that each answer is worth in bits.
    """

    def __init__(self, library: Library, tolerances: Tolerances, case: Case) -> None:
        self.library = library
        self.layout = layout = library.layout
        self.tolerances = tolerances
        self.case = case
        self.strict = case.half_units * (1 + 1e-9) + layout.noise
        self.loose = (
            case.half_units
            + layout.noise
            + 3.0 * tolerances.of_right(tolerances.digits)
            + _ROUGH * np.abs(case.written)
        )
        scales = np.repeat(layout.scales, np.diff(layout.starts))
        # A whole number that is met exactly is worth more than its half unit says.
        bits = entry_bits(case.written, scales, np.minimum(self.strict, EXACT)) + 0.2
        self.most = np.add.reduceat(bits, layout.starts[:-1])
        for answer, claim in case.formulas.items():
            self.most[answer] = min(self.most[answer], claim.says)
        self._estimates: dict[int, Array] = {}
        self._settled: Sequence[Settled] | None = None

    @property
    def settled(self) -> Sequence[Settled]:
        """All values that follow from the student's own, for each world."""
        if self._settled is None:
            self._settled = [
                self.layout.graph.settle(puts, world)
                for world, puts in enumerate(self.case.own.puts)
            ]
        return self._settled

    def candidates(  # noqa: PLR0913, PLR0917 - what is weighed, and against what
        self,
        predictions: Predictions,
        rows: NDArray[np.intp],
        open_answers: set[int],
        rounded: set[int],
        otherwise: Array,
        under: Group,
    ) -> Iterator[Candidate]:
        """Explanations among ``rows`` that are worth more than they cost.

        ``open_answers`` are to be explained, ``rounded`` are right if rounding on the way is
        granted; ``otherwise`` is what would stand there without the new edit, ``under`` the edits
        accepted before that the predictions contain.
        """
        wanted = sorted(open_answers | rounded)
        if not wanted or not len(rows):
            return
        values = predictions.values[rows]
        with np.errstate(invalid="ignore"):
            near = (np.abs(values - self.case.written) <= self.loose) | self.layout.later
        matched = np.logical_and.reduceat(near, self.layout.starts[:-1], axis=1)[:, wanted]
        reach = matched @ self.most[wanted] - predictions.bits[rows] - len(under)
        hits = np.flatnonzero(reach >= ACCEPT)
        hits = hits[np.argsort(-reach[hits], kind="stable")]
        matched[hits] &= self._telling(values[hits], otherwise, open_answers, rounded)[:, wanted]
        reach = matched @ self.most[wanted] - predictions.bits[rows] - len(under)
        best = ACCEPT
        for local in hits:
            if reach[local] < best - TIE:
                continue
            row = int(rows[local])
            group = predictions.groups[row]
            full = predictions.full(row)
            explained: dict[int, float] = {}
            spare = float(reach[local]) - (best - TIE)
            for at in np.flatnonzero(matched[local]):
                answer = wanted[at]
                needed = float(self.most[answer]) - spare
                bits = self._answer_bits(answer, full, otherwise, group, answer in rounded, needed)
                if bits > 0:
                    explained[answer] = bits
            if not explained:
                continue
            price = float(predictions.bits[row])
            net = sum(explained.values()) - price - len(under)
            if net < best - TIE:
                continue
            net -= CONTRADICTION * self._contradictions(full)
            if self.case.followed and net >= ACCEPT:
                net -= CONTRADICTION * self._own_contradictions(group)
            if net > 0:
                best = max(best, net)
                yield Candidate(group, net, self.library.edits[group[-1]].bits, explained)

    def _telling(
        self, values: Array, otherwise: Array, open_answers: set[int], rounded: set[int]
    ) -> NDArray[np.bool_]:
        """Which answers may be evidence for rows of predictions; of most rows, none is.

        This leaves out what :meth:`_answer_bits` would find to be worth nothing: a prediction of
        what would stand there anyway, for an answer that is right if rounding is granted one that
        needs rounding itself, and a formula's value that is not met exactly.
        """
        strict, written = self.strict, self.case.written
        found = np.zeros((len(values), len(self.layout.targets)), dtype=bool)
        for answer in open_answers:
            span = self.layout.span(answer)
            if answer in self.layout.symbolic:
                span = slice(span.start, span.start + self.layout.size(answer))
                off = np.abs(values[:, span] - written[span])
                found[:, answer] = (off <= strict[span]).all(axis=1)
            else:
                least = np.minimum(np.minimum(strict[span], EXACT), coarsest(otherwise[span]))
                same = np.abs(values[:, span] - otherwise[span]) <= least
                found[:, answer] = ~same.all(axis=1)
        for answer in rounded:
            span = self.layout.span(answer)
            met = np.maximum(strict[span], FLOAT_NOISE * np.abs(values[:, span]))
            exact = np.abs(values[:, span] - written[span]) <= met
            moved = np.abs(values[:, span] - self.layout.right[span]) > met
            found[:, answer] = exact.all(axis=1) & moved.any(axis=1)
        return found

    def _answer_bits(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
        self,
        answer: int,
        values: Array,
        otherwise: Array,
        group: Group,
        right_if_rounded: bool,
        needed: float,
    ) -> float:
        """Return the evidence that one answer gives for an explanation; 0 where it doesn't agree.

        Evidence below ``needed`` could not matter, so it need not be found out.
        """
        span = self.layout.span(answer)
        written, predicted = self.case.written[span], values[span]
        strict = self.strict[span]
        if answer not in self.layout.symbolic:
            strict = np.maximum(strict, FLOAT_NOISE * np.abs(predicted))
        difference = np.abs(written - predicted)
        right_scale = self.layout.scales[answer]
        scale = max(right_scale, float(np.max(np.abs(predicted))))
        if right_if_rounded:
            if not (difference <= strict).all():
                return 0.0
            granted = strict + self.tightest_rounding(answer)
            gain = entry_bits(written, scale, strict) - entry_bits(written, scale, granted)
            return float(gain[np.abs(predicted - self.layout.right[span]) > strict].sum())
        tolerances = strict
        if not (difference <= strict).all():
            # Whatever rounding explains, the tolerance must reach as far as the difference.
            least = np.maximum(strict, difference)
            most = agreement_bits(written, predicted, otherwise[span], scale, least)
            if most <= 0.0 or most < needed:
                return 0.0
            factor = min(max(scale / max(right_scale, 1e-12), 0.3), 10.0)
            missing = difference - strict
            rounding = self._rounding_under(answer, group, otherwise, missing, factor)
            tolerances = strict + rounding
            if not (difference <= tolerances).all():
                return 0.0
        bits = agreement_bits(written, predicted, otherwise[span], scale, tolerances)
        claim = self.case.formulas.get(answer)
        return bits if claim is None else min(bits, claim.says)

    def tightest_rounding(self, answer: int) -> Array:
        """Return the finest rounding on the way that makes an answer right."""
        span = self.layout.span(answer)
        difference = np.abs(self.case.written[span] - self.layout.right[span])
        for digits in range(9, self.tolerances.digits, -1):
            rounding: Array = self.tolerances.of_right(digits)[span]
            if (difference <= self.strict[span] + rounding).all():
                return rounding
        return np.asarray(self.tolerances.of_right(self.tolerances.digits)[span])

    def stands_out(self, answer: int) -> bool:
        """Whether one entry is off by more than the rounding that all others show."""
        span = self.layout.span(answer)
        difference = np.abs(self.case.written[span] - self.layout.right[span])
        strict = self.strict[span]
        worst = int(np.argmax(difference / strict))
        others = np.arange(difference.size) != worst
        for digits in range(9, self.tolerances.digits - 1, -1):
            rounding = self.tolerances.of_right(digits)[span]
            if (difference <= strict + rounding)[others].all():
                explained = 2.0 * strict[worst] + rounding[worst]
                return bool(difference[worst] > _STANDS_OUT * explained)
        return False

    def _rounding_under(
        self, answer: int, group: Group, otherwise: Array, missing: Array, factor: float
    ) -> Array:
        """Return what rounding on the way can do to an answer under an edit.

        ``missing`` is what it would have to explain. Only where a first look, by the derivatives of
        the right solution times ``factor``, leaves doubt is the edited graph itself sampled.
        """
        if answer in self.layout.symbolic:
            return np.zeros(self.layout.values[answer].size)
        digits, within = self.tolerances.digits, self.tolerances.within
        span = self.layout.span(answer)
        own = otherwise is self.case.own.values
        if own:
            first = factor * self._estimate(answer)
        else:
            first = factor * self.tolerances.of_right(digits, within)[span]
        far = _FIRST_LOOK * first + _ROUGH * np.abs(self.case.written[span])
        if (missing <= first).all() or (missing > far).any():
            return np.asarray(first)
        if own:
            carried = self.case.own.carried
            return self.tolerances.sampled(answer, carried, digits, group, within)
        return self.tolerances.under(answer, group)

    def _estimate(self, answer: int) -> Array:
        if answer not in self._estimates:
            self._estimates[answer] = self.tolerances.estimated(
                answer, self.case.own.carried, self.tolerances.digits, self.tolerances.within
            )
        return self._estimates[answer]

    def _own_contradictions(self, group: Group) -> int:
        """How many answers that follow from the student's own values it would have changed."""
        row = np.full(self.layout.right.size, np.nan)
        targets = [self.layout.targets[i] for i in self.case.followed]
        self.library.fill(row, group, targets, 0, self.settled)
        count = 0
        for answer in self.case.followed:
            span = self.layout.span(answer)
            known = np.isfinite(row[span])
            differs = np.abs(row[span] - self.case.written[span]) > self.loose[span]
            count += bool((known & differs).any())
        return count

    def _contradictions(self, values: Array) -> int:
        """How many right answers an explanation would have made wrong."""
        count = 0
        for answer in self.case.right:
            span = self.layout.span(answer)
            part = values[span]
            if not np.isfinite(part).all():
                continue
            if (np.abs(part - self.case.written[span]) > self.loose[span]).any():
                count += 1
        return count
