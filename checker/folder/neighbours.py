"""Answers that are right for somebody else: where each student has numbers of their own.

Among many students some value agrees with somebody's by chance, so agreement has to be worth its
evidence: for every entry the bits that its digits tell a student's value from the others' by, less
the bits that it takes to say which of all students it is.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from checker.report import AnswerReport, SubmissionReport
from checker.words import plural
from reference_solutions.assignment import Assignment
from reference_solutions.drawing import plain_id
from reference_solutions.graph import Array
from submissions_schema.problems import InputError

ENOUGH = 12.0
"""How many bits the evidence has to be worth beyond naming the student."""

_MOST_BITS = 20.0
"""What one answer tells at most, however many entries it has: they depend on each other."""

_LISTED = 6
_OTHERS = frozenset(("mistake", "partial", "wrong", "follow_through"))
"""The verdicts on answers that are not the right ones."""


@dataclass(frozen=True, slots=True)
class _Right:
    """The right values of one answer: (students, entries), and how far each entry spreads."""

    values: Array
    spread: Array


@dataclass(slots=True)
class Neighbours:
    """The right values of all students who handed in, and whose answers agree with another's."""

    students: Sequence[str]
    right: Mapping[tuple[str, str], _Right] = field(default_factory=dict)

    def note(self, report: SubmissionReport) -> str:
        """Return what is to be said of a submission; nothing if it is like nobody else's."""
        own = plain_id(report.student)
        bits = np.zeros(len(self.students))
        agreeing: list[tuple[AnswerReport, NDArray[np.bool_]]] = []
        for answer in (answer for question in report.questions for answer in question.answers):
            right = self.right.get((answer.question, answer.answer))
            found = None if right is None else _agreement(answer, right)
            if found is not None:
                same, telling = found
                bits += np.where(same, telling, 0.0)
                agreeing.append((answer, same))
        if not agreeing:
            return ""
        bits[[at for at, student in enumerate(self.students) if plain_id(student) == own]] = 0.0
        other = int(np.argmax(bits))
        if bits[other] - np.log2(max(len(self.students), 2)) < ENOUGH:
            return ""
        names = [f"{a.question} {a.answer}" for a, same in agreeing if same[other]]
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        return (
            f"{report.file}: {plural(len(names), 'answer')} of `{report.student}` "
            f"{'is' if len(names) == 1 else 'are'} right for the numbers of "
            f"`{self.students[other]}`, not for their own: {', '.join(names[:_LISTED])}{more}"
        )


def neighbours(assignment: Assignment, seed: bytes, students: Iterable[str]) -> Neighbours:
    """Return the right values of students, each with their own numbers."""
    listed: list[str] = []
    numeric = [
        asked for asked in assignment.asked if asked.target is not None and not asked.spec.symbolic
    ]
    columns = [array("d") for _ in numeric]
    for student in dict.fromkeys(students):
        try:
            graph = assignment.of_student(student, seed).reference.graph
        except InputError:
            continue
        listed.append(student)
        for asked, column in zip(numeric, columns, strict=True):
            assert asked.target is not None
            value = graph.value(asked.target.node)
            assert value is not None
            column.extend(np.ravel(value).tolist())
    right = {}
    for asked, column in zip(numeric if listed else (), columns, strict=False):
        values: Array = np.array(column).reshape(len(listed), -1)
        right[asked.question, asked.answer] = _Right(values, np.ptp(values, axis=0))
    return Neighbours(listed, right)


def _agreement(answer: AnswerReport, right: _Right) -> tuple[NDArray[np.bool_], float] | None:
    """Return for which students an answer is right, and how many bits that is worth.

    What follows from other answers tells nothing beyond them.
    """
    if answer.verdict not in _OTHERS or answer.numbers is None:
        return None
    values, within = np.array(answer.numbers.values), np.array(answer.numbers.within)
    if values.shape != right.values.shape[1:]:
        return None
    same = (np.abs(right.values - values) <= within).all(axis=1)
    if answer.verdict == "follow_through" or not same.any():
        return same, 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        telling = np.nan_to_num(np.log2(right.spread / (2 * within)), posinf=0.0)
    bits = min(float(np.clip(telling, 0, None).sum()), _MOST_BITS)
    # What several students have tells less of which of them it is.
    return same, max(bits - float(np.log2(same.sum())), 0.0)
