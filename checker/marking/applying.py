"""Marks on their way into the reports of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.marking.marks import Given, Marks, text_hash
from checker.report import AnswerReport, QuestionReport, RunReport, SubmissionReport
from checker.reports.wording import number
from submissions_schema.problems import InputError, Problem
from submissions_schema.validation import did_you_mean

REASON = "marked by a person"

_ROUNDING = 1e-6
_WAITS = "Your teacher marks this answer."


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """A run with a person's marks, and what could not be used of them, each with its place."""

    run: RunReport
    used: int
    remarks: tuple[str, ...]


def with_marks(run: RunReport, marks: Marks) -> MarkedRun:
    """Return the run with marks in the answers that wait for a person.

    A mark is used if the answer's text is the one that was marked. Points out of range are an
    :class:`InputError`; marks for nobody and for changed answers are remarks.
    """
    marking = Marking(run, marks)
    submissions = tuple(map(marking.submission, run.submissions))
    return MarkedRun(replace(run, submissions=submissions), len(marking.used), marking.remarks(run))


class Marking:
    """Marks on their way into the reports of a run, one report after another.

    ``used`` are the positions of the marks that were used so far.
    """

    def __init__(self, run: RunReport, marks: Marks) -> None:
        self.marks = marks
        self.by_answer: dict[tuple[str, str, str], dict[str, int]] = {}
        for position, given in enumerate(marks.given):
            mark = given.mark
            if mark.given:
                known = self.by_answer.setdefault(mark.key, {})
                kept = known.setdefault(mark.hash, position)
                if _says_more(given, marks.given[kept]):
                    known[mark.hash] = position
        self.present = {
            (*key, text_hash(answer.written))
            for submission in run.submissions
            for answer in submission.answers
            if answer.for_person
            and (key := (submission.student, answer.question, answer.answer)) in self.by_answer
        }
        self.seen: set[tuple[str, str, str]] = set()
        self.used: set[int] = set()
        self.problems: list[Problem] = []
        self.changes: list[str] = []

    def remarks(self, run: RunReport) -> tuple[str, ...]:
        """Return what could not be used, once all reports of the run were gone through.

        Raises :class:`InputError` for points out of range.
        """
        if self.problems:
            raise InputError(self.problems)
        return (*self.changes, *_unused(run, self.marks, self.seen))

    def submission(self, report: SubmissionReport) -> SubmissionReport:
        """Return a report with its marks."""
        if report.status == "unreadable":
            return report
        remarks: list[str] = []
        questions = tuple(
            self._question(question, report, remarks) for question in report.questions
        )
        if questions == report.questions and not remarks:
            return report
        answers = [answer for question in questions for answer in question.answers]
        return replace(
            report,
            questions=questions,
            status="needs_review" if any(a.points is None for a in answers) else "graded",
            score=round(sum(a.points or 0.0 for a in answers), 6),
            pending=round(sum(question.pending for question in questions), 6),
            problems=(*report.problems, *remarks),
        )

    def _question(
        self, question: QuestionReport, report: SubmissionReport, remarks: list[str]
    ) -> QuestionReport:
        answers = tuple(self._answer(answer, report, remarks) for answer in question.answers)
        if answers == question.answers:
            return question
        return replace(
            question,
            answers=answers,
            points=round(sum(a.points or 0.0 for a in answers), 6),
            pending=round(sum(a.max_points for a in answers if a.points is None), 5),
        )

    def _answer(
        self, answer: AnswerReport, report: SubmissionReport, remarks: list[str]
    ) -> AnswerReport:
        key = (report.student, answer.question, answer.answer)
        found = self.by_answer.get(key)
        if not answer.for_person or found is None:
            return answer
        self.seen.add(key)
        position = found.get(text_hash(answer.written))
        if position is None:
            # The mark may be for another file of this student.
            gone = {known: at for known, at in found.items() if (*key, known) not in self.present}
            if gone:
                self._changed(answer, report, gone, remarks)
            return answer
        mark = self.marks.given[position].mark
        if mark.points is None:
            return answer
        if mark.points > answer.max_points + _ROUNDING:
            place = self.marks.given[position].place("points")
            what = f"too many points for `{answer.question}` `{answer.answer}`"
            most = f"at most {number(answer.max_points)}"
            self.problems.append(Problem(what, place, most, number(mark.points)))
            return answer
        self.used.add(position)
        message = (mark.comment or "").strip() or answer.message.replace(_WAITS, "").strip()
        points = round(min(mark.points, answer.max_points), 6)
        return replace(answer, verdict="ungraded", points=points, reason=REASON, message=message)

    def _changed(
        self,
        answer: AnswerReport,
        report: SubmissionReport,
        found: dict[str, int],
        remarks: list[str],
    ) -> None:
        place = f"{report.file}:{answer.line}:{answer.column}" if answer.line else report.file
        what = f"`{answer.question}` `{answer.answer}` has changed since it was marked"
        remarks.append(f"{place}: {what}; it waits for a person again")
        for position in found.values():
            points = self.marks.given[position].mark.points
            said = f"{what}, {number(points)} points are not given" if points is not None else what
            where = self.marks.given[position].place()
            self.changes.append(f"{where}: the answer of {report.student} to {said}")


def _says_more(one: Given, other: Given) -> bool:
    """Whether a mark has points, or a comment with them, that another of the same answer lacks."""
    mark, known = one.mark, other.mark
    if known.points is None:
        return mark.points is not None
    return mark.points is not None and bool(mark.comment) and not known.comment


def _unused(run: RunReport, marks: Marks, seen: set[tuple[str, str, str]]) -> Iterator[str]:
    """Yield why marks could not be used that no answer was found for."""
    left = [given for given in marks.given if given.mark.given and given.mark.key not in seen]
    if not left:
        return
    wanted = {given.mark.student for given in left}
    students = dict.fromkeys(s.student for s in run.submissions)
    reports = {s.student: s for s in run.submissions if s.student in wanted}
    for given in left:
        student = given.mark.student
        report = reports.get(student)
        if report is None:
            hint = did_you_mean(student, students)
            yield f"{given.place('student')}: no submission is from `{student}`{hint}"
        elif report.status == "unreadable":
            yield f"{given.place()}: the file of `{student}` can't be read now"
        else:
            yield _where_unknown(given, report)


def _where_unknown(given: Given, report: SubmissionReport) -> str:
    mark = given.mark
    questions = {question.id: question for question in report.questions}
    question = questions.get(mark.question)
    if question is None:
        hint = did_you_mean(mark.question, questions)
        return f"{given.place('question')}: there is no question `{mark.question}`{hint}"
    answers = {answer.answer: answer for answer in question.answers}
    place = given.place("answer")
    if mark.answer not in answers:
        hint = did_you_mean(mark.answer, answers)
        return f"{place}: `{mark.question}` has no answer `{mark.answer}`{hint}"
    answer = answers[mark.answer]
    stands = "decided otherwise" if answer.decided is not None else answer.verdict
    return (
        f"{place}: `{mark.answer}` of `{mark.student}` is not for a person to mark: it is {stands}"
    )
