"""How well the checker judges a simulated cohort: ``python -m tests.simulation.measure --help``.

Every submission is graded as a student's would be, and every judgement is held against the truth of
what was planted. A mistake counts as named if the report says its id; an id whose edit predicts the
same numbers, within the written digits, is as good an explanation and is counted as equivalent.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.diagnosis.slips import KINDS as SLIPS
from checker.edits.edit import Edit
from checker.grading import Grader
from checker.matching import noise
from checker.report import AnswerReport, MistakeReport
from reference_solutions.assignment import Assignment, load_assignment
from reference_solutions.graph import Array
from reference_solutions.shipped import find_assignment, shipped_assignments
from submissions_schema.answers import IntegerAnswer
from submissions_schema.submission import parse_submission

from .attack import FULL, PARTS, QUICK, TRIALS, Part, attack
from .attack import details as attack_details
from .attack import head_of_rows as head_of_attacks
from .attack import row as attack_row
from .cohort import Cohort, Simulated, Truth
from .simulator import Simulator

ACCEPTED = ("correct", "follow_through")
PLANTED = ("catalogue", "structural", "one answer only", "two mistakes", "slip", "formula slip")
_WHOLE_SLIPS = (
    "sign-slip",
    "decimal-point-slip",
    "percent-for-fraction",
    "rows-for-columns",
    "order-reversed",
    "order-shifted",
    "other-answer-copied",
)

Naming: TypeAlias = Literal["named", "equivalent", "tie", "near", "wrong", "none"]
"""How an answer's diagnosis stands to the truth, from best to worst.

``named``: by its id. ``equivalent``: another mistake that predicts the same numbers within the
written digits. ``tie``: the right one is among the alternatives that the report offers. ``near``:
another one that predicts the same within rounding on the way. ``wrong``: another one. ``none``: no
mistake is named.
"""
_BEST: tuple[Naming, ...] = ("named", "equivalent", "tie", "near", "none", "wrong")


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer: what it is, what the checker said, and how the two agree.

    ``plain``: it differs from the right value by more than written digits and rounding on the way
    explain, so the numbers show that something is wrong. ``bits``: how much the digits say that it
    differs in. ``nameable``: of its kind a mistake can be named; not of a choice.
    """

    truth: Truth
    report: AnswerReport
    naming: Naming
    plain: bool
    bits: float = 0.0
    nameable: bool = True

    @property
    def accepted(self) -> bool:
        """Whether it earned the points of a right answer."""
        return self.report.verdict in ACCEPTED


@dataclass(frozen=True, slots=True)
class Result:
    """One graded submission."""

    simulated: Simulated
    judged: tuple[Judged, ...]
    needed: float = 0.0
    """The bits that it takes to single out one of all the mistakes that could be made."""

    @property
    def showing(self) -> list[Judged]:
        """The answers that show what was planted."""
        return [j for j in self.judged if j.truth.state in ("mistake", "slip") and j.plain]

    @property
    def telling(self) -> bool:
        """Whether the digits that are wrong say enough to tell which mistake it is."""
        return sum(j.bits for j in self.showing) >= self.needed

    @property
    def outcome(self) -> str:
        """What became of the planted mistake or slip.

        ``hidden``: nothing that was written shows it. ``accepted``: every answer that shows it was
        judged right. ``faint``: not named, and the digits that are wrong are too few to tell it
        from the other mistakes that could be made. Otherwise the best naming among the answers
        that show it.
        """
        showing = self.showing
        if not showing:
            return "hidden"
        if all(j.accepted for j in showing):
            return "accepted"
        namings = {j.naming for j in showing}
        if namings <= {"none", "wrong"}:
            if "wrong" in namings:
                return "wrong"
            return "none" if self.telling else "faint"
        return next(naming for naming in _BEST if naming in namings)


@dataclass(frozen=True, slots=True)
class Crash:
    """A submission at which grading raised an exception."""

    simulated: Simulated
    error: str


class Examiner:
    """Grades simulated submissions and judges the judgement."""

    def __init__(self, assignment: Assignment) -> None:
        self.grader = Grader(assignment)
        self.cohort = Cohort(assignment)
        self.rounding = self._rounding()
        edits = len(self.cohort.catalogue) + len(self.cohort.structural)
        self.needed = math.log2(max(edits, 1))
        self.by_words: dict[tuple[str, str, str], list[Edit]] = {}
        for edit in self.grader.key.diagnoser.library.edits:
            self.by_words.setdefault((edit.id, edit.where, edit.message), []).append(edit)

    def _rounding(self) -> list[Array]:
        """What rounding on the way may do to each answer, as the assignment grants it."""
        found = []
        for asked, right in zip(self.cohort.asked, self.cohort.right, strict=True):
            digits = asked.matching.working_digits
            position = self.grader.key.position[asked.question, asked.answer]
            granted = np.zeros_like(right)
            if digits is not None and not isinstance(asked.spec, IntegerAnswer):
                key = self.grader.key
                granted = key.diagnoser.tolerances.of_right(digits)[key.layout.span(position)]
            found.append(granted)
        return found

    def grade(self, simulated: Simulated) -> Result:
        """Grade one submission and compare with the truth."""
        name = f"{simulated.name}.yaml"
        report = self.grader.grade(parse_submission(simulated.text, name), name)
        by_place = {(a.question, a.answer): a for a in report.answers}
        own = {i: truth.written for i, truth in enumerate(simulated.answers) if truth.texts}
        judged = []
        for i, truth in enumerate(simulated.answers):
            found = by_place[truth.question, truth.answer]
            plain, bits = False, 0.0
            if truth.texts:
                allowed = truth.half_units * (1 + 1e-9) + noise(truth.meant) + self.rounding[i]
                right = self.cohort.right[i]
                off = np.abs(truth.written - right) > allowed
                plain, bits = bool(np.any(off)), _bits(truth.texts, off)
                if truth.state == "mistake":
                    plain = plain and bool(np.any(np.abs(truth.meant - right) > allowed))
            judged.append(Judged(truth, found, self._naming(i, truth, found, own), plain, bits))
        for worded, truth in zip(self.cohort.worded, simulated.worded, strict=False):
            found = by_place[truth.question, truth.answer]
            plain = truth.state in ("slip", "noise")
            naming = _naming_in_words(truth, found)
            judged.append(Judged(truth, found, naming, plain, math.inf, worded.is_formula))
        return Result(simulated, tuple(judged), self.needed)

    # --- is it the right mistake? -------------------------------------------------------------

    def _naming(  # noqa: PLR0911 - one return a naming
        self, at: int, truth: Truth, found: AnswerReport, own: dict[int, Array]
    ) -> Naming:
        if not found.mistakes:
            return "none"
        said = {mistake.id for mistake in found.mistakes}
        if truth.ids and (said >= set(truth.ids) or said <= set(truth.ids)):
            return "named"
        if truth.state in ("noise", "missing"):
            return "wrong"
        if said & set(SLIPS):
            return "equivalent" if said <= set(_WHOLE_SLIPS) and truth.texts else "wrong"
        allowed = truth.half_units * (1 + 1e-9) + noise(truth.meant)
        meant = truth.meant
        if truth.state == "slip":
            meant, allowed = truth.written, allowed + self.rounding[at]
        predictions = list(self._predicted(at, found.mistakes, own))
        for predicted in predictions:
            if bool(np.all(np.abs(predicted - meant) <= allowed)):
                return "equivalent"
        offered = {words for mistake in found.mistakes for words in mistake.alternatives}
        if any(edit.message in offered for edit in truth.edits):
            return "tie"
        for predicted in predictions:
            if bool(np.all(np.abs(predicted - meant) <= allowed + self.rounding[at])):
                return "near"
        return "wrong"

    def _predicted(
        self, at: int, mistakes: Sequence[MistakeReport], own: dict[int, Array]
    ) -> Iterator[Array]:
        """What the named mistakes predict, made in the whole work and from the student's values."""
        options = [self.by_words.get((m.id, m.where, m.message), []) for m in mistakes]
        for edits in islice(product(*options), 8):
            for puts in ({}, own):
                value = self.cohort.exact(edits, puts)[at]
                if value is not None:
                    yield value


def _bits(texts: Sequence[str], off: NDArray[np.bool_]) -> float:
    """How much the digits of the entries that are wrong say, if all digits are alike likely.

    Entries that read alike are one observation.
    """
    wrong = {text.lstrip("-") for text, is_off in zip(texts, off, strict=True) if is_off}
    digits = [text.partition("e")[0].replace(".", "").lstrip("0") for text in wrong]
    return sum(max(len(plain), 1) for plain in digits) * math.log2(10)


def _naming_in_words(truth: Truth, found: AnswerReport) -> Naming:
    """How a formula's diagnosis stands to the truth.

    What is named agrees with the formula at every sampled point, so one mistake is as good as the
    slip that was planted; two mistakes for one slip are beside the point.
    """
    if not found.mistakes:
        return "none"
    if truth.state != "slip":
        return "wrong"
    return "equivalent" if len(found.mistakes) == 1 else "near"


# --- the tables -----------------------------------------------------------------------------------


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


# --- showing --------------------------------------------------------------------------------------

_SHOWN = ("named", "equivalent", "tie", "near", "wrong", "none", "faint", "accepted", "hidden")


def short_table(figures: Figures) -> Iterator[str]:
    """The table for the page of measurements, as Markdown."""
    yield "| What | Measured |"
    yield "|---|---|"
    three = figures.right_from_three
    yield f"| Right answers worked with 3 digits or more, judged right | {three} |"
    yield (
        f"| Right answers beside or after a wrong one, judged right | {figures.right_elsewhere} |"
    )
    yield f"| Single mistakes from the catalogue, named | {figures.recall('catalogue')} |"
    yield f"| Single structural mistakes, named | {figures.recall('structural')} |"
    yield f"| A mistake in one answer only, named | {figures.recall('one answer only')} |"
    yield f"| Two mistakes together, at least one named | {figures.recall('two mistakes')} |"
    yield f"| Slips of the pen, named | {figures.recall('slip')} |"
    if "formula slip" in figures.outcomes:
        yield f"| Slips in formulas, named | {figures.recall('formula slip')} |"
    yield f"| Random wrong answers accused of a named mistake | {figures.accused} |"
    yield (
        "| Answers with nothing wrong in them, accused of a mistake that isn't theirs | "
        f"{figures.followers_accused} |"
    )
    for state, share in sorted(figures.accepted_beyond.items()):
        yield f"| Wrong answers accepted ({state}) | {share} |"


_ROW = (
    "Assignment",
    "Submissions",
    "Right answers judged right",
    "Single catalogue mistakes named, of those that change a written digit",
    "… of those that the digits are enough to tell",
    "Single slips in formulas named",
    "Named as another mistake",
    "Random wrong answers accused",
)


def head_of_rows() -> Iterator[str]:
    """The head of a table with one row for each assignment, as Markdown."""
    yield f"| {' | '.join(_ROW)} |"
    yield f"|{'---|' * len(_ROW)}"


def row(assignment: Assignment, figures: Figures) -> str:
    """One assignment's row."""
    told = figures.told.get("catalogue", Share())
    cells = (
        f"`{assignment.id}`",
        figures.submissions,
        figures.all_right,
        figures.recall("catalogue"),
        told,
        figures.recall("formula slip"),
        figures.misnamed("catalogue", "formula slip"),
        figures.accused,
    )
    return f"| {' | '.join(map(str, cells))} |"


def head_of_missed() -> Iterator[str]:
    """The head of the table of the mistakes that were missed, as Markdown."""
    yield "| Assignment | Missed mistake | Named, where digits change | Can the numbers show it? |"
    yield "|---|---|---|---|"


def missed_rows(assignment: Assignment, figures: Figures) -> Iterator[str]:
    """A row for each mistake of the catalogue that was not always named."""
    for (scenario, name), counts in sorted(figures.by_id.items()):
        shown = Share(
            counts["named"] + counts["equivalent"] + counts["tie"],
            counts.total() - counts["hidden"],
        )
        if scenario != "catalogue" or shown.hits == shown.of:
            continue
        faint, plain = counts["faint"], shown.of - shown.hits - counts["faint"]
        answer = "yes" if not faint else "no" if not plain else f"in {plain} of {plain + faint}"
        yield f"| `{assignment.id}` | `{name}` | {shown.hits} of {shown.of} | {answer} |"


def details(figures: Figures) -> Iterator[str]:
    """Everything else that was counted, as Markdown."""
    yield ""
    yield "Right work, by how it was rounded:"
    yield ""
    yield "| Rounding | judged right | imprecise |"
    yield "|---|---|---|"
    for label, share in sorted(figures.right.items()):
        yield f"| {label} | {share} | {figures.imprecise[label]} |"
    yield ""
    yield "Wrong answers that rounding to the granted digits explains as well, judged right:"
    yield ""
    for state, share in sorted(figures.accepted_within.items()):
        yield f"- {state}: {share}"
    yield ""
    yield "What became of planted mistakes, by submission:"
    yield ""
    yield f"| Planted | {' | '.join(_SHOWN)} |"
    yield f"|---|{'---|' * len(_SHOWN)}"
    for scenario, counts in figures.outcomes.items():
        yield f"| {scenario} | {' | '.join(str(counts[key]) for key in _SHOWN)} |"
    yield ""
    yield "And by answer that shows it:"
    yield ""
    yield f"| Planted | {' | '.join(_BEST)} |"
    yield f"|---|{'---|' * len(_BEST)}"
    for scenario, namings in figures.namings.items():
        yield f"| {scenario} | {' | '.join(str(namings[key]) for key in _BEST)} |"
    yield ""
    yield f"Random wrong answers were accused of: {dict(figures.accused_of.most_common())}"
    yield ""
    yield "Mistakes by recall, the weakest first (those that are always found are left out):"
    yield ""
    yield f"| Mistake | planted as | recall | {' | '.join(_SHOWN)} |"
    yield f"|---|---|---|{'---|' * len(_SHOWN)}"
    rows = []
    for (scenario, name), counts in figures.by_id.items():
        shown = counts.total() - counts["hidden"]
        good = counts["named"] + counts["equivalent"] + counts["tie"]
        if good < shown:
            cells = " | ".join(str(counts[key]) for key in _SHOWN)
            rows.append((good / shown, f"| {name} | {scenario} | {good}/{shown} | {cells} |"))
    for _, row in sorted(rows):
        yield row


def complaints(result: Result) -> Iterator[str]:
    """What is wrong with how a submission was judged, in a word or two each."""
    if result.outcome in ("near", "none", "wrong", "accepted"):
        yield f"planted mistake: {result.outcome}"
    scenario, style = result.simulated.scenario, result.simulated.style
    for judged in result.judged:
        state, verdict = judged.truth.state, judged.report.verdict
        if state in ("right", "rounded", "follows"):
            if judged.report.mistakes and judged.naming == "wrong":
                yield f"{judged.truth.answer} accused, is {state}"
            elif not judged.accepted and style.digits_kept >= 3 and verdict != "mistake":
                yield f"{judged.truth.answer} not accepted, is {state} ({scenario})"
        elif judged.plain and verdict in ("correct", "imprecise"):
            yield f"{judged.truth.answer} accepted, is {state}"
        elif state == "noise" and judged.plain and judged.report.mistakes:
            yield f"{judged.truth.answer} accused, is noise"


def missed(results: Sequence[Result], most: int) -> Iterator[str]:
    """Some submissions that were not judged as they should be, in full, to reproduce."""
    for result in islice((r for r in results if any(complaints(r))), most):
        yield from _told(result)


def _told(result: Result) -> Iterator[str]:
    simulated = result.simulated
    about = f"{simulated.scenario}: {simulated.detail or 'nothing planted'}"
    yield f"### {'; '.join(complaints(result))} — {about} — {simulated.style.label}"
    yield ""
    yield "```yaml"
    yield simulated.text.rstrip()
    yield "```"
    for judged in result.judged:
        said = [f"{m.id} in {m.where}" for m in judged.report.mistakes]
        truth = judged.truth
        plain = "" if judged.plain else " (not plain)"
        yield (
            f"- {truth.answer}: is {truth.state} {list(truth.ids)}{plain},"
            f" judged {judged.report.verdict} {said} → {judged.naming}"
        )
    yield ""


def _attack(names: Sequence[str], parts: Sequence[Part], options: argparse.Namespace) -> None:
    """Attack the assignments and print what it came to."""
    rows = []
    for name in names:
        found = attack(
            load_assignment(find_assignment(name)),
            QUICK if options.quick else FULL,
            parts,
            options.seed,
        )
        rows.append(attack_row(found))
        if not options.markdown:
            sys.stdout.write("\n".join([*attack_details(found, options.examples), ""]) + "\n")
            sys.stdout.flush()
        sys.stderr.write(f"{name}: {found.gradings} gradings in {found.seconds:.1f} s\n")
    sys.stdout.write("\n".join([*head_of_attacks(), *rows, ""]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment", nargs="?", default="fit3181-a2", help="an id or a file")
    parser.add_argument("--all", action="store_true", help="all assignments of the package")
    parser.add_argument("--submissions", type=int, default=2000, help="for each assignment")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", action="store_true", help="only the table for the docs")
    parser.add_argument("--missed", type=int, default=0, help="show so many misjudged ones in full")
    parser.add_argument("--trials", action="store_true", help="the trial assignments as well")
    parser.add_argument(
        "--attack",
        nargs="*",
        choices=PARTS,
        help="be the attacker, in these ways or all",
    )
    parser.add_argument("--quick", action="store_true", help="try little of each attack")
    parser.add_argument("--examples", type=int, default=0, help="show so many attacks in full")
    options = parser.parse_args()
    names = list(shipped_assignments()) if options.all else [options.assignment]
    if options.trials:
        shipped = names if options.all else []
        names = [*shipped, *map(str, sorted(TRIALS.glob("*/assignment.yaml")))]
    if options.attack is not None:
        _attack(names, options.attack or PARTS, options)
        return
    rows = []
    missing: list[str] = []
    for name in names:
        assignment = load_assignment(find_assignment(name))
        examiner = Examiner(assignment)
        simulator = Simulator(examiner.cohort, options.seed)
        submissions = list(simulator.submissions(options.submissions))
        start = time.perf_counter()
        figures, results = measure(examiner, submissions)
        seconds = time.perf_counter() - start
        rows.append(row(assignment, figures))
        missing.extend(missed_rows(assignment, figures))
        lines = [] if options.all and options.markdown else list(short_table(figures))
        if not options.markdown:
            lines.extend(details(figures))
        if lines:
            lines.append("")
        said = (
            f"{figures.submissions} simulated submissions to `{assignment.id}`, seed "
            f"{options.seed}, graded in {seconds:.1f} s; {len(figures.crashes)} crashes."
        )
        if lines or figures.crashes:
            lines.append(said)
        else:
            sys.stderr.write(said + "\n")
        for crash in figures.crashes[:3]:
            lines += ["", crash.simulated.text, crash.error]
        lines.extend(["", *missed(results, options.missed)] if options.missed else [])
        if lines:
            sys.stdout.write("\n".join([*lines, ""]) + "\n")
    if options.all:
        sys.stdout.write("\n".join([*head_of_rows(), *rows, ""]) + "\n")
        sys.stdout.write("\n".join([*head_of_missed(), *missing]) + "\n")


if __name__ == "__main__":
    main()
