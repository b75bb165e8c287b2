"""What is decided of one answer, of all decisions that hold of it: the narrowest wins.

Field by field: words for one student and points for a mistake stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from checker.decisions.decisions import Decision
from checker.decisions.file import Points
from checker.report import Decided

_AS_RIGHT = "as a right answer"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided of an answer: its points, None for the usual ones, and what is said."""

    points: float | None
    say: str
    decided: Decided


def ruling(held: Sequence[Decision], max_points: float) -> Ruling | None:
    """Return what decisions that hold of an answer come to, the narrowest first; None for none."""
    if not held:
        return None
    deciding: list[Decision | None] = []
    against: dict[tuple[int, int], None] = {}
    for decides in (_points, _words, _accepts):
        winner = next((one for one in held if decides(one) is not None), None)
        deciding.append(winner)
        if winner is None:
            continue
        for other in _as_wide(winner, held, decides):
            if _differ(decides(winner), decides(other), max_points):
                against[winner.number, other.number] = None
    of_points, of_words, accepting = deciding
    points = None if of_points is None else of_points.entry.points
    say = "" if of_words is None else of_words.entry.say or ""
    winners = {one.number: one for one in deciding if one is not None}
    decided = Decided(
        points is not None,
        bool(say),
        accepting is not None,
        ", ".join(dict.fromkeys(one.entry.by for one in winners.values() if one.entry.by)),
        tuple(sorted(winners)),
        tuple(one.number for one in held if one.number not in winners),
        tuple(against),
    )
    return Ruling(None if points is None else points.of(max_points), say, decided)


def _as_wide(
    winner: Decision, held: Sequence[Decision], decides: Callable[[Decision], Hashable]
) -> list[Decision]:
    return [
        other
        for other in held
        if other is not winner and other.width == winner.width and decides(other) is not None
    ]


def _differ(one: Hashable, other: Hashable, max_points: float) -> bool:
    if isinstance(one, Points) and isinstance(other, Points):
        return one.of(max_points) != other.of(max_points)
    return one != other


def _accepts(decision: Decision) -> Hashable:
    # Whatever values are accepted, they agree.
    return True if decision.entry.accept is not None else None


def _points(decision: Decision) -> Hashable:
    """Return what a decision says of the points; None for nothing."""
    entry = decision.entry
    return entry.points or (_AS_RIGHT if entry.accept is not None else None)


def _words(decision: Decision) -> Hashable:
    return decision.entry.say
