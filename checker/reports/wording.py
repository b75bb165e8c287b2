"""The words that every report uses: one place, so that a verdict is called the same everywhere.

Everything here is plain text for a student to read; no format's markup.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from checker.classroom.alarms import Alarm
from checker.report import (
    AnswerReport,
    Certainty,
    ChangesReport,
    Decided,
    QuestionReport,
    Status,
    SubmissionReport,
    Verdict,
)
from checker.words import plural as plural  # noqa: PLC0414 - for all formats
from checker.words import sentence

NO_NUMBER = "\u2013"
Tone = Literal["good", "warn", "bad", "calm", "mute"]


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """How one verdict or status is shown; each is there once.

    ``label`` is the text, ``short`` a word for it where room is scarce, ``glyph`` a sign that says
    the same without words, ``tone`` the family of colours, ``meaning`` one sentence for the legend.
    """

    label: str
    glyph: str
    tone: Tone
    meaning: str
    short: str = ""


VERDICTS: Mapping[Verdict, Word] = MappingProxyType(
    {
        "correct": Word(
            "Right", "✓", "good", "Agrees with the right value in the digits you wrote."
        ),
        "follow_through": Word(
            "Right from your earlier values",
            "↳",
            "good",
            "An earlier answer was off, and from there you went on rightly.",
        ),
        "imprecise": Word(
            "Right, too few digits",
            "≈",
            "warn",
            "Right as far as it goes; more digits are needed to be sure.",
        ),
        "mistake": Word(
            "Mistake",
            "!",
            "warn",
            "Not the right value, and a known mistake leads to your numbers.",
        ),
        "partial": Word("Partly right", "◐", "warn", "Some entries are right and some are not."),
        "wrong": Word(
            "Wrong",
            "✗",
            "bad",
            "Not the right value, and no single mistake was found to explain it.",
        ),
        "missing": Word("Missing", NO_NUMBER, "mute", "Your file has no answer here."),
        "invalid": Word(
            "Can't be read",
            "?",
            "bad",
            "There is an answer, but not in a form that can be compared.",
        ),
        "ungraded": Word(
            "For your teacher to mark", "✎", "calm", "A person reads this; it has no points yet."
        ),
    }
)

MARKED = Word("Marked by a person", "✎", "calm", "Your teacher read this and gave the points.")
"""How an answer is shown that was for a person to mark, and has been marked."""

STATUSES: Mapping[Status, Word] = MappingProxyType(
    {
        "graded": Word("Marked", "✓", "good", "All answers are marked.", "marked"),
        "needs_review": Word(
            "Waits for a person", "✎", "calm", "Some answers wait for a person.", "waits"
        ),
        "unreadable": Word(
            "Can't be read", "?", "bad", "The file can't be read; it has no points.", "unread"
        ),
    }
)

CERTAINTIES: Mapping[Certainty, str] = MappingProxyType(
    {"likely": "What very likely happened", "possible": "What may have happened"}
)

SHEET_MEANS = "The sheet means"
YOU_COMPUTED = "You seem to have computed"
ERROR_SIGNAL = "is the error at the pre-activation of"
NOT_CHARGED_AGAIN = "Same mistake as before, not charged again."
EXPLAINED_AT = "is explained at"
NOTHING_LOST = "no point is lost here"
COUNTS_AT = "no point is lost here: the mistake counts once, at"
OTHERS = "Not right for another reason:"
OTHERS_ALONE = "Not right yet:"
CANNOT_TELL = "The numbers can't tell this from:"
POINTS = "Points"
EACH_WRONG = "Each wrong entry"
RIGHT_VALUE = "Right answer"
YOU_WROTE = "You wrote"
REMARKS = "Remarks on your file"
READ_AS = "How it was read"
UNREADABLE_TITLE = "This file can't be read"
NOTES = "To look at"
FILE_UNREADABLE = "One file can't be read"
FILES_UNREADABLE = "Files that can't be read"
UNREADABLE_POINTS = "No points have been given yet. This is not a zero."
NO_REASON = "No reason was given."
CHANGES = "Since an earlier run"
MARKERS = "Who marks"
ALARMS = "Look at the key first"
THEY_WROTE = "They wrote"
KEY_HAS = "The key has"
THEY_HAVE = "They seem to have"
SAME_CHANGE = "The same change makes these right as well:"
NEEDS_PERSON = "Needs a person"
NOTHING_GIVES = "no known mistake gives it"
GROUPED = (
    "Answers that agree within rounding stand together, those of most students first. "
    "Each name leads to the answer in the student's report."
)
NOT_FINAL = (
    "A number followed by ✎ is not final: points wait for a person. Averages leave them out."
)
TO_ACCEPT = "To accept it, put this into the decisions"
ONE_CHANGE = (
    "One change of the sheet would make them right. What they are told as long as it stands:"
)
NO_CHANGE = "No single change of the sheet gives this value."


def number(value: float | None) -> str:
    """Return points for a reader: at most two decimals, no trailing zeros, a dash for none."""
    if value is None or not math.isfinite(value):
        return NO_NUMBER
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=1024)
def points_of(points: float | None, max_points: float) -> str:
    """Return ``2.5 / 3``."""
    return f"{number(points)} / {number(max_points)}"


def mean_of(mean: float | None, max_points: float, *, waits: bool) -> str:
    """Return ``2.5 of 3``, and whether points still wait for a person."""
    return f"{number(mean)} of {number(max_points)}{' so far' if waits else ''}"


def pending_sentence(pending: float, max_points: float) -> str:
    """Return ``2 of 12 points wait for a person``, or nothing if none do."""
    if pending <= 0:
        return ""
    verb = "waits" if pending == 1 else "wait"
    noun = "point" if max_points == 1 else "points"
    return f"{number(pending)} of {number(max_points)} {noun} {verb} for a person"


def free_sentence(counts_at: str) -> str:
    """Return why no point is lost at an answer with a mistake; it counts at another, if named."""
    return sentence(f"{COUNTS_AT} {counts_at}" if counts_at else NOTHING_LOST)


def mistake_number(number: int) -> str:
    """Return what a report calls one of its mistakes."""
    return f"Mistake {number}"


def mistakes_title(mistakes: int, answers: int) -> str:
    """Return ``2 mistakes, in 4 answers``, or nothing if there are none."""
    return f"{plural(mistakes, 'mistake')}, in {plural(answers, 'answer')}" if mistakes else ""


def question_word(question: QuestionReport) -> Word:
    """Return how a question as a whole stands, by its points alone."""
    if question.pending > 0:
        return VERDICTS["ungraded"]
    if question.points >= question.max_points:
        return VERDICTS["correct"]
    return VERDICTS["partial"] if question.points > 0 else VERDICTS["wrong"]


def question_points(question: QuestionReport) -> str:
    """Return ``2.5 / 3``, with a dash for points while nothing of the question is marked."""
    waits = 0 < question.max_points <= question.pending
    return points_of(None if waits else question.points, question.max_points)


def answer_word(answer: AnswerReport) -> Word:
    """Return how an answer is shown: by its verdict, or as marked by a person."""
    marked = answer.verdict == "ungraded" and answer.points is not None
    return MARKED if marked else VERDICTS[answer.verdict]


def from_person(say: str) -> str:
    """Return a person's words on an answer, marked as such."""
    return f"Your teacher: {say.strip()}"


def decided_reason(reason: str, decided: Decided) -> str:
    """Return the reason of an answer's points with what a person decided of it."""
    what = "decided" if decided.points else "accepted" if decided.accepted else "commented on"
    by = f" ({decided.by})" if decided.by else ""
    return f"{reason}; {what} by a person{by}" if reason else f"{what} by a person{by}"


def percent(share: float | None) -> str:
    """Return a share from 0 to 1 in per cent, a dash for none."""
    return NO_NUMBER if share is None else f"{number(100 * share)} %"


def changes_sentence(changes: ChangesReport) -> str:
    """Return how many students' points changed since an earlier run, and why."""
    if not changes.count:
        return f"No points have changed since {changes.since}"
    verb = "has" if changes.count == 1 else "have"
    why = ", ".join(f"{reason} ({count})" for reason, count in changes.reasons)
    return f"{plural(changes.count, 'student')} {verb} other points than in {changes.since}: {why}"


def heading(submission: SubmissionReport) -> str:
    """Return the student's name, or the id, or the file if neither is known."""
    return submission.name or submission.student or submission.file


def place(file: str, line: int | None, column: int | None) -> str:
    """Return ``file:line:column`` as far as it is known."""
    if line is None:
        return file
    return f"{file}:{line}" if column is None else f"{file}:{line}:{column}"


def joined(*parts: str) -> str:
    """Join what there is with a middle dot."""
    return " · ".join(part for part in parts if part)


def alarm_title(alarm: Alarm) -> str:
    """Return what an alarm is about."""
    agree = f"{alarm.agreeing} agree with the key" if alarm.agreeing else "nobody has the key's"
    if alarm.agreeing == 1:
        agree = "one agrees with the key"
    return (
        f"{alarm.question}, {alarm.answer}: {alarm.students} of {alarm.answered} who answered have "
        f"the same value, and {agree}."
    )


def alarm_change(alarm: Alarm) -> str:
    """Return which change of the sheet would make them right, in the words for the mistake."""
    return f"{ONE_CHANGE} {alarm.change}" if alarm.change else NO_CHANGE


def waiting_sentence(answers: int, students: int) -> str:
    """Return how many answers wait for a person, or nothing if none do."""
    if not answers:
        return ""
    verb = "waits" if answers == 1 else "wait"
    return f"{plural(answers, 'answer')} of {plural(students, 'student')} {verb} for a person"
