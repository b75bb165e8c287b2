"""The frozen report: everything that an output format may show, and nothing else.

Grading builds one :class:`RunReport`; every format is a function of it (or of one
:class:`SubmissionReport`). The right value of an answer enters a report only when the teacher asks
for it (``expected``), so that no format can leak what it was never given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal[
    "correct",
    "follow_through",
    "imprecise",
    "mistake",
    "partial",
    "wrong",
    "missing",
    "invalid",
    "ungraded",
]
Status = Literal["graded", "needs_review", "unreadable"]
Certainty = Literal["likely", "possible"]


@dataclass(frozen=True, slots=True)
class MistakeReport:
    """One mistake that explains an answer.

    ``id`` is what ``checker explain`` takes. ``where`` names the quantity of the sheet (``l[t]``).
    ``message`` is a tutor's sentence in plain text. ``right`` and ``used`` are LaTeX: the formula
    as the sheet means it and as the student seems to have computed it (either may be empty).
    ``signals`` say what the deltas in them stand for: an equation, and of what it is the error at
    the pre-activation, if it is.
    ``charged`` says whether it costs points at this answer (a mistake made again is not charged
    again).
    ``alternatives`` are messages of explanations that the numbers can't tell from this one, and
    ``alternative_ids`` their ids, in the same order.
    ``one_number`` says that it is a slip in a single number, whose other digits are right.
    """

    id: str
    where: str
    certainty: Certainty
    message: str
    right: str = ""
    used: str = ""
    charged: bool = True
    alternatives: tuple[str, ...] = ()
    alternative_ids: tuple[str, ...] = ()
    signals: tuple[tuple[str, str], ...] = ()
    one_number: bool = False


@dataclass(frozen=True, slots=True)
class EntryReport:
    """One entry of an answer: its 0-based index (``()`` for a scalar), its text, and its judgement.

    ``right`` is ``None`` where the entry was not compared. ``off`` says how far a wrong entry is
    from the right value without giving it away, for example ``"several times too small"``.
    ``value`` is the number that was read from the text.
    """

    index: tuple[int, ...]
    text: str
    right: bool | None
    off: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an answer comes to, flat, and within what each number agrees with another student's.

    A formula has a number at every sampled point. ``within`` is half a unit in the last place that
    was written, with what rounding on the way may add.
    """

    values: tuple[float, ...]
    within: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided of an answer: its points, the words said of it, that it is right.

    ``by`` is who, if that is said. ``decisions`` are the numbers of those that hold, from 0,
    ``overruled`` of wider ones, and ``against`` pairs of equally wide ones that contradict each
    other.
    """

    points: bool
    words: bool
    accepted: bool
    by: str
    decisions: tuple[int, ...]
    overruled: tuple[int, ...] = ()
    against: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """One answer. ``points`` is ``None`` while a person has still to mark it.

    ``shape`` is the shape of ``entries`` in row-major order (``()`` for a scalar); ``entries`` is
    empty for text, missing and unreadable answers, where ``written`` holds the raw text if any.
    ``asked`` is the LaTeX of the quantity asked for. ``reason`` explains the points in a sentence.
    ``expected`` is the right value as text, only if revealed, and ``expected_latex`` the same of a
    formula. ``line`` and ``column`` are 1-based. ``remark`` says what was read otherwise than it
    stands in the file. ``numbers`` are there of a computed answer that isn't the right one.
    ``decided`` is what a person decided of it, if anything. ``from_rounded`` says that it is right
    as it follows from values before it that have too few digits.
    """

    question: str
    answer: str
    verdict: Verdict
    points: float | None
    max_points: float
    message: str
    reason: str = ""
    asked: str = ""
    shape: tuple[int, ...] = ()
    entries: tuple[EntryReport, ...] = ()
    written: str = ""
    mistakes: tuple[MistakeReport, ...] = ()
    expected: str | None = None
    line: int | None = None
    column: int | None = None
    expected_latex: str = ""
    remark: str = ""
    numbers: Numbers | None = None
    decided: Decided | None = None
    from_rounded: bool = False

    @property
    def for_person(self) -> bool:
        """Whether a person marks it, or has marked it, by itself."""
        if self.decided is not None and self.decided.points:
            return False
        return self.verdict == "ungraded" or self.points is None


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One question with its answers in order. ``points`` leaves out pending answers.

    ``prompt`` is what the sheet says above them.
    """

    id: str
    title: str
    points: float
    max_points: float
    pending: float
    answers: tuple[AnswerReport, ...]
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionReport:
    """One submission. ``score`` is ``None`` when the file could not be read.

    ``pending`` is the number of points that wait for a person. ``problems`` are the reasons why the
    file can't be read (status ``unreadable``) or remarks on it (unknown keys), each one line of
    text with its place. ``file`` is relative to the graded folder, with forward slashes. ``notes``
    are for the teacher alone: they may name other students, and no student's report shows them.
    ``content_hash`` is ``sha256:…`` of the file's bytes, empty where these could not be had.
    """

    student: str
    name: str
    file: str
    status: Status
    score: float | None
    max_score: float
    pending: float
    problems: tuple[str, ...] = ()
    questions: tuple[QuestionReport, ...] = ()
    notes: tuple[str, ...] = ()
    content_hash: str = ""

    @property
    def answers(self) -> tuple[AnswerReport, ...]:
        """All answers in the assignment's order."""
        return tuple(answer for question in self.questions for answer in question.answers)


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """A decision: where and what it is, and of how many answers (or files) it held.

    ``overruled`` is of how many of these answers a narrower one was stronger.
    """

    file: str
    line: int | None
    text: str
    answers: int
    overruled: int = 0


@dataclass(frozen=True, slots=True)
class MarkerReport:
    """One of several markers: how many answers they marked, and of how many, if that is known.

    ``share`` is the mean part of the points that they gave, from 0 to 1; None before any.
    """

    name: str
    marked: int
    assigned: int | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class StudentChange:
    """A student whose points changed since an earlier run, and why; None for no points."""

    student: str
    file: str
    before: float | None
    after: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangesReport:
    """Whose points changed since an earlier run, whose results are the file ``since``.

    ``count`` is how many students, of whom ``students`` are the first ones, and ``reasons`` says
    for how many of them each reason holds.
    """

    since: str
    count: int
    students: tuple[StudentChange, ...]
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run over a folder. ``content_hash`` is ``sha256:…`` of the assignment file's bytes.

    ``version`` is the checker's, ``decisions`` are a person's, ``markers`` those who marked, and
    ``changes`` are there where the run is compared with an earlier one. The submissions of a large
    class lie on disk, and are read one after another.
    """

    assignment: str
    title: str
    content_hash: str
    revealed: bool
    submissions: Sequence[SubmissionReport]
    version: str = ""
    decisions: tuple[DecisionReport, ...] = ()
    markers: tuple[MarkerReport, ...] = ()
    changes: ChangesReport | None = None
