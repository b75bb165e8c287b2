"""Marks by a person: the answers that wait for one, as a file to fill in, and back into reports.

The file holds each answer's text with its hash. So a later run knows whether an answer is still the
one that was marked, and what a person wrote stays in the file whatever becomes of the submission.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, Field

from checker.report import AnswerReport, QuestionReport, RunReport, SubmissionReport
from checker.reports.wording import number, plural
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.validation import (
    Found,
    StrictModel,
    describe,
    did_you_mean,
    problem_error,
    validate,
)
from submissions_schema.yaml_reader import Document, Limits, parse_document, read_bytes

MARKS_LIMITS = Limits(bytes=64 << 20, nodes=2_000_000)
QUEUE = "ungraded.yaml"
REASON = "marked by a person"

_HEAD = """\
# Answers for a person to mark. Fill in `points:`, and `comment:` for the student if you like, then:
#     checker grade FOLDER --marks {name}
# Each hash belongs to the text above it: a mark is used only for the text that was marked.
"""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_ROUNDING = 1e-6
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_WAITS = "Your teacher marks this answer."


def _is_hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        message = "this is no hash of an answer's text"
        expected = "the hash that `checker grade` wrote"
        raise problem_error(Found(message, expected=expected, got=describe(text)))
    return text


class Mark(StrictModel):
    """One answer that a person marks."""

    student: Annotated[str, Field(min_length=1)]
    name: str | None = None
    question: Annotated[str, Field(min_length=1)]
    answer: Annotated[str, Field(min_length=1)]
    text: str | None = None
    max_points: float | None = None
    hash: Annotated[str, AfterValidator(_is_hash)]
    points: Annotated[float | None, Field(ge=0)] = None
    comment: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What the mark is for, whatever stood there."""
        return self.student, self.question, self.answer

    @property
    def given(self) -> bool:
        """Whether a person wrote something."""
        return self.points is not None or bool(self.comment)


class MarksFile(StrictModel):
    """A file of marks."""

    assignment: str
    marks: list[Mark] | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a file, and the document that says where each stands."""

    assignment: str
    marks: tuple[Mark, ...]
    document: Document

    def place(self, position: int, *path: str) -> Place:
        """Return the place of a mark, or of a part of it."""
        return self.document.place(("marks", position, *path))


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """A run with a person's marks, and what could not be used of them, each with its place."""

    run: RunReport
    used: int
    remarks: tuple[str, ...]


def text_hash(text: str) -> str:
    """Return the hash of an answer's text."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# --- reading ----------------------------------------------------------------------------------


def load_marks(path: Path, *, assignment: str | None = None) -> Marks:
    """Read a file of marks, for an assignment. Raises :class:`InputError` with every problem."""
    return parse_marks(read_bytes(path, limits=MARKS_LIMITS), str(path), assignment=assignment)


def parse_marks(data: bytes | str, name: str, *, assignment: str | None = None) -> Marks:
    """Read marks from bytes or text; ``name`` is what places call the file."""
    document = parse_document(data, name, MARKS_LIMITS)
    file = validate(MarksFile, document)
    problems = []
    if assignment is not None and file.assignment != assignment:
        place = document.place(("assignment",))
        message = "these marks are for another assignment"
        problems.append(Problem(message, place, f"`{assignment}`", f"`{file.assignment}`"))
    marks = Marks(file.assignment, tuple(file.marks or ()), document)
    problems += _contradictions(marks)
    if problems:
        raise InputError(problems)
    return marks


def _contradictions(marks: Marks) -> Iterator[Problem]:
    first: dict[tuple[object, ...], int] = {}
    for position, mark in enumerate(marks.marks):
        if mark.points is None:
            continue
        other = first.setdefault((mark.key, mark.hash), position)
        if marks.marks[other].points != mark.points:
            line = marks.place(other).line
            yield Problem(
                f"this answer of {mark.student} is marked differently on line {line}",
                marks.place(position, "points"),
                number(marks.marks[other].points),
                number(mark.points),
            )


# --- into the reports -------------------------------------------------------------------------


def with_marks(run: RunReport, marks: Marks) -> MarkedRun:
    """Return the run with marks in the answers that wait for a person.

    A mark is used if the answer's text is the one that was marked. Points out of range are an
    :class:`InputError`; marks for nobody and for changed answers are remarks.
    """
    by_answer: dict[tuple[str, str, str], dict[str, int]] = {}
    for position, mark in enumerate(marks.marks):
        if mark.given:
            by_answer.setdefault(mark.key, {}).setdefault(mark.hash, position)
            if mark.points is not None:
                # The first with points: one that has a comment alone doesn't hide it.
                kept = by_answer[mark.key][mark.hash]
                if marks.marks[kept].points is None:
                    by_answer[mark.key][mark.hash] = position
    present = {
        (submission.student, answer.question, answer.answer, text_hash(answer.written))
        for submission in run.submissions
        for answer in submission.answers
        if answer.verdict == "ungraded"
    }
    applied = _Applied(marks, by_answer, present)
    submissions = tuple(map(applied.submission, run.submissions))
    remarks = [*applied.remarks, *_unused(run, marks, applied.seen)]
    if applied.problems:
        raise InputError(applied.problems)
    return MarkedRun(replace(run, submissions=submissions), len(applied.used), tuple(remarks))


class _Applied:
    """Marks on their way into reports."""

    def __init__(
        self,
        marks: Marks,
        by_answer: dict[tuple[str, str, str], dict[str, int]],
        present: set[tuple[str, str, str, str]],
    ) -> None:
        self.marks = marks
        self.present = present
        self.by_answer = by_answer
        self.seen: set[tuple[str, str, str]] = set()
        self.used: set[int] = set()
        self.problems: list[Problem] = []
        self.remarks: list[str] = []

    def submission(self, report: SubmissionReport) -> SubmissionReport:
        if report.status == "unreadable":
            return report
        remarks: list[str] = []
        questions = tuple(self.question(question, report, remarks) for question in report.questions)
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

    def question(
        self, question: QuestionReport, report: SubmissionReport, remarks: list[str]
    ) -> QuestionReport:
        answers = tuple(self.answer(answer, report, remarks) for answer in question.answers)
        if answers == question.answers:
            return question
        return replace(
            question,
            answers=answers,
            points=round(sum(a.points or 0.0 for a in answers), 6),
            pending=round(sum(a.max_points for a in answers if a.points is None), 5),
        )

    def answer(
        self, answer: AnswerReport, report: SubmissionReport, remarks: list[str]
    ) -> AnswerReport:
        key = (report.student, answer.question, answer.answer)
        found = self.by_answer.get(key)
        if answer.verdict != "ungraded" or found is None:
            return answer
        self.seen.add(key)
        position = found.get(text_hash(answer.written))
        if position is None:
            # The mark may be for another file of this student.
            gone = {known: at for known, at in found.items() if (*key, known) not in self.present}
            if gone:
                self.changed(answer, report, gone, remarks)
            return answer
        mark = self.marks.marks[position]
        if mark.points is None:
            return answer
        if mark.points > answer.max_points + _ROUNDING:
            place = self.marks.place(position, "points")
            what = f"too many points for `{answer.question}` `{answer.answer}`"
            most = f"at most {number(answer.max_points)}"
            self.problems.append(Problem(what, place, most, number(mark.points)))
            return answer
        self.used.add(position)
        message = (mark.comment or "").strip() or answer.message.replace(_WAITS, "").strip()
        points = round(min(mark.points, answer.max_points), 6)
        return replace(answer, points=points, reason=REASON, message=message)

    def changed(
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
            points = self.marks.marks[position].points
            said = f"{what}, {number(points)} points are not given" if points is not None else what
            where = self.marks.place(position)
            self.remarks.append(f"{where}: the answer of {report.student} to {said}")


def _unused(run: RunReport, marks: Marks, seen: set[tuple[str, str, str]]) -> Iterator[str]:
    """Yield why marks could not be used that no answer was found for."""
    students = {s.student: s for s in run.submissions}
    for position, mark in enumerate(marks.marks):
        if not mark.given or mark.key in seen:
            continue
        report = students.get(mark.student)
        if report is None:
            place = marks.place(position, "student")
            hint = did_you_mean(mark.student, students)
            yield f"{place}: no submission is from `{mark.student}`{hint}"
        elif report.status == "unreadable":
            yield f"{marks.place(position)}: the file of `{mark.student}` can't be read now"
        else:
            yield f"{_where_unknown(marks, position, mark, report)}"


def _where_unknown(marks: Marks, position: int, mark: Mark, report: SubmissionReport) -> str:
    questions = {question.id: question for question in report.questions}
    question = questions.get(mark.question)
    if question is None:
        hint = did_you_mean(mark.question, questions)
        place = marks.place(position, "question")
        return f"{place}: there is no question `{mark.question}`{hint}"
    answers = {answer.answer: answer for answer in question.answers}
    place = marks.place(position, "answer")
    if mark.answer not in answers:
        hint = did_you_mean(mark.answer, answers)
        return f"{place}: `{mark.question}` has no answer `{mark.answer}`{hint}"
    verdict = answers[mark.answer].verdict
    return (
        f"{place}: `{mark.answer}` of `{mark.student}` is not for a person to mark: it is {verdict}"
    )


# --- the queue --------------------------------------------------------------------------------


def queue_yaml(run: RunReport, *kept: Marks, name: str = QUEUE) -> str:
    """Return the answers that a person marks as YAML; nothing if there are none.

    Marks that were given stay, those of ``kept`` in turn: at their answers, or at the end where
    there is no such answer any more. So no work of a person is lost by writing the file again.
    """
    given: dict[tuple[object, ...], Mark] = {}
    for mark in (mark for marks in kept for mark in marks.marks if mark.given):
        known = given.get((mark.key, mark.hash))
        if known is None or (known.points is None and mark.points is not None):
            given[mark.key, mark.hash] = mark
    entries = [
        _entry(submission, answer, given)
        for submission in run.submissions
        for answer in submission.answers
        if answer.verdict == "ungraded"
    ]
    asked = {
        ((submission.student, answer.question, answer.answer), text_hash(answer.written))
        for submission in run.submissions
        for answer in submission.answers
        if answer.verdict == "ungraded"
    }
    entries += [_kept(mark) for key, mark in given.items() if key not in asked]
    if not entries:
        return ""
    body = yaml.dump(
        {"assignment": run.assignment, "marks": entries},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=1 << 20,
    )
    return _HEAD.format(name=name) + body.replace("\n- student:", "\n\n- student:")


def queue_summary(run: RunReport) -> str:
    """Return ``3 answers of 2 students wait for a person``, or nothing."""
    waiting = [
        submission.student
        for submission in run.submissions
        for answer in submission.answers
        if answer.points is None
    ]
    if not waiting:
        return ""
    verb = "waits" if len(waiting) == 1 else "wait"
    students = plural(len(set(waiting)), "student")
    return f"{plural(len(waiting), 'answer')} of {students} {verb} for a person"


class _Text(str):
    """Text that is written as a block, as a person reads it."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes what our own reader reads: no word that it takes for something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, value: _Text) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style="|")


def _represent_str(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if _PLAIN.fullmatch(value) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _represent_none(dumper: yaml.SafeDumper, _: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


_Dumper.add_representer(_Text, _represent_text)
_Dumper.add_representer(str, _represent_str)
_Dumper.add_representer(type(None), _represent_none)

_Value = str | float | None


def _entry(
    submission: SubmissionReport, answer: AnswerReport, given: dict[tuple[object, ...], Mark]
) -> dict[str, _Value]:
    key = (submission.student, answer.question, answer.answer)
    found = text_hash(answer.written)
    mark = given.get((key, found))
    points = mark.points if mark is not None else None
    comment = mark.comment if mark is not None else None
    return _fields(
        (submission.student, submission.name or None, *key[1:]),
        answer.written,
        answer.max_points,
        found,
        points,
        comment,
    )


def _kept(mark: Mark) -> dict[str, _Value]:
    who = (mark.student, mark.name, mark.question, mark.answer)
    return _fields(who, mark.text or "", mark.max_points, mark.hash, mark.points, mark.comment)


def _fields(  # noqa: PLR0913, PLR0917 - one argument for each field
    who: tuple[str, str | None, str, str],
    text: str,
    max_points: float | None,
    found: str,
    points: float | None,
    comment: str | None,
) -> dict[str, _Value]:
    student, name, question, answer = who
    named: Iterable[tuple[str, _Value]] = (("name", name),) if name else ()
    return {
        "student": student,
        **dict(named),
        "question": question,
        "answer": answer,
        "text": _Text(text),
        "hash": found,
        "max_points": _shown(max_points),
        "points": _shown(points),
        "comment": comment,
    }


def _shown(value: float | None) -> _Value:
    return int(value) if value is not None and value == int(value) else value
