"""Policy: from verdicts to points. Knows no numbers but points.

A mistake costs once, wherever it is made: every distinct mistake is charged to one answer at most,
and every answer is charged at most once. Which answers are charged is the assignment of mistakes to
answers that costs most (a matching in a bipartite graph, found greedily because the answers that
can be charged together form a transversal matroid; Edmonds and Fulkerson 1965). So an answer that
is put right can only ever raise the total.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from checker.report import Verdict
from submissions_schema.grading_settings import Marking

_EARNING: tuple[Verdict, ...] = ("follow_through", "imprecise", "mistake", "partial")
_WITHOUT_WORK = "no points: this can be written without doing the work"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading found for one answer, as far as points depend on it.

    ``right_share`` is, of one that isn't right, the share of its entries that agree with the right
    values in enough digits (or of a choice's options, marked one by one); ``mistakes`` are the
    distinct mistakes that explain it. What doesn't ``earn`` can be had without work: only a right
    answer has points.
    ``decided`` are the points that a person gave, None where the rules hold.
    """

    verdict: Verdict
    max_points: float
    marking: Marking
    right_share: float = 0.0
    mistakes: tuple[Hashable, ...] = ()
    earns: bool = True
    decided: float | None = None

    @property
    def pays(self) -> bool:
        """Whether a person took points here, for whatever mistakes there are."""
        return self.decided is not None and self.decided < self.max_points


@dataclass(frozen=True, slots=True)
class Mark:
    """The points of one answer, why, and which of its mistakes are charged here."""

    points: float | None
    reason: str
    charged: tuple[bool, ...] = ()


def mark(outcomes: Sequence[Outcome]) -> list[Mark]:
    """Points for all answers of a submission."""
    charged = _charges(outcomes)
    return [_mark(outcome, charged.get(i, set())) for i, outcome in enumerate(outcomes)]


def _share(outcome: Outcome) -> float:
    """Return the share of its points that an answer keeps when it is charged."""
    marking = outcome.marking
    partial = outcome.right_share if marking.partial == "per_entry" else 0.0
    match outcome.verdict:
        case "correct":
            return 1.0
        case "follow_through":
            return max(marking.follow_through, partial)
        case "imprecise":
            return max(marking.imprecise, partial)
        case "mistake":
            return max(marking.mistake, partial)
        case "partial":
            return partial
    return 0.0


def _charges(outcomes: Sequence[Outcome]) -> dict[int, set[Hashable]]:
    """Return the mistakes charged at each answer that mistakes explain."""
    losses = [
        (i, outcome.max_points * (1.0 - _share(outcome)) if outcome.earns else 0.0)
        for i, outcome in enumerate(outcomes)
        if outcome.verdict == "mistake" and outcome.decided is None
    ]
    charged = {i: set(outcome.mistakes) for i, outcome in enumerate(outcomes) if outcome.pays}
    paid = {mistake for mistakes in charged.values() for mistake in mistakes}
    payer: dict[Hashable, int] = {}
    for i, _ in sorted(losses, key=lambda item: -item[1]):
        outcome = outcomes[i]
        if outcome.marking.repeated_mistakes == "each":
            charged[i] = set(outcome.mistakes)
        else:
            charged.setdefault(i, set())
            _augment(i, outcomes, payer, set(paid))
    for mistake, i in payer.items():
        charged[i].add(mistake)
    return charged


def _augment(
    i: int, outcomes: Sequence[Outcome], payer: dict[Hashable, int], seen: set[Hashable]
) -> bool:
    """Find a mistake for answer i to pay for, moving other charges if need be."""
    for mistake in outcomes[i].mistakes:
        if mistake in seen:
            continue
        seen.add(mistake)
        if mistake not in payer or _augment(payer[mistake], outcomes, payer, seen):
            payer[mistake] = i
            return True
    return False


def _mark(outcome: Outcome, charged: set[Hashable]) -> Mark:
    if outcome.decided is not None:
        return Mark(outcome.decided, "", tuple(outcome.pays for _ in outcome.mistakes))
    if outcome.verdict == "ungraded":
        return Mark(None, "a person marks this answer")
    if outcome.verdict == "invalid" and outcome.marking.invalid == "review":
        return Mark(None, "the answer could not be read: a person looks at it")
    if not outcome.earns and outcome.verdict in _EARNING:
        return Mark(0.0, _WITHOUT_WORK, tuple(mistake in charged for mistake in outcome.mistakes))
    if outcome.verdict == "mistake":
        return _explained(outcome, charged)
    share = _share(outcome)
    return Mark(outcome.max_points * share, _reason(outcome, share))


def _explained(outcome: Outcome, charged: set[Hashable]) -> Mark:
    share = _share(outcome)
    flags = tuple(mistake in charged for mistake in outcome.mistakes)
    if not any(flags):
        reason = "the same mistake as before is not charged again"
        return Mark(outcome.max_points, reason, flags)
    if share > outcome.marking.mistake:
        reason = f"{_percent(share)} of the entries are right"
    else:
        reason = f"{_percent(share)} credit where a known mistake explains it"
    return Mark(outcome.max_points * share, reason, flags)


def _reason(outcome: Outcome, share: float) -> str:
    reason = "no points"
    match outcome.verdict:
        case "correct":
            reason = "full points"
        case "follow_through" if share == 1.0:
            reason = "full points: right from your own earlier values"
        case "follow_through":
            reason = f"{_percent(share)} for a follow-through"
        case "imprecise":
            reason = f"{_percent(share)} for a right value with too few digits"
        case "partial" if outcome.marking.partial == "all_or_nothing":
            reason = "all or nothing: every entry must be right"
        case "partial":
            reason = f"{_percent(share)} of the entries are right"
        case "missing":
            reason = "no answer"
        case "invalid":
            reason = "the answer could not be read"
    return reason


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
