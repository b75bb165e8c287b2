"""A run over many files: from what was found to the reports of a class."""

from __future__ import annotations

import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from checker.decisions.file import LIMITS as DECISIONS
from checker.decisions.usage import Usage
from checker.folder.batches import (
    File,
    Job,
    Pages,
    assignment_for,
    decisions_for,
    empty_run,
    outline,
    render,
)
from checker.folder.collecting import Collected
from checker.folder.executors import Workers, graded_by, here
from checker.folder.finding import decisions_beside, leads_out, name_of
from checker.folder.neighbours import neighbours
from checker.folder.notes import class_notes
from checker.folder.store import Alike, Store
from checker.lms.downloads import Identified, Origins
from checker.marking.marks import Marks
from checker.report import RunReport, SubmissionReport
from checker.reports.results_json import Fragment
from checker.texts import repeated
from checker.version import installed_version
from reference_solutions.seeds import read_seed
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.yaml_reader import DEFAULT, read_bytes


@dataclass(frozen=True, slots=True)
class GradedFolder:
    """Graded files; ``failures`` are internal errors by file, for who can mend them."""

    run: RunReport
    failures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GradedClass:
    """A graded class, of which only what all of it is needed for is in memory.

    ``students`` are whose each submission is, ``fragments`` yields the parts of ``results.json``,
    ``answers`` the lines of ``answers.csv``, and ``pages`` says where the page of the submission at
    a position lies, and the same in Markdown.
    """

    run: RunReport
    students: Sequence[str]
    failures: Mapping[str, str]
    fragments: Callable[[], Iterator[Fragment]]
    answers: Callable[[], Iterator[bytes]]
    pages: Callable[[int], tuple[Path, Path]]
    used: int = 0
    """How many marks by a person were used."""
    remarks: tuple[str, ...] = field(default=())
    """What of the decisions and the marks could not be used, and why."""


def read_job(
    assignment: Path,
    *,
    reveal: bool = False,
    rendered: bool = False,
    by_name: bool = False,
    decisions: Sequence[Path] = (),
) -> Job:
    """Return the job of grading with the assignment in a file.

    The decisions are those in the files, after those that stand beside the assignment. Raises
    :class:`InputError`.
    """
    data = read_bytes(assignment)
    beside = [path for path in decisions_beside(assignment, data) if not _among(path, decisions)]
    sources = tuple(
        (str(path), read_bytes(path, limits=DECISIONS)) for path in (*beside, *decisions)
    )
    return Job(data, str(assignment), reveal, rendered, by_name, sources, _seed(data, assignment))


def _seed(data: bytes, assignment: Path) -> bytes | None:
    """Return what the students' own numbers are drawn from, if they are."""
    if b"draw" not in data:
        return None
    file = parse_assignment_file(data, str(assignment)).file
    return read_seed(file.seed, assignment) if file.draws else None


def _among(path: Path, others: Sequence[Path]) -> bool:
    return any(os.path.realpath(path) == os.path.realpath(other) for other in others)


def grade_paths(
    assignment_path: Path, paths: Sequence[Path], root: Path, *, reveal: bool = False
) -> GradedFolder:
    """Grade a few files here, in the order given, and keep their whole reports in memory.

    Raises :class:`InputError` for an unusable assignment.
    """
    job = read_job(assignment_path, reveal=reveal)
    names = [name_of(path, root) for path in paths]
    known = Origins(names)
    files = [
        File(n, name, path, known[name], root)
        for n, (name, path) in enumerate(zip(names, paths, strict=True))
    ]
    assignment = assignment_for(job)
    with here(job) as workers:
        graded = list(graded_by(workers, job, files, len(files)))
    found: list[Identified] = [pickle.loads(item.identified) for item in graded]
    agreed = Counter((item.kind, item.agreed) for item in graded)
    notes = class_notes(found, agreed, repeated(item.student for item in graded))
    run = empty_run(assignment, reveal=reveal)
    return GradedFolder(
        replace(run, submissions=tuple(map(notes.added_to, found))),
        {item.name: item.failure for item in graded if item.failure},
    )


def grade_class(  # noqa: PLR0913 - what, of whom, where, and with which marks
    job: Job,
    found: Collected,
    workers: Workers,
    store: Store,
    progress: Callable[[], None] | None = None,
    *,
    sent: bool = False,
    marks: Marks | None = None,
) -> GradedClass:
    """Grade what was handed in, and keep what comes of it in ``store``, as it comes.

    What could not be taken out of an archive is reported as unreadable. ``sent`` sends the files'
    bytes along, to workers that may not see this machine's disk. The job renders the pages, unless
    there are marks by a person, which count first. Raises :class:`InputError` for an unusable
    assignment, decision or mark, and OSError.
    """
    failures: dict[str, str] = {}
    usage = Usage(decisions_for(job))
    files, count = _files(found, sent=sent), len(found.names) + len(found.refused)
    for graded in graded_by(workers, job, files, count):
        store.add(graded)
        if graded.failure:
            failures[graded.name] = graded.failure
        usage.add(graded.name, graded.decided)
        if progress is not None:
            progress()
    run = replace(
        empty_run(assignment_for(job), reveal=job.reveal),
        submissions=store.submissions(_alike(job)),
        version=installed_version(),
        decisions=usage.reports(),
    )
    if against := list(usage.contradictions()):
        raise InputError(against)
    unused = _unused(usage, run)
    done = GradedClass(
        run,
        store.students(),
        failures,
        store.fragments,
        store.answers,
        store.pages,
        remarks=unused,
    )
    if marks is None:
        return done
    from checker.marking.applying import Marking  # noqa: PLC0415
    from checker.marking.several import markers  # noqa: PLC0415

    run = replace(run, markers=markers(marks))
    marking = Marking(run, marks)

    def marked(report: SubmissionReport) -> tuple[SubmissionReport, Pages]:
        report = marking.submission(report)
        return outline(report), render(run, report)

    store.rewrite(marked)
    remarks = (*unused, *marking.remarks(run))
    return replace(done, run=run, used=len(marking.used), remarks=remarks)


def _alike(job: Job) -> Alike | None:
    """Return what finds answers that are right for another student's own numbers."""
    if job.seed is None:
        return None
    assignment, seed = assignment_for(job), job.seed
    return lambda students: neighbours(assignment, seed, students).note


def _unused(usage: Usage, run: RunReport) -> tuple[str, ...]:
    """Return what is to be said of decisions that held of nobody."""
    if not usage.any_in_doubt():
        return ()
    known = [(submission.student, submission.file) for submission in run.submissions]
    return tuple(usage.unused({student for student, _ in known}, {file for _, file in known}))


def _files(found: Collected, *, sent: bool) -> Iterator[File]:
    refused = (item.file for item in found.refused)
    known = Origins(chain(found.names, refused), found.submitters)
    for position, name in enumerate(found.names):
        path, root = found.path_of(name), found.root_of(name)
        if sent and not leads_out(path, root):
            yield _with_bytes(File(position, name, path, known[name], root))
        else:
            yield File(position, name, path, known[name], root)
    for position, item in enumerate(found.refused, len(found.names)):
        yield File(position, item.file, b"", known[item.file], problem=item.problem)


def _with_bytes(file: File) -> File:
    assert isinstance(file.source, Path)
    try:
        return replace(file, source=read_bytes(file.source, limits=DEFAULT, name=file.name))
    except InputError as error:
        return replace(file, source=b"", problem=error.problems[0])
