"""Marks by a person: the answers that wait for one, as a file to fill in, and back into reports.

The file holds each answer's text with its hash. So a later run knows whether an answer is still the
one that was marked, and what a person wrote stays in the file whatever becomes of the submission.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
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
        for position, mark in enumerate(marks.marks):
            if mark.given:
                self.by_answer.setdefault(mark.key, {}).setdefault(mark.hash, position)
                if mark.points is not None:
                    # The first with points: one that has a comment alone doesn't hide it.
                    kept = self.by_answer[mark.key][mark.hash]
                    if marks.marks[kept].points is None:
                        self.by_answer[mark.key][mark.hash] = position
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
            points = self.marks.marks[position].points
            said = f"{what}, {number(points)} points are not given" if points is not None else what
            where = self.marks.place(position)
            self.changes.append(f"{where}: the answer of {report.student} to {said}")


def _unused(run: RunReport, marks: Marks, seen: set[tuple[str, str, str]]) -> Iterator[str]:
    """Yield why marks could not be used that no answer was found for."""
    left = [n for n, mark in enumerate(marks.marks) if mark.given and mark.key not in seen]
    if not left:
        return
    wanted = {marks.marks[position].student for position in left}
    students = dict.fromkeys(s.student for s in run.submissions)
    reports = {s.student: s for s in run.submissions if s.student in wanted}
    for position in left:
        mark = marks.marks[position]
        report = reports.get(mark.student)
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
    """Return the answers that a person marks as YAML; nothing if there are none."""
    return "".join(queue_chunks(run, *kept, name=name))


def queue_chunks(run: RunReport, *kept: Marks, name: str = QUEUE) -> Iterator[str]:
    """Yield the answers that a person marks as YAML, answer by answer; nothing if there are none.

    Marks that were given stay, those of ``kept`` in turn: at their answers, or at the end where
    there is no such answer any more. So no work of a person is lost by writing the file again.
    """
    given: dict[tuple[object, ...], Mark] = {}
    for mark in (mark for marks in kept for mark in marks.marks if mark.given):
        known = given.get((mark.key, mark.hash))
        if known is None or (known.points is None and mark.points is not None):
            given[mark.key, mark.hash] = mark
    opening = _HEAD.format(name=name) + _dumped({"assignment": run.assignment}) + "marks:\n\n"
    for entry in _entries(run, given):
        yield opening + _dumped([entry])
        opening = "\n"


def _dumped(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1 << 20)


def _entries(
    run: RunReport, given: Mapping[tuple[object, ...], Mark]
) -> Iterator[dict[str, _Value]]:
    asked: set[tuple[object, ...]] = set()
    for submission in run.submissions:
        for answer in submission.answers:
            if answer.for_person:
                key = (submission.student, answer.question, answer.answer)
                found = (key, text_hash(answer.written))
                mark = given.get(found)
                if mark is not None:
                    asked.add(found)
                yield _entry(submission, answer, found[1], mark)
    yield from (_kept(mark) for key, mark in given.items() if key not in asked)


def queue_summary(run: RunReport) -> str:
    """Return ``3 answers of 2 students wait for a person``, or nothing."""
    answers, students = 0, set()
    for submission in run.submissions:
        waiting = sum(answer.points is None for answer in submission.answers)
        if waiting:
            answers += waiting
            students.add(submission.student)
    if not answers:
        return ""
    verb = "waits" if answers == 1 else "wait"
    return f"{plural(answers, 'answer')} of {plural(len(students), 'student')} {verb} for a person"


class _Text(str):
    """Text that is written as a block, as a person reads it."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes what our own reader reads: no word that it takes for something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: _Dumper, value: _Text) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style="|")


def _represent_str(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = None if _PLAIN.fullmatch(value) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _represent_none(dumper: _Dumper, _: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


_Dumper.add_representer(_Text, _represent_text)
_Dumper.add_representer(str, _represent_str)
_Dumper.add_representer(type(None), _represent_none)

_Value = str | float | None


def _entry(
    submission: SubmissionReport, answer: AnswerReport, found: str, mark: Mark | None
) -> dict[str, _Value]:
    return _fields(
        (submission.student, submission.name or None, answer.question, answer.answer),
        answer.written,
        answer.max_points,
        found,
        mark.points if mark is not None else None,
        mark.comment if mark is not None else None,
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
