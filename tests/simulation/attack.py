"""Everything that an attacker tries on one assignment, and the table of what it came to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from checker.reports.wording import NO_NUMBER
from reference_solutions.assignment import Assignment

from . import accepted, adversary, oracle, refuted
from .adversary import Adversary, Scored
from .lazy import STRATEGIES
from .sheet import Sheet
from .simulator import Simulator

Part: TypeAlias = Literal["lazy", "oracle", "accepted", "refuted"]
PARTS: tuple[Part, ...] = ("lazy", "oracle", "accepted", "refuted")
TRIALS = Path(__file__).parents[1] / "cases" / "trials"


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried, counted: the same on every machine.

    ``attempts`` of each lazy strategy (None: all), ``climbing`` gradings of the search after them,
    ``hand_ins`` of the oracle game, ``trying`` whether it goes on by trying numbers, ``moved``
    answers, ``submissions`` of the cohort whose causes are checked.
    """

    attempts: int | None = 40
    climbing: int = 300
    hand_ins: int = 1000
    trying: bool = True
    moved: int | None = 600
    submissions: int = 200


FULL = Effort()
QUICK = Effort(attempts=1, climbing=6, hand_ins=8, trying=False, moved=12, submissions=6)


@dataclass(slots=True)
class Attack:
    """What came of it for one assignment; what was not tried is None."""

    assignment: Assignment
    sheet: Sheet
    lazy: Mapping[str, Scored] = field(default_factory=dict)
    """The worst attempt of each strategy, the search's among them."""
    game: oracle.Game | None = None
    acceptance: accepted.Acceptance | None = None
    causes: refuted.Causes | None = None
    gradings: int = 0
    seconds: float = 0.0

    @property
    def worst(self) -> Scored | None:
        """The attempt that earned most for nothing."""
        return adversary.worst(self.lazy.values())


def attack(
    assignment: Assignment, effort: Effort, parts: Sequence[Part] = PARTS, seed: int = 1
) -> Attack:
    """Attack one assignment."""
    start = time.perf_counter()
    sheet = Sheet(assignment)
    attacker = Adversary(sheet)
    found = Attack(assignment, sheet)
    if "lazy" in parts:
        found.lazy = lazy(attacker, effort, seed)
    if "oracle" in parts:
        found.game = oracle.play(sheet, attacker, effort.hand_ins, trying=effort.trying)
    if "accepted" in parts:
        found.acceptance = accepted.try_moved(sheet, attacker, effort.moved, seed)
    found.gradings = attacker.gradings
    if "refuted" in parts:
        refuter = refuted.Refuter(sheet.cohort, attacker.grader)
        submissions = Simulator(sheet.cohort, seed).submissions(effort.submissions)
        found.causes = refuter.check(submissions)
        found.gradings += effort.submissions
    found.seconds = time.perf_counter() - start
    return found


def lazy(attacker: Adversary, effort: Effort, seed: int = 1) -> dict[str, Scored]:
    """The worst attempt of each strategy, and of a search over all that was tried."""
    tried = attacker.run(STRATEGIES, effort.attempts)
    found = {name: best for name, all_ in tried.items() if (best := adversary.worst(all_))}
    searched = attacker.search(
        [scored for all_ in tried.values() for scored in all_], effort.climbing, seed
    )
    return found | ({"search": searched} if searched is not None else {})


# --- showing --------------------------------------------------------------------------------------

_ROW = (
    "Assignment",
    "Points for nothing, the worst strategy",
    "Numbers known from `checker ci`, after hand-ins",
    "Wrong numbers that pass",
    "Causes that the submission refutes",
)


def head_of_rows() -> Iterator[str]:
    """The head of the table with one row for each assignment, as Markdown."""
    yield f"| {' | '.join(_ROW)} |"
    yield f"|{'---|' * len(_ROW)}"


def row(found: Attack) -> str:
    """One assignment's row."""
    worst, game = found.worst, found.game
    passed, causes = found.acceptance, found.causes
    cells = [f"`{found.assignment.id}`", *[NO_NUMBER] * (len(_ROW) - 1)]
    if worst is not None:
        cells[1] = f"{100 * worst.share:.0f} % ({worst.attempt.strategy})"
    if game is not None:
        cells[2] = f"{game.known} of {game.numbers} ({game.tried} tried out), {game.hand_ins}"
    if passed is not None:
        cells[3] = f"{len(passed.passed)} of {passed.tried}"
    if causes is not None:
        cells[4] = f"{len(causes.refuted)} of {causes.checked}"
    return f"| {' | '.join(cells)} |"


def details(found: Attack, most: int) -> Iterator[str]:
    """All strategies, and so many examples of everything in full, as Markdown."""
    sheet = found.sheet
    yield f"## {found.assignment.id}: {sheet.total:g} points marked by a machine"
    yield ""
    if found.lazy:
        yield "| Strategy | Points for nothing | Of | Its worst attempt |"
        yield "|---|---|---|---|"
        ordered = sorted(found.lazy.items(), key=lambda item: -item[1].share)
        for name, scored in ordered:
            detail = scored.attempt.detail[:100].replace("|", "/")
            yield (
                f"| {name} | {100 * scored.share:.0f} % ({scored.earned:.2f}) "
                f"| {scored.total:.2f} | {detail} |"
            )
        yield ""
        for _, scored in ordered[:most]:
            if scored.earned:
                yield from adversary.told(sheet, scored)
    if found.game is not None:
        yield f"Oracle game: {found.game}"
        yield ""
    if found.acceptance is not None:
        yield from accepted.told(found.acceptance, most)
        yield ""
    if found.causes is not None:
        yield from refuted.told(found.causes, most)
