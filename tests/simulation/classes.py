"""Simulated classes: with a right key, with a mistake that half of them make, with a wrong key.

A class whose key is wrong is one in which everybody's sheet differs from the key in one place: what
follows from the sheet's formula is right, and the checker can't know it. How often this is noticed,
and how often a right key is doubted, over many classes:

    python -m tests.simulation.classes --classes 200 ASSIGNMENT…
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checker.classroom.alarms import Alarm, alarms
from checker.classroom.groups import ClassGroups
from checker.edits.edit import Edit
from checker.grading import Grader
from checker.grading.right_values import right_values
from checker.report import SubmissionReport
from reference_solutions.assignment import Assignment, load_assignment
from reference_solutions.graph import Array
from reference_solutions.shipped import find_assignment
from submissions_schema.submission import parse_submission

from .cohort import Cohort, Odd, Simulated
from .simulator import THOUSAND, Simulator


@dataclass(frozen=True, slots=True)
class OtherKey:
    """What everybody's sheet has and the key hasn't: a formula, or the value of one answer.

    ``shows`` is the numbers of the answers at which it is noticed: those that it changes beyond
    what follows from earlier answers.
    """

    shows: frozenset[int]
    edit: Edit | None = None
    value: tuple[int, Array] | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits that everybody makes."""
        return () if self.edit is None else (self.edit,)

    @property
    def puts(self) -> dict[int, Array]:
        """The values that everybody has for right."""
        return {} if self.value is None else dict((self.value,))


class Classes:
    """Simulates and grades classes of one assignment."""

    def __init__(self, assignment: Assignment, seed: int) -> None:
        self.cohort = Cohort(assignment)
        self.simulator = Simulator(self.cohort, seed)
        self.random = np.random.default_rng(seed)
        self._grader = Grader(assignment)
        self._key = right_values(assignment)

    def alarms(self, texts: Sequence[Simulated]) -> list[Alarm]:
        """Grade a class and return what is said of the key."""
        groups = ClassGroups()
        for position, report in enumerate(self.graded(texts)):
            groups.add(position, report)
        return alarms(groups.found(), self._key)

    def graded(self, texts: Sequence[Simulated]) -> Iterator[SubmissionReport]:
        """Yield the reports of a class."""
        for one in texts:
            loaded = parse_submission(one.text, one.name)
            yield self._grader.grade(loaded, f"{one.name}.yaml")

    # --- a right key ----------------------------------------------------------------------------

    def usual(self, size: int) -> list[Simulated]:
        """A class as one may expect it."""
        return list(self.simulator.submissions(size, THOUSAND))

    def half(self, size: int, edit: Edit) -> list[Simulated]:
        """A class of which half make the same mistake."""
        same = [self._planted((edit,)) for _ in range(size // 2)]
        return [*same, *self.simulator.submissions(size - size // 2, THOUSAND)]

    def mistakes(self) -> list[Edit]:
        """Mistakes that a class may make: those of the catalogue, made wherever they can be."""
        return [edit for edit in self.cohort.catalogue if edit.index is None]

    # --- a wrong key ----------------------------------------------------------------------------

    def other_keys(self) -> Iterator[OtherKey]:
        """Yield for each computed answer another value, and then formulas that are otherwise."""
        for i, right in enumerate(self.cohort.right):
            exact = self.cohort.half_units(i, right, self.simulator.style(wide=False)).max() < 1e-8
            other = right + 1.0 if exact else right * self.random.uniform(1.2, 1.6, right.shape)
            if np.abs(other - right).max() > 1e-6:
                yield OtherKey(frozenset((i,)), value=(i, other))
        style = replace(self.simulator.style(wide=False), digits=None, decimals=None, written=6)
        for edit in self.mistakes():
            truths = self.cohort.truths(
                self.cohort.draft(self.cohort.exact((edit,)), style), style, (edit,), {}
            )
            shows = frozenset(i for i, truth in enumerate(truths) if truth.state == "mistake")
            if shows:
                yield OtherKey(shows, edit)

    def under(self, key: OtherKey, size: int, share: float) -> list[Simulated]:
        """A class whose sheet differs from the key; of it ``share`` work rightly."""
        right = math.ceil(share * size)
        made = [self._worked(key, ()) for _ in range(right)]
        mistakes = self.cohort.catalogue + self.cohort.structural
        for _ in range(size - right):
            other = mistakes[int(self.random.integers(len(mistakes)))]
            made.append(self._worked(key, (other,), spoilt=True))
        return made

    def _planted(self, edits: tuple[Edit, ...]) -> Simulated:
        style = self.simulator.style(wide=False)
        return self.simulator.planted("catalogue", edits, style, whole=True)

    def _worked(self, key: OtherKey, more: tuple[Edit, ...], *, spoilt: bool = False) -> Simulated:
        """One submission to the class's own sheet; spoilt, with other numbers at what shows."""
        style = self.simulator.style(wide=False)
        values = self.cohort.worked((*key.edits, *more), style, key.puts)
        odd = {}
        for i in key.shows:
            value = key.puts.get(i)
            if spoilt:
                own = self.cohort.right[i]
                value = own * self.random.uniform(0.3, 3.0, own.shape)
            if value is not None:
                values[i] = value
                odd[i] = Odd("noise", value=value)
        return self.simulator.finished(style, self.cohort.draft(values, style), odd)

    def place(self, at: int) -> tuple[str, str]:
        """The question and answer of a number."""
        asked = self.cohort.asked[at]
        return asked.question, asked.answer


def main() -> None:
    """Count alarms over many classes, and print the rates."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("assignments", nargs="+")
    options.add_argument("--classes", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--size", type=int, default=20)
    options.add_argument("--share", type=float, default=0.4)
    chosen = options.parse_args()
    for name in chosen.assignments:
        classes = Classes(load_assignment(find_assignment(name)), chosen.seed)
        print(f"{name}: {_doubted(classes, chosen.classes, chosen.size)}")
        print(f"{name}: {_noticed(classes, chosen.size, chosen.share)}")


def _doubted(classes: Classes, count: int, size: int) -> str:
    """Half of the classes are as one may expect them, of the others half make one mistake."""
    mistakes = classes.mistakes()
    doubted = 0
    for n in range(count):
        mistake = mistakes[n // 2 % len(mistakes)]
        found = classes.alarms(classes.half(size, mistake) if n % 2 else classes.usual(size))
        doubted += bool(found)
        for alarm in found:
            print("  doubted:", mistake.id if n % 2 else "usual", _line(alarm))
    return f"the right key is doubted in {doubted} of {count} classes"


def _noticed(classes: Classes, size: int, share: float) -> str:
    noticed = shown = 0
    for key in classes.other_keys():
        found = {(a.question, a.answer) for a in classes.alarms(classes.under(key, size, share))}
        for at in key.shows:
            shown += 1
            noticed += classes.place(at) in found
            if classes.place(at) not in found:
                print("  missed:", key.edit.id if key.edit else "value", classes.place(at))
    return f"another key is noticed at {noticed} of {shown} answers"


def _line(alarm: Alarm) -> str:
    return (
        f"{alarm.question}.{alarm.answer}: {alarm.students} of {alarm.answered}, "
        f"{alarm.agreeing} agree with the key, {alarm.mistake}, {alarm.value[:40]}"
    )


if __name__ == "__main__":
    main()
