"""What an explanation is worth for one submission: evidence in bits less its price.

Looked at in the order of what can be reached, and only as far as it can come near the best.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.diagnosis.case import Case
from checker.diagnosis.evidence import (
    ACCEPT,
    BESIDE_RIGHT,
    CONSTANT,
    COPIED,
    EXACT,
    LIKELY,
    TIE,
    agreement_bits,
    entry_bits,
)
from checker.diagnosis.hypotheses import Library
from checker.diagnosis.predictions import Group, Predictions
from checker.diagnosis.rounding import Rounding
from checker.diagnosis.tolerance import Tolerances
from checker.matching import FLOAT_NOISE, coarsest
from reference_solutions.graph import Array

_SPARED = 2.0
"""How many times what rounding explains a right answer may be moved and still be the same."""

_GENEROUS = 8.0
"""How many half units a right value is off by where what rounding is granted is generous.

A mistake that fits every digit then wins by as little as it must to be no tie.
"""

_ROUGH = 0.02
"""Relative difference up to which a prediction is looked at more closely."""

_THREE_DIGITS = 8.0
"""Bits that a number of three digits is worth at least."""

_FINER = (1e-3, 1e-2, 1e-1, 1.0)
"""Shares of what rounding explains that are tried: somebody may have rounded less coarsely."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An explanation: the edits it makes, the bits it is worth, and those for each answer.

    ``habit`` is the row of the mistake that the edits together are a part of, if they are.
    """

    group: Group
    net: float
    bits: float
    explained: Mapping[int, float]
    habit: int | None = None

    @property
    def new(self) -> int:
        """The row of the edit that it adds to what is accepted."""
        return self.group[-1]


def told_apart(values: Array, written: Array, right: Array, strict: Array) -> NDArray[np.bool_]:
    """Which predictions of an answer, (predictions, entries), are met, and are not the right one.

    Met is what agrees in all entries as they are written, within ``strict``.
    """
    met = np.maximum(strict, FLOAT_NOISE * np.abs(values))
    exact = np.abs(values - written) <= met
    moved = np.abs(values - right) > met
    return np.asarray(exact.all(axis=1) & moved.any(axis=1))


class Scorer:
    """Weighs explanations of one submission.

    ``refuted`` are the edits that a right answer rules out, ``possible`` the rows of the others,
    the likeliest first. ``strict`` are the tolerances of its entries, ``loose`` those up to which a
    prediction is looked at more closely, ``spared`` those up to which it changes nothing. ``most``
    is the most that each answer is worth in bits.
    """

    def __init__(
        self, library: Library, tolerances: Tolerances, case: Case, rounding: Rounding
    ) -> None:
        self.library = library
        self.layout = layout = library.layout
        self.tolerances = tolerances
        self.case = case
        self.rounding = rounding
        self.strict = rounding.strict
        self.granted = np.zeros(layout.right.size)
        for answer, digits in case.digits.items():
            self.granted[layout.span(answer)] = tolerances.granted(answer, digits)
        self.spared = self.strict + _SPARED * self.granted
        self.loose = (
            case.half_units + layout.noise + 3.0 * self.granted + _ROUGH * np.abs(case.written)
        )
        scales = np.repeat(layout.scales, np.diff(layout.starts))
        # A whole number that is met exactly is worth more than its half unit says.
        bits = entry_bits(case.written, scales, np.minimum(self.strict, EXACT)) + 0.2
        self.most = np.add.reduceat(bits, layout.starts[:-1])
        for answer, most in case.says.items():
            self.most[answer] = min(self.most[answer], most)
        self.refuted = self._refuted()
        self.possible = library.likeliest[~self.refuted[library.likeliest]]
        self._relief = library.relief(self.refuted)
        self._beside = self._beside_right()

    def _refuted(self) -> NDArray[np.bool_]:
        """Which edits a right answer rules out; many students write the same right answers."""
        found = np.zeros(len(self.library.edits), dtype=bool)
        for answer in self.case.right - self.layout.symbolic:
            span = self.layout.span(answer)
            found |= self.library.apart(answer, self.case.written[span], self.spared[span])
        return found

    def refutes(self, predicted: Array) -> NDArray[np.bool_]:
        """Which rows of predictions change an answer that the student has right.

        That is beyond written digits, and what rounding explains.

        One such answer ends an explanation, whatever else it explains. A formula is written out
        anew for every answer, so that one is right says nothing of the next.
        """
        layout = self.layout
        shown = [layout.span(answer) for answer in sorted(self.case.right - layout.symbolic)]
        if not shown:
            return np.zeros(len(predicted), dtype=bool)
        entries = np.concatenate([np.arange(span.start, span.stop) for span in shown])
        off = np.abs(predicted[:, entries] - self.case.written[entries])
        return np.asarray((~(off <= self.spared[entries])).any(axis=1))

    def _beside_right(self) -> float:
        """Return by how many bits every edit is cheaper for what the right answers rule out.

        Something was done wrong: what right answers don't rule out, and what reaches an answer that
        is wrong, shares the probability of all edits among fewer.
        """
        wanted = sorted(self.case.open | self.case.rounded)
        if not wanted:
            return 0.0
        shown = sorted({*wanted, *self.case.right})
        reached = np.zeros((len(self.layout.targets), 2))
        reached[wanted, 0] = reached[shown, 1] = 1.0
        reaching, showing = (self.library.affects @ reached > 0).T
        visible, chances = self.library.visible, self.library.chances
        among = float(chances[self.possible[reaching[self.possible]]].sum())
        of_all = float(chances[visible[showing[visible]]].sum())
        return min(math.log2(of_all / among), BESIDE_RIGHT) if among else 0.0

    def candidates(  # noqa: PLR0913, PLR0917 - what is weighed, and against what
        self,
        predictions: Predictions,
        rows: NDArray[np.intp],
        open_answers: set[int],
        rounded: set[int],
        otherwise: Array,
        under: Group,
        *,
        joint: bool = False,
    ) -> Iterator[Candidate]:
        """Explanations among ``rows`` that are worth more than they cost.

        ``open_answers`` are to be explained, ``rounded`` are right if rounding on the way is
        granted; ``otherwise`` is what would stand there without the new edit, ``under`` the edits
        accepted before that the predictions contain. Of ``joint`` groups all edits are new, and
        each may explain answers of its own.
        """
        wanted = sorted(open_answers | rounded)
        if not wanted or not len(rows):
            return
        most = self.most[wanted]
        price = self._price(predictions.bits[rows] + len(under), predictions.new[rows])
        matched = self._reached(predictions, rows, wanted, joint=joint)
        near = np.flatnonzero(matched @ most - price >= ACCEPT)
        matched[near] &= self._near(predictions.values, rows[near], wanted)
        hits = near[matched[near] @ most - price[near] >= ACCEPT]
        reach = matched @ most - price
        hits = hits[np.argsort(-reach[hits], kind="stable")]
        values = predictions.values[rows[hits]]
        matched[hits] &= self._telling(values, otherwise, open_answers, rounded)[:, wanted]
        reach = matched @ most - price
        best = ACCEPT
        for local in hits:
            if reach[local] < best - TIE:
                continue
            row = int(rows[local])
            group = predictions.groups[row]
            full = predictions.full(row)
            explained: dict[int, float] = {}
            spare = float(reach[local]) - (best - TIE)
            answers = [wanted[at] for at in np.flatnonzero(matched[local])]
            for answer in answers:
                needed = float(self.most[answer]) - spare
                right = answer in rounded
                bits = self._answer_bits(answer, full, otherwise, group, answers, right, needed)
                if bits > 0:
                    explained[answer] = bits
            if not explained:
                continue
            net = self._together(explained) - float(price[local])
            net = self._sure(net, explained, alone=len(group) == len(under) + 1)
            if net < best - TIE:
                continue
            if not self._contradicted(group):
                best = max(best, net)
                yield Candidate(group, net, self.library.edits[group[-1]].bits, explained)

    def _reached(
        self,
        predictions: Predictions,
        rows: NDArray[np.intp],
        answers: Sequence[int],
        *,
        joint: bool,
    ) -> NDArray[np.bool_]:
        """Return which of some answers rows of predictions may explain, (rows, answers).

        What explains an answer is made where the answer comes from, each mistake of it.
        """
        reached = self.library.affects[:, answers] > 0
        if joint:
            groups = [list(predictions.groups[row]) for row in rows]
            return np.array([reached[group].any(axis=0) for group in groups])
        possible = reached & ~self.refuted[:, None]
        first, *others = predictions.members[rows].T
        found: NDArray[np.bool_] = possible[first]
        for one in others:
            found &= possible[one]
        return found

    def _near(
        self, values: Array, rows: NDArray[np.intp], answers: Sequence[int]
    ) -> NDArray[np.bool_]:
        """Return which of some answers rows of predictions are near to, (rows, answers)."""
        starts = self.layout.starts
        sizes = starts[np.add(answers, 1)] - starts[answers]
        entries = np.concatenate([np.arange(starts[a], starts[a + 1]) for a in answers])
        found = values[np.ix_(rows, entries)]
        with np.errstate(invalid="ignore"):
            near = np.abs(found - self.case.written[entries]) <= self.loose[entries]
        near |= self.layout.later[entries]
        return np.logical_and.reduceat(near, np.cumsum(sizes) - sizes, axis=1)

    def _price(self, bits: Array, new: NDArray[np.intp]) -> Array:
        """Return what groups with so many bits, and these new edits, cost in this submission."""
        found: Array = bits - (self._relief[new] + self._beside)
        return found

    def may_pay(
        self, bits: Array, new: NDArray[np.intp], answers: Sequence[int]
    ) -> NDArray[np.bool_]:
        """Which of some groups could be accepted if they explained all that they reach."""
        return self.pays(self.library.affects[new][:, answers] > 0, answers, bits, new)

    def pays(
        self, matched: NDArray[np.bool_], answers: Sequence[int], bits: Array, new: NDArray[np.intp]
    ) -> NDArray[np.bool_]:
        """Which groups could be accepted that explain what they match, (groups, answers)."""
        return np.asarray(matched @ self.most[answers] - self._price(bits, new) >= ACCEPT)

    def near(self, rows: NDArray[np.intp], answers: set[int]) -> set[int]:
        """Return which edits may by themselves predict any of some answers."""
        if not answers or not rows.size:
            return set()
        wanted = sorted(answers)
        near = self._near(self.library.alone.values, rows, wanted)
        near &= self.library.affects[rows][:, wanted] > 0
        return set(rows[near.any(axis=1)].tolist())

    def _together(self, explained: Mapping[int, float]) -> float:
        """Return the evidence of answers together: what could be had without work counts once.

        That the student wrote one number everywhere, or copied, is an explanation too, of all
        these answers at once.
        """
        lazy = self.case.lazy
        total = sum(bits for answer, bits in explained.items() if answer not in lazy.answers)
        for answers, most in ((lazy.constant, CONSTANT), (lazy.given | lazy.copied, COPIED)):
            total += min(sum(explained.get(answer, 0.0) for answer in answers), most)
        return total

    def _sure(self, net: float, explained: Mapping[int, float], *, alone: bool) -> float:
        """Return what an explanation is worth, where right answers made it cheaper.

        That makes one mistake possible, not likely, and tells nothing of what could be had without
        work or is right if rounded, nor of a digit or two, such as an index, which anybody may hit.
        """
        plain = net - self._beside
        few = sum(explained.values()) < _THREE_DIGITS
        innocent = self.case.lazy.answers | self.case.rounded
        if not alone or few or explained.keys() <= innocent:
            return plain
        return max(plain, min(net, LIKELY - TIE))

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
            right = self.layout.right[span]
            found[:, answer] = told_apart(values[:, span], written[span], right, strict[span])
        return found

    def _answer_bits(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
        self,
        answer: int,
        values: Array,
        otherwise: Array,
        group: Group,
        beside: Sequence[int],
        right_if_rounded: bool,
        needed: float,
    ) -> float:
        """Return the evidence that one answer gives for an explanation; 0 where it doesn't agree.

        ``beside`` are all answers that it may explain. Evidence below ``needed`` could not matter,
        so it need not be found out.
        """
        span = self.layout.span(answer)
        written, predicted = self.case.written[span], values[span]
        strict = self.strict[span]
        if answer not in self.layout.symbolic:
            strict = np.maximum(strict, FLOAT_NOISE * np.abs(predicted))
        difference = np.abs(written - predicted)
        freedom = self.tolerances.freedom[answer]
        right_scale = self.layout.scales[answer]
        scale = max(right_scale, float(np.max(np.abs(predicted))))
        if right_if_rounded:
            if not (difference <= strict).all():
                return 0.0
            granted = strict + self.rounding.tightest(answer)
            gain = entry_bits(written, scale, strict) - entry_bits(written, scale, granted)
            told_apart = np.abs(predicted - self.layout.right[span]) > strict
            generous = np.abs(written - self.layout.right[span]) > _GENEROUS * strict
            more = ACCEPT - TIE if (generous & told_apart).any() else 0.0
            return float(gain[told_apart].sum()) + more
        tolerances = strict
        if not (difference <= strict).all():
            # Whatever rounding explains, the tolerance must reach as far as the difference.
            least = np.maximum(strict, difference)
            most = agreement_bits(written, predicted, otherwise[span], scale, least, freedom)
            if most <= 0.0 or most < needed:
                return 0.0
            factor = min(max(scale / max(right_scale, 1e-12), 0.3), 10.0)
            missing = difference - strict
            own = otherwise is self.case.own.values
            rounding = self.rounding.under(answer, group, beside if own else (), missing, factor)
            for finer in _FINER:
                tolerances = strict + finer * rounding
                if (difference <= tolerances).all():
                    break
            else:
                return 0.0
        bits = agreement_bits(written, predicted, otherwise[span], scale, tolerances, freedom)
        return min(bits, self.case.says.get(answer, bits))

    def _contradicted(self, group: Group) -> bool:
        """Whether it changes an answer that follows from the student's own values."""
        if not self.case.followed:
            return False
        row = np.full(self.layout.right.size, np.nan)
        targets = [self.layout.targets[i] for i in self.case.followed]
        self.library.fill(row, group, targets, 0, self.case.own.settled)
        for answer in self.case.followed:
            span = self.layout.span(answer)
            known = ~self.layout.later[span]
            off = np.abs(row[span] - self.case.own.values[span])
            if (~(off <= self.spared[span]) & known).any():
                return True
        return False
