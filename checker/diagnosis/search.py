"""The search: which mistakes explain a submission best, one after the other.

It is greedy in bits: the explanation with the largest evidence beyond its price is accepted first,
then the search goes on for what is still unexplained, now also on top of the mistakes already
accepted, and from the student's own earlier values. What no explanation pays for stays unexplained:
to accuse a student wrongly is worse than to abstain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from checker.diagnosis.budget import PAIRED, Budget
from checker.diagnosis.case import Case
from checker.diagnosis.evidence import ACCEPT, LIKELY, TIE, entry_bits
from checker.diagnosis.finding import (
    Explanation,
    Finding,
    contributing,
    finding_of,
    same_in_other_words,
    slip_found,
    told_of,
)
from checker.diagnosis.hypotheses import CHEAPEST, Library
from checker.diagnosis.predictions import Group, Predictions
from checker.diagnosis.rounding import Rounding
from checker.diagnosis.scoring import Candidate, Scorer, told_apart
from checker.diagnosis.slips import Slip, find_slips
from checker.diagnosis.tolerance import Tolerances
from checker.matching import FLOAT_NOISE
from reference_solutions.graph import Array

_TOLD_BETTER = 10.0
"""Bits by which a slip in a formula must be ahead of an edit of the reference that fits as well."""

_LAZY_SLIP = 6.0
"""The most bits that a slip is worth in an answer that could be had without work."""

_PAIR_MARGIN = 2.0
"""Bits by which two mistakes at once must be better than one to be believed."""


def _fullest_first(candidates: list[Candidate]) -> list[Candidate]:
    """Return candidates, best first, where none is best that leaves to others what one explains.

    What is left over would take a mistake more.
    """
    best = 0
    for at, other in enumerate(candidates):
        leader = candidates[best]
        if leader.net - other.net < CHEAPEST and leader.explained.keys() < other.explained.keys():
            best = at
    return [candidates[best], *candidates[:best], *candidates[best + 1 :]] if best else candidates


class Search:
    """The search for what explains one submission; made for it and done with it."""

    def __init__(self, library: Library, tolerances: Tolerances, case: Case) -> None:
        self._library = library
        self._layout = library.layout
        self._tolerances = tolerances
        self._case = case
        self._budget = Budget(len(self._layout.graph.nodes), int((~self._layout.later).sum()))
        self._rounding = Rounding(self._layout, tolerances, case, self._budget)
        self._slips: dict[int, Slip | None] = {}
        self._local: dict[Group, Predictions] = {}
        self._accepted: list[int] = []
        self._findings: dict[int, Finding] = {}
        self._found: dict[int, list[Finding]] = {}

    def explain(self) -> Explanation:
        """Return findings for each answer that one or more mistakes explain."""
        open_answers, rounded = set(self._case.open), set(self._case.rounded)
        if not open_answers and not any(map(self._may_be_mistaken, rounded)):
            return Explanation({})
        while open_answers or rounded:
            candidates = self._candidates(open_answers, rounded)
            best = candidates[0] if candidates else None
            slips = self._slip_candidates(open_answers, rounded, best)
            slip = max(slips, key=lambda item: item[1].bits, default=None)
            if (
                slip is not None
                and slip[1].bits >= ACCEPT
                and (best is None or slip[1].bits > best.net + self._told_better(*slip, best))
            ):
                self._accept_slip(*slip)
            elif best is not None and best.net >= ACCEPT:
                self._accept(best, candidates)
            elif not self._accept_pair(open_answers):
                break
            open_answers -= self._found.keys()
            rounded -= self._found.keys()
        return Explanation(self._found, self._budget.untried)

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self._library, self._tolerances, self._case, self._rounding)

    def _may_be_mistaken(self, answer: int) -> bool:
        """Whether an answer that is right if rounded may be a slip, or is what an edit predicts."""
        if answer in self._case.formulas or self._rounding.stands_out(answer):
            return True
        span = self._layout.span(answer)
        written, right = self._case.written[span], self._layout.right[span]
        strict = self._rounding.strict[span]
        worst = int(np.argmax(np.abs(written - right) / strict))
        reach = strict[worst] + 2 * FLOAT_NOISE * abs(written[worst])
        rows = self._library.near(
            span.start + worst, written[worst] - reach, written[worst] + reach
        )
        return bool(
            told_apart(self._library.alone.values[rows, span], written, right, strict).any()
        )

    # --- accepting ------------------------------------------------------------------------------

    def _told_better(self, answer: int, slip: Slip, best: Candidate) -> float:
        """Return the bits by which a slip must be ahead of an edit that explains it as well.

        An edit of the reference says what a formula should have; a slip in what was written only
        where it is wrong.
        """
        copied = slip.id == "other-answer-copied"
        told = answer in self._layout.symbolic or best.net >= LIKELY or copied
        return _TOLD_BETTER if told and answer in best.explained else 0.0

    def _accept_slip(self, answer: int, slip: Slip) -> None:
        where = self._layout.reference.targets[answer].answer
        self._found[answer] = [slip_found(slip, where)]

    def _accept(self, best: Candidate, candidates: Sequence[Candidate]) -> None:
        library, edits = self._library, self._library.edits
        near = [other for other in candidates[1:] if best.net - other.net < TIE]
        same = {edits[best.new].key} | {
            edits[other.new].key
            for other in near
            if same_in_other_words(library, best.new, other.new)
        }
        ties = [
            other
            for other in near
            if edits[other.new].key not in same and set(other.explained) == set(best.explained)
        ]
        if best.habit is not None:
            self._accepted.extend(best.group)
            finding = finding_of(library, best.habit, best.group, best.net, ())
            self._findings.update(dict.fromkeys(best.group, finding))
            self._found.update({answer: [finding] for answer in best.explained})
            return
        for row in best.group:
            if row not in self._findings:
                self._accepted.append(row)
                told, others = told_of(library, row, [tie.new for tie in ties], best.explained)
                members = contributing(library, told, best.explained)
                self._findings[row] = finding_of(library, told, members, best.net, others)
        for answer in best.explained:
            self._found[answer] = [self._findings[row] for row in best.group]

    # --- edits of the reference -----------------------------------------------------------------

    def _candidates(self, open_answers: set[int], rounded: set[int]) -> list[Candidate]:
        """Everything that explains some open answer, best first.

        What is known beforehand is tried first; the student's own values only where that leaves
        doubt.
        """
        library, layout, scorer = self._library, self._layout, self._scorer
        holding = {
            answer for answer in open_answers if (c := self._case.formulas.get(answer)) and c.held
        }
        free = open_answers - holding
        known = library.again(self._accepted)
        found = list(scorer.candidates(known, scorer.possible, free, rounded, layout.right, ()))
        found.extend(self._habits(free))
        unders: list[Group] = [(), *((row,) for row in self._accepted)]
        for answer in sorted(holding):
            for under in unders:
                local = library.beside(answer, self._case.formulas[answer].held, under)
                base = library.base_of(local, under) if under else layout.right
                found.extend(self._all(local, {answer}, base, under))
        certain = max((c.net for c in found), default=0.0) >= LIKELY
        for row in () if certain else self._accepted:
            touched = sorted(i for i in free if library.affects[row, i])
            if touched:
                worth = [i for i in touched if scorer.most[i] >= CHEAPEST + ACCEPT]
                costs = library.costs_over(scorer.possible, worth)
                others = scorer.possible[: self._budget.afford(costs)]
                others = others[scorer.may_pay(library.bits[others] + 1, others, worth)]
                top = library.over(row, others, worth)
                base = library.alone.full(row)
                found.extend(self._all(top, set(touched), base, (row,)))
        from_own = free & self._case.own.depends
        if from_own and max((c.net for c in found), default=0.0) < LIKELY:
            for under in unders:
                local = self._from_own_values(under, from_own)
                found.extend(self._all(local, from_own, self._case.own.values, under))
        return _fullest_first(sorted(found, key=lambda c: (-c.net, c.bits, len(c.group))))

    def _habits(self, answers: set[int]) -> list[Candidate]:
        """Try mistakes made in several formulas in those only that show it."""
        library = self._library
        parts: dict[Group, int] = {}
        near = self._scorer.near(library.repeated, answers)
        for row, members in library.members.items() if near else ():
            shown = tuple(one for one in members if one in near)
            if 1 < len(shown) < len(members):
                parts.setdefault(shown, row)
        if not parts:
            return []
        targets = [self._layout.targets[answer] for answer in sorted(answers | self._case.right)]
        made = library.predict(list(parts), targets).priced(library.bits[list(parts.values())])
        rows = np.flatnonzero(~self._scorer.refutes(made.values))
        found = self._scorer.candidates(
            made, rows, answers, set(), self._layout.right, (), joint=True
        )
        return [replace(one, habit=parts[one.group]) for one in found]

    def _all(
        self, predictions: Predictions, answers: set[int], otherwise: Array, under: Group
    ) -> Iterable[Candidate]:
        rows = np.arange(len(predictions.groups))
        return self._scorer.candidates(predictions, rows, answers, set(), otherwise, under)

    def _from_own_values(self, under: Group, answers: set[int]) -> Predictions:
        """Edits between the student's own values and the answers that depend on them."""
        if under not in self._local:
            own, library, layout = self._case.own, self._library, self._layout
            scorer, wanted = self._scorer, sorted(answers)
            between = [self._between(answer) for answer in wanted]
            region = frozenset[int]().union(*between)
            *replaced, of_all = library.within([*between, region]).T
            reached = np.array(replaced).T > 0
            reached &= np.array([library.reaches(answer) for answer in wanted]).T
            rows = scorer.possible[~np.isin(scorer.possible, under)]
            bits = library.bits[rows] + len(under)
            rows = rows[scorer.pays(reached[rows], wanted, bits, rows)]
            costs = library.costs(rows, of_all, len(region))
            costs[:1] += len(region)
            tried = rows[: self._budget.afford(costs)]
            nodes = [layout.targets[answer] for answer in wanted]
            groups = [(*under, row) for row in tried.tolist()]
            self._local[under] = library.predict(groups, nodes, own.settled)
        return self._local[under]

    def _between(self, answer: int) -> frozenset[int]:
        """Return the nodes between the student's own values and an answer, itself included."""
        members = self._layout.members[answer]
        cut = self._case.own.puts.keys() - set(members)
        return self._layout.graph.region(members, cut) - cut

    def _accept_pair(self, open_answers: set[int]) -> bool:
        """Accept two mistakes at once, where none explains an answer by itself."""
        cheapest = 2 * CHEAPEST + ACCEPT + _PAIR_MARGIN
        worth = [answer for answer in sorted(open_answers) if self._scorer.most[answer] >= cheapest]
        for answer in worth:
            claim = self._case.formulas.get(answer)
            held = claim.held if claim else frozenset()
            pairs = self._library.pairs(answer, held)
            refuted = self._scorer.refuted[pairs.members].any(axis=1)
            possible = np.flatnonzero(~refuted)
            tried = possible[: self._budget.afford([PAIRED] * len(possible))]
            bits = self._library.bits[pairs.members[tried]].sum(axis=1)
            tried = tried[self._scorer.may_pay(bits, pairs.members[tried, -1], [answer])]
            made = self._library.taken(pairs, answer, tried)
            candidates = sorted(
                self._all(made, {answer}, self._layout.right, ()), key=lambda c: (-c.net, c.bits)
            )
            if candidates and candidates[0].net >= ACCEPT + _PAIR_MARGIN:
                self._accept(candidates[0], candidates)
                return True
        return False

    # --- slips ----------------------------------------------------------------------------------

    def _slip_candidates(
        self, open_answers: set[int], rounded: set[int], best: Candidate | None
    ) -> list[tuple[int, Slip]]:
        """Return the best slip of each answer that is still to be explained.

        In a formula that the ``best`` explanation of it says more of than any slip could, none is
        looked for.
        """
        found = []
        for answer in sorted(open_answers | rounded):
            if answer not in self._slips:
                claim = self._case.formulas.get(answer)
                if claim is not None:
                    most = self._case.says[answer]
                    if best and answer in best.explained and most <= best.net + _TOLD_BETTER:
                        continue
                    self._slips[answer] = next(claim.slips(), None)
                else:
                    self._slips[answer] = self._best_slip(answer, answer in rounded)
            slip = self._slips[answer]
            if slip is not None and answer in self._case.lazy.answers:
                # Nothing is so sure of what could be had without work.
                slip = replace(slip, bits=min(slip.bits, _LAZY_SLIP))
            if slip is not None:
                found.append((answer, slip))
        return found

    def _best_slip(self, answer: int, right_if_rounded: bool) -> Slip | None:
        # That all entries but the slipped one agree to the last digit is improbable if there was
        # rounding on the way; that none needs a slip is what rounding has to offer.
        if right_if_rounded and not self._rounding.stands_out(answer):
            return None
        case, layout = self._case, self._layout
        span = layout.span(answer)
        written = case.written[span]
        tolerances = self._rounding.strict[span]
        shape = layout.shapes[answer]
        # Of a single number, chance explains that it is another's, where more is wrong than it.
        alone = bool(shape) or len(case.open) == 1
        others = [
            (layout.reference.targets[i].answer, layout.values[i])
            for i in layout.numeric
            if i != answer and layout.shapes[i] == shape and alone
        ]
        expectations = [layout.right[span]]
        if answer in case.own.depends:
            expectations.append(case.own.values[span])
        roundings = np.zeros((1, written.size))
        if not right_if_rounded:
            roundings = self._tolerances.none_first(answer)
        slips = [
            slip
            for expected in expectations
            for slip in find_slips(
                case.texts[answer], written, expected, tolerances, roundings, shape, others
            )
        ]
        if not slips:
            return None
        best = max(slips, key=lambda slip: slip.bits)
        if right_if_rounded:
            scale = layout.scales[answer]
            tight = entry_bits(written, scale, tolerances)
            granted = tolerances + self._rounding.tightest(answer)
            wide = entry_bits(written, scale, granted)
            agreeing = np.abs(written - layout.right[span]) <= tolerances
            gain = float(tight[agreeing].sum()) - float(wide.sum())
            best = replace(best, bits=best.bits + gain)
        return best
