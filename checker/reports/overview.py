"""What a run says as a whole: the questions' averages and the mistakes most made."""

from __future__ import annotations

import math
import statistics
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checker.classroom.alarms import Alarm, alarms
from checker.classroom.groups import AnswerGroups, ClassGroups
from checker.classroom.histogram import median
from checker.classroom.mistakes import ClassMistake, ClassMistakes
from checker.report import RunReport, Status, SubmissionReport
from checker.reports.wording import heading, number, plural
from checker.texts import Texts, distinct


@dataclass(frozen=True, slots=True)
class QuestionColumn:
    """One question over all submissions that could be read.

    ``mean`` leaves out points that wait for a person, and so does ``share`` (0 to 1, of the points
    given out so far); both are ``None`` if nothing is marked yet. ``prompt`` is what the sheet says
    above, where a person marks any of it.
    """

    id: str
    title: str
    max_points: float
    mean: float | None
    share: float | None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What a run says as a whole, worked out in one pass over its submissions.

    ``facts`` are a few short phrases: how many, how they stand, mean and median score.
    ``all_fine`` is whether nothing is wrong in any submission that could be read. ``notes`` are
    the teacher's, each once. ``answers`` are the distinct answers of the class, ``alarms`` what
    makes the key doubtful. ``scores`` are all points, ``top`` is how many there can be, and
    ``names`` is what each submission is called, in order. ``key`` has the right values as texts, by
    question and answer. ``unreadable`` are the positions of submissions that can't be read.
    ``waiting`` is how many answers of how many students wait for a person, and ``statuses`` how
    many submissions have each status.
    """

    columns: tuple[QuestionColumn, ...]
    mistakes: tuple[ClassMistake, ...]
    facts: tuple[str, ...]
    mean: float | None
    unreadable: Sequence[int]
    any_pending: bool
    all_fine: bool
    notes: tuple[str, ...]
    answers: tuple[AnswerGroups, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    scores: Sequence[float] = ()
    top: float = 0.0
    names: Sequence[str] = ()
    key: Mapping[tuple[str, str], str] = field(default_factory=dict)
    waiting: tuple[int, int] = (0, 0)
    statuses: Mapping[Status, int] = field(default_factory=dict)


_FINE = ("correct", "follow_through", "ungraded")


def overview(run: RunReport, key: Mapping[tuple[str, str], str] | None = None) -> Overview:
    """Return what a run says as a whole; ``key`` has the right values as texts, for alarms."""
    columns = _Columns()
    mistakes, groups = ClassMistakes(), ClassGroups()
    statuses: Counter[Status] = Counter()
    scores = array("d")
    top = 0.0
    any_pending, all_fine = False, True
    notes: dict[str, None] = {}
    names = Texts()
    unreadable = array("I")
    waiting = 0
    waiting_students = Texts()
    for position, submission in enumerate(run.submissions):
        columns.add(submission)
        mistakes.add(position, submission)
        groups.add(position, submission)
        statuses[submission.status] += 1
        names.append(heading(submission))
        if submission.status == "unreadable":
            unreadable.append(position)
        answers = submission.answers
        if open_ := sum(answer.points is None for answer in answers):
            waiting += open_
            waiting_students.append(submission.student)
        if submission.score is not None:
            scores.append(submission.score)
        top = max(top, submission.max_score)
        any_pending = any_pending or submission.pending > 0
        notes.update(dict.fromkeys(submission.notes))
        all_fine = all_fine and all(answer.verdict in _FINE for answer in answers)
    mean = statistics.fmean(scores) if scores else None
    parts = [plural(statuses.total(), "submission")]
    words: dict[Status, str] = {
        "graded": "marked",
        "needs_review": "waiting for a person",
        "unreadable": "unreadable",
    }
    parts += [f"{statuses[status]} {said}" for status, said in words.items() if statuses[status]]
    if scores:
        middle = number(median(scores))
        parts.append(f"mean {number(mean)}, median {middle} of {number(top)} points")
    found = groups.found()
    return Overview(
        columns.found(),
        mistakes.found(),
        tuple(parts),
        mean,
        unreadable,
        any_pending,
        all_fine,
        tuple(notes),
        found,
        tuple(alarms(found, key or {})),
        scores,
        top,
        names,
        key or {},
        (waiting, distinct(waiting_students)),
        statuses,
    )


class _Columns:
    """The questions' points so far."""

    def __init__(self) -> None:
        self._columns: dict[str, _Column] = {}

    def add(self, submission: SubmissionReport) -> None:
        for question in submission.questions:
            column = self._columns.get(question.id)
            if column is None:
                column = self._columns[question.id] = _Column(question.title, question.max_points)
            if column.prompt is None and any(answer.for_person for answer in question.answers):
                column.prompt = question.prompt
            if submission.status == "unreadable":
                continue
            marked = question.max_points - question.pending
            if marked > 0 or question.max_points == 0:
                column.add(question.points, marked)

    def found(self) -> tuple[QuestionColumn, ...]:
        return tuple(
            QuestionColumn(
                key,
                column.title,
                column.max_points,
                column.points / column.count if column.count else None,
                column.points / column.reached if column.reached else None,
                column.prompt,
            )
            for key, column in self._columns.items()
        )


@dataclass(slots=True)
class _Column:
    """One question so far; ``rest`` is what rounding left out of its ``points``."""

    title: str
    max_points: float
    prompt: str | None = None
    count: int = 0
    points: float = 0.0
    rest: float = 0.0
    reached: float = 0.0

    def add(self, points: float, marked: float) -> None:
        parts = (self.points, self.rest, points)
        self.points = math.fsum(parts)
        self.rest = math.fsum((*parts, -self.points))
        self.count += 1
        self.reached += marked
