"""An adversary who grades what it hands in, counts what was earned for nothing, and tries again.

What happens to be the right value earns what it earns and is left out of the count, from what was
earned and from the total. So is a choice. The search is bounded in gradings, with a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from checker.grading import Grader
from checker.matching import half_unit_at
from checker.report import AnswerReport, SubmissionReport
from submissions_schema.submission import parse_submission
from submissions_schema.written_number import NotANumberError, read_number

from .sheet import Box, Fill, Filled, Sheet, number, written

Strategy = Callable[[Sheet], "Iterator[Attempt]"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission of somebody who did none of the work.

    ``detail`` says what was tried. ``honest`` are boxes in which a right answer stands on purpose:
    their points are not counted, but stay in the total. ``never_lucky`` are boxes whose value is
    right without anything having been computed (a circular definition, an operation typed);
    ``circle`` is that they are so only as long as all of them stand there.
    """

    strategy: str
    detail: str
    filled: Filled
    honest: frozenset[int] = frozenset()
    never_lucky: frozenset[int] = frozenset()
    circle: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A graded attempt: the points earned for nothing, of those that can be."""

    attempt: Attempt
    earned: float
    total: float
    report: SubmissionReport
    excess: Mapping[int, float] = field(default_factory=dict)
    """The points for nothing, box by box."""

    @property
    def share(self) -> float:
        """The share of the points that was earned for nothing."""
        return self.earned / self.total if self.total else 0.0


class Adversary:
    """Grades attempts at one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.grader = Grader(sheet.assignment)
        self.gradings = 0
        self._seen: dict[str, Scored] = {}

    def grade(self, filled: Filled) -> SubmissionReport:
        """What the checker says of a submission."""
        self.gradings += 1
        text = self.sheet.text(filled)
        return self.grader.grade(parse_submission(text, "lazy.yaml"), "lazy.yaml")

    def score(self, attempt: Attempt) -> Scored:
        """Grade an attempt and count what it earned for nothing."""
        key = f"{self.sheet.text(attempt.filled)}{sorted(attempt.honest)}"
        if key in self._seen:
            return replace(self._seen[key], attempt=attempt)
        report = self.grade(attempt.filled)
        answers = {(a.question, a.answer): a for a in report.answers}
        excess = {}
        total = 0.0
        for i, box in enumerate(self.sheet.boxes):
            if box.kind == "choice":
                continue
            most = box.asked.points
            if i in attempt.honest:
                total += most
                continue
            answer = answers[box.asked.question, box.asked.answer]
            lucky = 0.0
            if i in attempt.filled and i not in attempt.never_lucky:
                lucky = luck(box, attempt.filled[i], answer)
            points = max((answer.points or 0.0) - most * lucky, 0.0)
            total += most * (1 - lucky)
            if points > 1e-9:
                excess[i] = points
        scored = Scored(attempt, sum(excess.values()), total, report, excess)
        self._seen[key] = scored
        return scored

    def run(
        self, strategies: Mapping[str, Strategy], most: int | None = None
    ) -> dict[str, list[Scored]]:
        """Score the attempts of all strategies, ``most`` of each."""
        found = {}
        for name, strategy in strategies.items():
            attempts = (attempt for attempt in strategy(self.sheet) if attempt.filled)
            found[name] = [self.score(attempt) for attempt in islice(attempts, most)]
        return found

    def search(self, start: Sequence[Scored], gradings: int, seed: int = 1) -> Scored | None:
        """Put together what earned most, box by box, and climb.

        First each question takes what earned most there, one after the other; then boxes drawn at
        random take other texts that were tried in them. A change stays if nothing is lost by it.
        """
        random = np.random.default_rng(seed)
        plain = [scored for scored in start if not scored.attempt.honest]
        if not plain:
            return None
        best = max(plain, key=lambda scored: scored.earned)
        candidates, special = _candidates(plain)
        end = self.gradings + gradings

        def tried(filled: Filled) -> None:
            nonlocal best
            never = frozenset(
                i
                for i, fill in filled.items()
                if any(needed.items() <= filled.items() for needed in special.get((i, fill), ()))
            )
            scored = self.score(Attempt("search", "", dict(filled), frozenset(), never))
            if scored.earned >= best.earned - 1e-12:
                best = scored

        for scored in sorted(plain, key=lambda s: -s.earned)[:8]:
            gains = {i for i in scored.excess if scored.excess[i] > best.excess.get(i, 0.0)}
            if gains and self.gradings < end:
                taken = {i: fill for i, fill in scored.attempt.filled.items() if i in gains}
                tried({**best.attempt.filled, **taken})
        boxes = sorted(candidates)
        for _ in range(20 * gradings):
            if self.gradings >= end or not boxes:
                break
            filled = dict(best.attempt.filled)
            for _ in range(int(random.integers(1, 4))):
                i = int(random.choice(boxes))
                if random.random() < 0.15:
                    filled.pop(i, None)
                    continue
                likely = np.array([*candidates[i].values()]) + 0.05
                at = int(random.choice(len(likely), p=likely / likely.sum()))
                filled[i] = [*candidates[i]][at]
            tried(filled)
        found = best.attempt
        attempt = Attempt(
            "search", f"from {found.strategy}", found.filled, frozenset(), found.never_lucky
        )
        return Scored(attempt, best.earned, best.total, best.report, best.excess)


def _candidates(
    scored: Sequence[Scored],
) -> tuple[dict[int, dict[Fill, float]], dict[tuple[int, Fill], list[dict[int, Fill]]]]:
    """What was tried in each box with the most that it earned there, and what is never luck.

    That is so as long as certain others stand there too.
    """
    found: dict[int, dict[Fill, float]] = {}
    special: dict[tuple[int, Fill], list[dict[int, Fill]]] = {}
    for one in scored:
        for i, fill in one.attempt.filled.items():
            here = found.setdefault(i, {})
            here[fill] = max(here.get(fill, 0.0), one.excess.get(i, 0.0))
            if i in one.attempt.never_lucky:
                attempt = one.attempt
                needed = attempt.never_lucky if attempt.circle else {i}
                together = {j: attempt.filled[j] for j in needed}
                special.setdefault((i, fill), []).append(together)
    return found, special


def luck(box: Box, fill: Fill, answer: AnswerReport) -> float:
    """The share of a box in which the right value happens to stand."""
    if box.right is None:  # an order of growth
        return float(answer.verdict == "correct")
    if box.kind == "formula":
        return float(answer.verdict == "correct")
    values = written(fill)
    if values is None or fill.shape != box.shape:
        return 0.0
    units = np.array([number(text)[1] for text in fill.texts])
    digits = max(box.asked.matching.min_significant_figures, 1)
    fine = units <= half_unit_at(box.right, digits) * (1 + 1e-9)
    near = np.abs(values - box.right) <= units * (1 + 1e-9) + 1e-12
    same = np.abs(values - box.right) <= 1e-9 * np.abs(box.right) + 1e-12
    right = (fine & near) | same
    if answer.verdict == "correct" and all(_is_drawn(text) for text in fill.texts):
        # Numbers of three digits that nobody would write for want of others were drawn with luck.
        return 1.0
    telling = np.abs(box.right) > 1e-12 * max(1.0, float(np.abs(box.right).max()))
    shares = [float(right.mean())]
    if telling.any():
        shares.append(float(right[telling].mean()))
    return max(shares)


def _is_drawn(text: str) -> bool:
    """Whether a number has three digits or more, zeros at its end left aside."""
    try:
        size = abs(read_number(text).value)
    except NotANumberError:
        return False
    return len(f"{size:.14e}".partition("e")[0].replace(".", "").rstrip("0")) >= 3


def worst(found: Iterable[Scored]) -> Scored | None:
    """The attempt that earned most for nothing."""
    return max(found, key=lambda scored: (scored.share, scored.earned), default=None)


def told(sheet: Sheet, scored: Scored) -> Iterator[str]:
    """One graded attempt as Markdown: what was earned for nothing, box by box, and the file."""
    attempt = scored.attempt
    yield (
        f"**{attempt.strategy}**: {attempt.detail} — {scored.earned:.2f} of {scored.total:.2f} "
        f"points for nothing ({100 * scored.share:.0f} %)"
    )
    yield ""
    answers = {(a.question, a.answer): a for a in scored.report.answers}
    for i, points in scored.excess.items():
        asked = sheet.boxes[i].asked
        answer = answers[asked.question, asked.answer]
        causes = [f"{m.id} in {m.where}{'' if m.charged else ' (free)'}" for m in answer.mistakes]
        said = f" [{', '.join(causes)}]" if causes else ""
        message = " ".join(answer.message.split())[:160]
        yield (
            f"- {asked.question} {asked.answer}: {points:.2f} of {asked.points:g}, "
            f"{answer.verdict}{said}: {message} ({answer.reason})"
        )
    yield ""
    yield "```yaml"
    yield from sheet.text(attempt.filled).splitlines()
    yield "```"
    yield ""
