"""A batch of files: what travels to wherever it is graded, and what comes back.

:func:`grade_batch` is the same function in this process, in a pool of processes and on a cluster.
What is the same for all batches of a run, the :class:`Job`, is built into a grader once in each
process and known there by its content.
"""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from checker.classroom.groups import cut
from checker.decisions.decisions import Decision, Decisions
from checker.decisions.file import Source
from checker.decisions.usage import DecidedAnswer, decided_answers
from checker.folder.engine import GradesFiles, grader_for, unreadable
from checker.folder.finding import leads_out
from checker.folder.pickling import pickled, right
from checker.lms.downloads import Identified, Kind, Origin, identify, note_unsaid, student_of
from checker.report import AnswerReport, QuestionReport, RunReport, SubmissionReport
from checker.reports.answers_csv import answers_rows
from checker.reports.html import submission_html
from checker.reports.markdown import submission_markdown
from checker.reports.results_json import Fragment, fragment
from checker.reports.told_once import ToldOnce
from reference_solutions.assignment import Assignment, build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import Place, Problem

INTERNAL = "the checker itself failed on this file"
"""How the problem of a file begins that our own fault kept from being graded."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for all files of a run: the bytes of the assignment's file, and its name.

    ``rendered`` asks for the pages of each submission and an outline of its report; without it the
    whole report comes back. ``by_name`` takes the student from a file's name where the file says
    none. ``decisions`` are the files of a person's decisions. ``seed`` is the secret that each
    student's own numbers are drawn from, if they are.
    """

    assignment: bytes
    name: str
    reveal: bool = False
    rendered: bool = False
    by_name: bool = False
    decisions: tuple[Source, ...] = ()
    seed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """One file to grade, at its ``position`` among all.

    ``source`` is where it lies, below ``root``, or its bytes; with a ``problem`` there is nothing
    to read. ``name`` is what reports call it, and ``origin`` what its name says of who it is from.
    """

    position: int
    name: str
    source: Path | bytes
    origin: Origin
    root: Path | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """What is written of one submission, as UTF-8.

    Its page, the same in Markdown, its part of the results and its lines in the table of answers.
    """

    html: bytes
    markdown: bytes
    results: Fragment
    answers: bytes


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of one file.

    ``identified`` is its :class:`Identified` report, or the outline of it with ``pages``, pickled:
    it goes to disk as it is. ``student`` is whose it is, ``failure`` an internal error, for who can
    mend it, and ``decided`` what a person decided of its answers.
    """

    position: int
    name: str
    identified: bytes
    student: str
    kind: Kind
    agreed: bool | None
    pages: Pages | None = None
    failure: str = ""
    decided: tuple[DecidedAnswer, ...] = ()


def grade_batch(job: Job, files: Sequence[File]) -> list[Graded]:
    """Grade files, wherever this runs. Raises :class:`InputError` for an unusable assignment."""
    assignment, grader = _grader(job)
    # All are graded before the first is written: what each of the two needs stays at hand.
    graded = [_graded(job, assignment, grader, file) for file in files]
    return [
        _written(job, assignment, file, who, failure)
        for file, (who, failure) in zip(files, graded, strict=True)
    ]


def assignment_for(job: Job) -> Assignment:
    """Return the job's assignment. Raises :class:`InputError` if it is unusable."""
    return _grader(job)[0]


def decisions_for(job: Job) -> Decisions:
    """Return the job's decisions. Raises :class:`InputError` if they are unusable."""
    return _grader(job)[1].rulings.decisions


def forget() -> None:
    """Let go of the graders that this process keeps."""
    _built.cache_clear()


def lost(job: Job, file: File, failure: str) -> Graded:
    """Return what is said of a file at which the process that graded it died, twice."""
    problem = Problem(f"{INTERNAL} twice; it is not the student's fault", Place(file.name))
    assignment = assignment_for(job)
    who, _ = _graded(job, assignment, None, replace(file, problem=problem))
    return _written(job, assignment, file, who, failure)


def empty_run(assignment: Assignment, *, reveal: bool) -> RunReport:
    """Return the run over no submission to an assignment."""
    title, content = assignment.file.title, assignment.content_hash
    return RunReport(assignment.id, title, content, reveal, ())


def render(run: RunReport, report: SubmissionReport) -> Pages:
    """Return the pages of a submission; ``run`` says to which assignment."""
    told = ToldOnce(report)
    return Pages(
        submission_html(run, report, told).encode(),
        submission_markdown(run, report, told).encode(),
        fragment(report, told),
        answers_rows(report, told).encode(),
    )


def outline(report: SubmissionReport) -> SubmissionReport:
    """Return a report with what a class as a whole needs of it.

    That is all points and verdicts, what a person reads, and of answers that aren't right what was
    written and the mistakes.
    """
    questions = []
    for question in report.questions:
        answers = tuple([_outlined(answer) for answer in question.answers])
        # Whoever marks an answer is shown what was asked.
        prompt = question.prompt if any(a.for_person for a in question.answers) else ""
        questions.append(
            QuestionReport(
                question.id,
                question.title,
                question.points,
                question.max_points,
                question.pending,
                answers,
                prompt,
            )
        )
    return replace(report, questions=tuple(questions))


def _outlined(answer: AnswerReport) -> AnswerReport:
    if (
        answer.verdict == "correct"
        and answer.points is not None
        and not (answer.mistakes or answer.remark or answer.numbers or answer.decided)
    ):
        return right(answer.question, answer.answer, answer.points, answer.max_points)
    return AnswerReport(
        answer.question,
        answer.answer,
        answer.verdict,
        answer.points,
        answer.max_points,
        message="",
        written=_kept(answer),
        mistakes=answer.mistakes,
        remark=answer.remark,
        numbers=answer.numbers,
        decided=answer.decided,
    )


def _kept(answer: AnswerReport) -> str:
    if answer.for_person:
        return answer.written
    return "" if answer.verdict == "correct" else cut(answer.written)


def _grader(job: Job) -> tuple[Assignment, GradesFiles]:
    return _built(job.assignment, job.name, job.reveal, job.decisions, job.seed)


@lru_cache(maxsize=4)
def _built(
    data: bytes, name: str, reveal: bool, decisions: tuple[Source, ...], seed: bytes | None
) -> tuple[Assignment, GradesFiles]:
    assignment = build_assignment(parse_assignment_file(data, name))
    return assignment, grader_for(assignment, reveal=reveal, decisions=decisions, seed=seed)


def _graded(
    job: Job, assignment: Assignment, grader: GradesFiles | None, file: File
) -> tuple[Identified, str]:
    """Return the report of a file with whose it is, and the traceback of an internal error."""
    failure = ""
    note = note_unsaid(file.name, file.origin) if job.by_name else ""
    if file.problem is not None or grader is None:
        problem = file.problem or Problem(INTERNAL, Place(file.name))
        report = unreadable(file.name, problem, assignment)
    elif (
        file.root is not None
        and isinstance(file.source, Path)
        and leads_out(file.source, file.root)
    ):
        problem = Problem("this is a link that leads out of the folder", Place(file.name))
        report = unreadable(file.name, problem, assignment)
    else:
        report, failure = _read(job, grader, file, note, assignment)
    who = identify(report, file.origin, says_student=not note or note not in report.notes)
    if (owner := decisions_for(job).owners.get(file.name)) is not None:
        who = _owned(who, owner)
    return who, failure


def _written(job: Job, assignment: Assignment, file: File, who: Identified, failure: str) -> Graded:
    decided = decided_answers(who.report)
    pages = None
    if job.rendered:
        pages = render(empty_run(assignment, reveal=job.reveal), who.report)
        who = replace(who, report=outline(who.report))
    data = pickled(who)
    student = who.report.student
    return Graded(
        file.position, file.name, data, student, who.kind, who.agreed, pages, failure, decided
    )


def _owned(who: Identified, owner: Decision) -> Identified:
    """Return a report as that of the student whose a person says that it is."""
    student = owner.entry.student
    assert student is not None
    by = f" ({owner.entry.by})" if owner.entry.by else ""
    note = f"{who.report.file}: from `{student}`, as is decided by a person{by} at {owner.place}"
    report = replace(who.report, student=student, notes=(*who.report.notes, note))
    return Identified(report, who.kind, None)


def _read(
    job: Job, grader: GradesFiles, file: File, note: str, assignment: Assignment
) -> tuple[SubmissionReport, str]:
    student = student_of(file.origin) if job.by_name else None
    try:
        if isinstance(file.source, Path):
            return grader.grade_file(file.source, file.name, student, note), ""
        with tempfile.TemporaryDirectory(prefix="checker-") as folder:
            path = Path(folder) / "submission.yaml"
            path.write_bytes(file.source)
            return grader.grade_file(path, file.name, student, note), ""
    except Exception as error:  # one file's failure must not lose the others' grades
        problem = Problem(f"{INTERNAL}; it is not the student's fault", Place(file.name))
        failure = "".join(traceback.format_exception(error))
        return unreadable(file.name, problem, assignment), failure
