"""The distinct answers of a class: numbers that agree within rounding are one group.

Answers come one submission after another, and of each group only a few are kept whole.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from checker.report import AnswerReport, MistakeReport, SubmissionReport, Verdict

_MOST = 2_000
"""So many different answers to one question are told apart; a class's common ones come before."""

_LONGEST = 2_000
"""So much of a written text is kept."""

CUT = "…"
"""How a text ends that was cut."""

RIGHT: frozenset[Verdict] = frozenset(("correct", "imprecise"))
"""Verdicts on answers that agree with the key as it stands."""

ANSWERED: frozenset[Verdict] = RIGHT | {"follow_through", "mistake", "partial", "wrong"}
"""Verdicts on answers that could be compared with the key."""


@dataclass(frozen=True, slots=True)
class Group:
    """One distinct answer: those of the class that agree within rounding, and what explains it.

    ``text`` is the answer as one of its students wrote it, with the most digits. ``verdict`` and
    ``mistakes`` are those that most of it have; ``explained`` is how many have any mistake named.
    ``students`` are the positions of its submissions in the run, in order. ``alike``: there are
    several numbers, and all are the same.
    """

    verdict: Verdict
    text: str
    students: Sequence[int]
    mistakes: tuple[MistakeReport, ...] = ()
    explained: int = 0
    alike: bool = False


@dataclass(frozen=True, slots=True)
class AnswerGroups:
    """One answer over a class: how many have each verdict, and its groups, the largest first.

    ``number`` is its place in its question, from 1, and ``points`` are those of all who have any,
    ``marked`` of how many.
    """

    question: str
    answer: str
    number: int
    max_points: float
    verdicts: dict[Verdict, int]
    groups: tuple[Group, ...]
    points: float
    marked: int

    @property
    def waits(self) -> bool:
        """Whether some of it waits for a person."""
        return self.marked < sum(self.verdicts.values())

    @property
    def answered(self) -> int:
        """How many could be compared with the key."""
        return sum(self.verdicts.get(verdict, 0) for verdict in ANSWERED)


@dataclass(slots=True)
class _Growing:
    """A group that grows; ``values`` and ``within`` are those of its finest answer."""

    values: tuple[float, ...]
    within: tuple[float, ...]
    text: str
    students: array[int] = field(default_factory=lambda: array("I"))
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    explained: Counter[tuple[tuple[str, str], ...]] = field(default_factory=Counter)
    examples: dict[tuple[tuple[str, str], ...], tuple[MistakeReport, ...]] = field(
        default_factory=dict
    )

    def add(self, position: int, answer: AnswerReport) -> None:
        self.students.append(position)
        self.verdicts[answer.verdict] += 1
        if answer.mistakes:
            told = tuple((mistake.id, mistake.where) for mistake in answer.mistakes)
            self.explained[told] += 1
            self.examples.setdefault(told, answer.mistakes)

    def found(self) -> Group:
        told = self.explained.most_common(1)
        several = len(self.values) > 1
        return Group(
            self.verdicts.most_common(1)[0][0],
            self.text,
            self.students,
            self.examples[told[0][0]] if told else (),
            self.explained.total(),
            several and len(set(self.values)) == 1,
        )


class _Answers:
    """What a class wrote for one answer, so far."""

    def __init__(self, number: int, answer: AnswerReport) -> None:
        self.number = number
        self.question, self.answer = answer.question, answer.answer
        self.max_points = answer.max_points
        self.verdicts: Counter[Verdict] = Counter()
        self.points, self.marked = 0.0, 0
        self._by_text: dict[tuple[Verdict, str], _Growing] = {}
        self._numbers: list[_Growing] = []
        self._firsts: list[tuple[float, int]] = []
        self._widest = 0.0

    def add(self, position: int, answer: AnswerReport) -> None:
        self.verdicts[answer.verdict] += 1
        if answer.points is not None:
            self.points += answer.points
            self.marked += 1
        if answer.verdict in ("missing", "ungraded", "invalid"):
            return
        numbers = answer.numbers
        if answer.verdict in RIGHT or numbers is None or not numbers.values:
            text = "" if answer.verdict in RIGHT else " ".join(answer.written.casefold().split())
            key = answer.verdict, text
            group = self._by_text.get(key)
            if group is None:
                group = _Growing((), (), cut(answer.written))
                if len(self._by_text) < _MOST:
                    self._by_text[key] = group
            group.add(position, answer)
            return
        group = self._nearest(numbers.values, numbers.within)
        if group is None:
            group = _Growing(numbers.values, numbers.within, cut(answer.written))
            if len(self._numbers) < _MOST:
                insort(self._firsts, (numbers.values[0], len(self._numbers)))
                self._numbers.append(group)
        elif sum(numbers.within) < sum(group.within):
            at = self._numbers.index(group)
            self._firsts.remove((group.values[0], at))
            insort(self._firsts, (numbers.values[0], at))
            group.values, group.within = numbers.values, numbers.within
            group.text = cut(answer.written)
        self._widest = max(self._widest, numbers.within[0])
        group.add(position, answer)

    def _nearest(self, values: tuple[float, ...], within: tuple[float, ...]) -> _Growing | None:
        """Return the group that agrees best in every entry, or None where none agrees."""
        reach = within[0] + self._widest
        start = bisect_left(self._firsts, (values[0] - reach, -1))
        best, least = None, 0.0
        for first, at in islice(self._firsts, start, None):
            if first > values[0] + reach:
                break
            group = self._numbers[at]
            if not abs(first - values[0]) <= group.within[0] + within[0]:
                continue
            if len(group.values) != len(values):
                continue
            off = 0.0
            for a, b, s, t in zip(group.values, values, group.within, within, strict=True):
                if not abs(a - b) <= s + t:
                    break
                off = max(off, abs(a - b))
            else:
                if best is None or off < least:
                    best, least = group, off
        return best

    def found(self) -> AnswerGroups:
        groups = [group.found() for group in (*self._by_text.values(), *self._numbers)]
        groups.sort(key=lambda group: (-len(group.students), group.students[0]))
        return AnswerGroups(
            self.question,
            self.answer,
            self.number,
            self.max_points,
            dict(self.verdicts),
            tuple(groups),
            self.points,
            self.marked,
        )


class ClassGroups:
    """Sorts the answers of a class into groups, one submission after another."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], _Answers] = {}

    def add(self, position: int, submission: SubmissionReport) -> None:
        """Take the answers of the submission at a position of the run."""
        for question in submission.questions:
            for number, answer in enumerate(question.answers, start=1):
                key = answer.question, answer.answer
                known = self._answers.get(key)
                if known is None:
                    known = self._answers[key] = _Answers(number, answer)
                known.add(position, answer)

    def found(self) -> tuple[AnswerGroups, ...]:
        """Return every answer with its groups, in the assignment's order."""
        return tuple(answers.found() for answers in self._answers.values())


def cut(text: str) -> str:
    """Return a written text on one line, as much of it as a class keeps."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + CUT
