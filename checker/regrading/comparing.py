"""Whose points changed since an earlier run, from what to what and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checker.regrading.earlier import Earlier, EarlierAnswer, EarlierSubmission
from checker.report import (
    AnswerReport,
    ChangesReport,
    DecisionReport,
    RunReport,
    StudentChange,
    SubmissionReport,
)

LISTED = 200
"""So many students whose points changed are told of; the table has all."""

DECISION = "decision"
MARK = "mark"
OTHER_DECISION = "decision on another answer"
FILE = "changed file"
ASSIGNMENT = "changed assignment"
VERSION = "other checker version"
NEW = "new file"
GONE = "file is gone"
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer whose points changed; points are None where there were, or are, none yet."""

    student: str
    name: str
    file: str
    question: str
    answer: str
    before: float | None
    after: float | None
    max_points: float | None
    reasons: tuple[str, ...]


class Comparison:
    """A run beside an earlier one, submission after submission.

    :meth:`changes` has to be gone through before :meth:`report` can say what came out.
    """

    def __init__(self, run: RunReport, earlier: Earlier) -> None:
        self._run = run
        self._earlier = earlier
        self._count = 0
        self._listed: list[StudentChange] = []
        self._reasons: Counter[str] = Counter()
        before = earlier.run
        self._everywhere: list[str] = []
        if before.content_hash != run.content_hash:
            self._everywhere.append(ASSIGNMENT)
        if before.version and before.version != run.version:
            self._everywhere.append(VERSION)

    def changes(self) -> Iterator[AnswerChange]:
        """Yield every answer whose points changed, and files that are new or gone."""
        for submission in self._run.submissions:
            before = self._earlier.of(submission.file, submission.student)
            changes = list(self._of_submission(before, submission))
            self._count_in(before, submission, changes)
            yield from changes
        for gone in self._earlier.others():
            self._add(StudentChange(gone.student, gone.file, gone.score, None, (GONE,)))
            yield AnswerChange(
                gone.student, gone.name, gone.file, "", "", gone.score, None, None, (GONE,)
            )

    def report(self) -> ChangesReport:
        """Return what changed, as reports say it."""
        reasons = tuple(self._reasons.most_common())
        return ChangesReport(str(self._earlier.run.path), self._count, tuple(self._listed), reasons)

    def _of_submission(
        self, before: EarlierSubmission | None, after: SubmissionReport
    ) -> Iterator[AnswerChange]:
        who = after.student, after.name, after.file
        if before is None:
            yield AnswerChange(*who, "", "", None, after.score, after.max_score, (NEW,))
            return
        answers = {(answer.question, answer.answer): answer for answer in after.answers}
        around = self._around(before, after, answers)
        if not (before.answers and answers):
            # One of the two could not be read.
            if before.score != after.score:
                yield AnswerChange(*who, "", "", before.score, after.score, after.max_score, around)
            return
        for key in dict.fromkeys((*answers, *before.answers)):
            known, now = before.answers.get(key), answers.get(key)
            points = None if known is None else known.points
            new_points = None if now is None else now.points
            if points != new_points:
                own = _own_reason(known, now, self._run.decisions)
                most = None if now is None else now.max_points
                yield AnswerChange(*who, *key, points, new_points, most, own or around)

    def _around(
        self,
        before: EarlierSubmission,
        after: SubmissionReport,
        answers: dict[tuple[str, str], AnswerReport],
    ) -> tuple[str, ...]:
        """Return what may have changed any answer of a submission."""
        reasons = list(self._everywhere)
        if before.content_hash and before.content_hash != after.content_hash:
            reasons.insert(0, FILE)
        decided = any(
            _decisions(answer, self._run.decisions)
            != (known.decisions if (known := before.answers.get(key)) else ())
            for key, answer in answers.items()
        )
        return tuple(reasons + [OTHER_DECISION] * decided) or (UNKNOWN,)

    def _count_in(
        self,
        before: EarlierSubmission | None,
        after: SubmissionReport,
        changes: list[AnswerChange],
    ) -> None:
        if changes:
            reasons = tuple(dict.fromkeys(r for change in changes for r in change.reasons))
            score = None if before is None else before.score
            self._add(StudentChange(after.student, after.file, score, after.score, reasons))

    def _add(self, change: StudentChange) -> None:
        self._count += 1
        self._reasons.update(change.reasons)
        if len(self._listed) < LISTED:
            self._listed.append(change)


def _own_reason(
    before: EarlierAnswer | None, after: AnswerReport | None, decisions: tuple[DecisionReport, ...]
) -> tuple[str, ...]:
    """Return why the points of this answer alone changed, if that is known."""
    known = before.decisions if before is not None else ()
    if known != (() if after is None else _decisions(after, decisions)):
        return (DECISION,)
    verdicts = {
        None if before is None else before.verdict,
        None if after is None else after.verdict,
    }
    return (MARK,) if verdicts == {"ungraded"} else ()


def _decisions(answer: AnswerReport, decisions: tuple[DecisionReport, ...]) -> tuple[str, ...]:
    if answer.decided is None:
        return ()
    return tuple(decisions[n].text for n in answer.decided.decisions)
