"""What a run says as a whole: the questions' averages and the mistakes most made."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass

from checker.report import RunReport, Status
from checker.reports.wording import number, plural


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
class MistakeCount:
    """One mistake over all submissions: how many students made it, with its commonest message."""

    id: str
    message: str
    students: int


def question_columns(run: RunReport) -> tuple[QuestionColumn, ...]:
    """Return the run's questions in the assignment's order, with their averages."""
    found: dict[str, tuple[str, float]] = {}
    points: defaultdict[str, list[float]] = defaultdict(list)
    reached: defaultdict[str, float] = defaultdict(float)
    for submission in run.submissions:
        for question in submission.questions:
            found.setdefault(question.id, (question.title, question.max_points))
            if submission.status == "unreadable":
                continue
            marked = question.max_points - question.pending
            if marked > 0 or question.max_points == 0:
                points[question.id].append(question.points)
                reached[question.id] += marked
    return tuple(
        QuestionColumn(
            key,
            title,
            max_points,
            statistics.fmean(points[key]) if points[key] else None,
            sum(points[key]) / reached[key] if reached[key] else None,
        )
        for key, (title, max_points) in found.items()
    )


def mistakes_made(run: RunReport) -> tuple[MistakeCount, ...]:
    """Return the mistakes, most students first; a student counts once however often it was made."""
    students: defaultdict[str, set[str]] = defaultdict(set)
    messages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for submission in run.submissions:
        who = submission.student or submission.file
        for answer in submission.answers:
            for mistake in answer.mistakes:
                students[mistake.id].add(who)
                messages[mistake.id][mistake.message] += 1
    return tuple(
        sorted(
            (
                MistakeCount(key, messages[key].most_common(1)[0][0], len(who))
                for key, who in students.items()
            ),
            key=lambda count: (-count.students, count.id),
        )
    )


def status_count(run: RunReport, status: Status) -> int:
    """Return how many submissions have this status."""
    return sum(submission.status == status for submission in run.submissions)


def summary_sentences(run: RunReport) -> tuple[str, ...]:
    """Return the run in a few short phrases: how many, how they stand, mean and median score."""
    parts = [plural(len(run.submissions), "submission")]
    words: dict[Status, str] = {
        "graded": "marked",
        "needs_review": "waiting for a person",
        "unreadable": "unreadable",
    }
    for status, said in words.items():
        if count := status_count(run, status):
            parts.append(f"{count} {said}")
    scores = [s.score for s in run.submissions if s.score is not None]
    if scores:
        top = max(s.max_score for s in run.submissions)
        parts.append(
            f"mean {number(statistics.fmean(scores))}, median {number(statistics.median(scores))}"
            f" of {number(top)} points"
        )
    return tuple(parts)
