"""Queues for several markers: who marks what."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from checker.marking.key import KeyFile, pseudonyms_for
from checker.marking.marks import Asked, Mark, Marks

By: TypeAlias = Literal["question", "student"]


@dataclass(frozen=True, slots=True)
class Queue:
    """The answers that one marker marks, those to one question after another.

    ``blind``: students have pseudonyms.
    """

    assignment: str
    split: str
    marker: str
    blind: bool
    questions: Mapping[str, Asked]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Queues that nobody has an answer of another's in, and the key to them."""

    queues: tuple[Queue, ...]
    key: KeyFile


def split(
    waiting: Marks, markers: int, by: By, *, blind: bool, known: KeyFile | None = None
) -> Split:
    """Divide what has no points yet among markers, as evenly as may be.

    By question each marks as few questions as possible, by student each student's answers are
    marked by one. ``known`` is the key of an earlier split, whose pseudonyms stay.
    """
    left = [mark for mark in waiting.marks if mark.points is None]
    students = dict.fromkeys(mark.student for mark in left)
    before = known.pseudonyms if known is not None else {}
    pseudonyms = pseudonyms_for(students, before) if blind else {s: s for s in students}
    order = {question: n for n, question in enumerate(dict.fromkeys(m.question for m in left))}
    left = [
        mark.model_copy(update={"student": pseudonyms[mark.student]}) if blind else mark
        for mark in left
    ]
    if blind:
        left = [mark.model_copy(update={"name": None}) for mark in left]
    parts = _by_question(left, order, markers) if by == "question" else _by_student(left, markers)
    id = secrets.token_hex(8)
    queues = tuple(
        Queue(
            waiting.assignment,
            id,
            str(number),
            blind,
            {q: waiting.questions.get(q, Asked()) for q in order if q in _questions(part)},
            tuple(sorted(part, key=lambda mark: (order[mark.question], mark.answer))),
        )
        for number, part in enumerate(parts, start=1)
        if part
    )
    named = {pseudonym: student for student, pseudonym in pseudonyms.items()} if blind else before
    assigned = {queue.marker: len(queue.marks) for queue in queues}
    splits = [*(known.splits if known is not None else ()), id]
    key = KeyFile(assignment=waiting.assignment, splits=splits, markers=assigned, pseudonyms=named)
    return Split(queues, key)


def _questions(marks: Sequence[Mark]) -> set[str]:
    return {mark.question for mark in marks}


def _by_question(
    marks: Sequence[Mark], order: Mapping[str, int], markers: int
) -> list[Sequence[Mark]]:
    """Return parts of one size that lie one after the other, question by question."""
    marks = sorted(marks, key=lambda mark: (order[mark.question], mark.answer, mark.student))
    ends = [round(len(marks) * n / markers) for n in range(markers + 1)]
    return [marks[start:end] for start, end in pairwise(ends)]


def _by_student(marks: Sequence[Mark], markers: int) -> list[Sequence[Mark]]:
    """Return parts that keep each student together, the largest students dealt out first."""
    whole = [list(one) for one in _of_each(marks)]
    parts: list[list[Mark]] = [[] for _ in range(markers)]
    for theirs in sorted(whole, key=len, reverse=True):
        min(parts, key=len).extend(theirs)
    return list(parts)


def _of_each(marks: Sequence[Mark]) -> Iterator[Iterator[Mark]]:
    ordered = sorted(marks, key=lambda mark: mark.student)
    return (theirs for _, theirs in groupby(ordered, key=lambda mark: mark.student))
