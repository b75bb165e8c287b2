"""How much a student is told who can hand in again: hints that don't give the answer away.

One function from a report to a report, which the commands apply before anything is shown. What is
told at a level depends on nothing else of the full report, so that two answers that are told alike
can't be told apart by their points, by the words or by the marks of their entries:

``sizes``
    Everything.
``entries``
    Not how far off an entry is, nor in which direction.
``answers``
    Which answers are wrong and which mistake is named. A right answer with too few digits and one
    with some right entries are wrong like any other, and points are all or nothing. A slip in
    one number (a digit, a sign) is not named, because it says that all the rest of it is right.
``none``
    Which answers were read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from checker.report import AnswerReport, MistakeReport, QuestionReport, RunReport, SubmissionReport
from submissions_schema.grading_settings import Hints

NOT_RIGHT = "Not right, or not written with enough digits."
NOT_RIGHT_AT_ALL = "Not right."
FOLLOWS = "Right from your own earlier values."
WAS_READ = "Your answer was read; whether it is right is not told yet."
COUNTED_LATER = "points for what is partly right are given when it is marked"

SLIPS_OF_NUMBERS = frozenset(
    (
        "sign-slip",
        "decimal-point-slip",
        "percent-for-fraction",
        "digits-swapped",
        "digit-mistyped",
        "counted-from-one",
    )
)
"""Mistakes found by comparing a number's digits with the right ones."""


def told_run(run: RunReport, hints: Hints) -> RunReport:
    """Return a run with what is told of each submission."""
    return replace(run, submissions=tuple(told(report, hints) for report in run.submissions))


def told(report: SubmissionReport, hints: Hints) -> SubmissionReport:
    """Return what a student is told at a level of hints; all points are those that are told."""
    tell = _LEVELS.get(hints)
    if tell is None or not report.questions:
        return report
    questions = tuple(_question(question, tell) for question in report.questions)
    ungraded = any(a.verdict == "ungraded" for question in questions for a in question.answers)
    return replace(
        report,
        status="needs_review" if ungraded else "graded",
        score=round(sum(question.points for question in questions), 6),
        pending=sum(question.pending for question in questions),
        questions=questions,
    )


_Tell = Callable[[AnswerReport], AnswerReport]


def _question(question: QuestionReport, tell: _Tell) -> QuestionReport:
    answers = tuple(replace(tell(answer), numbers=None) for answer in question.answers)
    return replace(
        question,
        points=round(sum(a.points or 0.0 for a in answers), 6),
        pending=round(sum(a.max_points for a in answers if a.points is None), 5),
        answers=answers,
    )


def _entries(answer: AnswerReport) -> AnswerReport:
    return replace(answer, entries=tuple(replace(entry, off="") for entry in answer.entries))


def _answers(answer: AnswerReport) -> AnswerReport:
    if answer.verdict in ("missing", "invalid", "ungraded"):
        return answer
    full = answer.points is not None and answer.points >= answer.max_points
    if answer.verdict in ("correct", "follow_through"):
        # Were it said that a number follows from coarse ones, these would be known to be right.
        plain = answer.verdict == "correct" and not answer.from_rounded
        return replace(
            _marked(answer, right=True),
            verdict="correct" if plain else "follow_through",
            points=answer.max_points if full else 0.0,
            message="Right." if plain else FOLLOWS,
            reason="" if full else COUNTED_LATER,
        )
    mistakes = tuple(m for m in answer.mistakes if not _is_in_one_number(m, answer))
    answer = replace(_marked(answer, right=None), mistakes=mistakes, reason=COUNTED_LATER)
    if mistakes:
        message = " ".join(mistake.message for mistake in mistakes)
        return replace(answer, points=answer.max_points if full else 0.0, message=message)
    message = NOT_RIGHT if answer.entries else NOT_RIGHT_AT_ALL
    return replace(answer, verdict="wrong", points=0.0, message=message)


def _nothing(answer: AnswerReport) -> AnswerReport:
    if answer.verdict in ("missing", "invalid", "ungraded"):
        return answer
    answer = _marked(answer, right=None)
    return replace(
        answer, verdict="ungraded", points=None, message=WAS_READ, reason="", mistakes=()
    )


_LEVELS: Mapping[Hints, _Tell] = {"entries": _entries, "answers": _answers, "none": _nothing}


def _marked(answer: AnswerReport, *, right: bool | None) -> AnswerReport:
    """Return an answer whose entries are all marked alike."""
    entries = tuple(replace(entry, right=right, off="") for entry in answer.entries)
    return replace(answer, entries=entries, decided=None, from_rounded=False)


def _is_in_one_number(mistake: MistakeReport, answer: AnswerReport) -> bool:
    """Whether a mistake is a slip in a single number, of which it gives the other digits away."""
    wrong = sum(entry.right is False for entry in answer.entries)
    return mistake.id in SLIPS_OF_NUMBERS and (wrong <= 1 or mistake.one_number)
