"""What a run says as a whole: the questions' averages and the mistakes most made."""

from __future__ import annotations

import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checker.classroom.alarms import Alarm, alarms
from checker.classroom.groups import AnswerGroups, ClassGroups
from checker.classroom.mistakes import ClassMistake, ClassMistakes
from checker.report import RunReport, Status, SubmissionReport
from checker.reports.wording import heading, number, plural
from checker.texts import Texts


@dataclass(frozen=True, slots=True)
class QuestionColumn:
    """One question over all submissions that could be read.

    ``mean`` leaves out points that wait for a person, and so does ``share`` (0 to 1, of the points
    given out so far); both are ``None`` if nothing is marked yet.
    """

    id: str
    title: str
    max_points: float
    mean: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What a run says as a whole, worked out in one pass over its submissions.

    ``facts`` are a few short phrases: how many, how they stand, mean and median score.
    ``all_fine`` is whether nothing is wrong in any submission that could be read. ``notes`` are
    the teacher's, each once. ``answers`` are the distinct answers of the class, ``alarms`` what
    makes the key doubtful. ``scores`` are all points, ``top`` is how many there can be, and
    ``names`` is what each submission is called, in order. ``key`` has the right values as texts, by
    question and answer. ``waiting`` is how many answers of how many submissions wait for a person,
    and ``statuses`` how many have each status.
    """

    columns: tuple[QuestionColumn, ...]
    mistakes: tuple[ClassMistake, ...]
    facts: tuple[str, ...]
    mean: float | None
    unreadable: int
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
    waiting = waits = 0
    for position, submission in enumerate(run.submissions):
        columns.add(submission)
        mistakes.add(position, submission)
        groups.add(position, submission)
        statuses[submission.status] += 1
        names.append(heading(submission))
        open_ = sum(answer.points is None for answer in submission.answers)
        waiting, waits = waiting + open_, waits + bool(open_)
        if submission.score is not None:
            scores.append(submission.score)
        top = max(top, submission.max_score)
        any_pending = any_pending or submission.pending > 0
        notes.update(dict.fromkeys(submission.notes))
        all_fine = all_fine and all(answer.verdict in _FINE for answer in submission.answers)
    mean = statistics.fmean(scores) if scores else None
    parts = [plural(statuses.total(), "submission")]
    words: dict[Status, str] = {
        "graded": "marked",
        "needs_review": "waiting for a person",
        "unreadable": "unreadable",
    }
    parts += [f"{statuses[status]} {said}" for status, said in words.items() if statuses[status]]
    if scores:
        middle = number(statistics.median(scores))
        parts.append(f"mean {number(mean)}, median {middle} of {number(top)} points")
    answers = groups.found()
    return Overview(
        columns.found(),
        mistakes.found(),
        tuple(parts),
        mean,
        statuses["unreadable"],
        any_pending,
        all_fine,
        tuple(notes),
        answers,
        tuple(alarms(answers, key or {})),
        scores,
        top,
        names,
        key or {},
        (waiting, waits),
        statuses,
    )


class _Columns:
    """The questions' points so far."""

    def __init__(self) -> None:
        self.questions: dict[str, tuple[str, float]] = {}
        self.points: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self.reached: defaultdict[str, float] = defaultdict(float)

    def add(self, submission: SubmissionReport) -> None:
        for question in submission.questions:
            self.questions.setdefault(question.id, (question.title, question.max_points))
            if submission.status == "unreadable":
                continue
            marked = question.max_points - question.pending
            if marked > 0 or question.max_points == 0:
                self.points[question.id].append(question.points)
                self.reached[question.id] += marked

    def found(self) -> tuple[QuestionColumn, ...]:
        return tuple(
            QuestionColumn(
                key,
                title,
                max_points,
                statistics.fmean(self.points[key]) if self.points[key] else None,
                sum(self.points[key]) / self.reached[key] if self.reached[key] else None,
            )
            for key, (title, max_points) in self.questions.items()
        )
