r"""The public interface: load an assignment, grade one submission or many.

>>> import checker
>>> sheet = checker.load_assignment("fit3181-a2")
>>> sheet.points
25.0
>>> result = checker.grade(sheet, b"assignment: fit3181-a2\nstudent: ada\nanswers: {q3.2: 1.5}")
>>> result.report.student, result.report.status, result.report.score
('ada', 'graded', 0.0)

What is imported from :mod:`checker` itself is meant to be used by other programs, with
:mod:`checker.report`, the types of what it returns; all else may change.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from checker.defaults import hints_for
from checker.folder.batches import File, Graded, Job, assignment_for
from checker.folder.executors import Workers, graded_by, here, on, processes
from checker.folder.run import read_job
from checker.lms.downloads import Identified, Origin
from checker.report import SubmissionReport
from reference_solutions.shipped import find_assignment
from submissions_schema.grading_settings import Hints


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment that is ready to grade with; ``points`` is how many there are to earn.

    ``hints`` say how much :func:`checker.hints.told` tells of a report before the marks.
    """

    id: str
    title: str
    points: float
    content_hash: str
    hints: Hints
    _job: Job = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one submission.

    A file that can't be read has a report of the status ``unreadable``, and the reasons.
    ``failure`` is the traceback of an error of the checker itself, which its report doesn't show.
    """

    report: SubmissionReport
    failure: str = ""


def load_assignment(
    id_or_path: str | Path, *, reveal: bool = False, decisions: Iterable[Path | str] = ()
) -> Assignment:
    """Load a shipped assignment by its id, or one from a file.

    ``reveal`` puts the right values into reports, and ``decisions`` are files of a person's,
    further to ``ID.decisions.yaml`` beside the assignment. Raises
    :class:`submissions_schema.problems.InputError` with every problem and its place.
    """
    if not isinstance(id_or_path, str | Path):
        raise _expected("an assignment's id or path", id_or_path)
    path = find_assignment(str(id_or_path))
    job = read_job(path, reveal=reveal, decisions=list(_paths(decisions)))
    loaded = assignment_for(job)
    file = loaded.file
    hints = hints_for(path, file)
    return Assignment(loaded.id, file.title, file.total_points, loaded.content_hash, hints, job)


def grade(assignment: Assignment, submission: Path | str | bytes, *, name: str = "") -> Result:
    """Grade one submission: a path, or a file's bytes. ``name`` is what its report calls it.

    Raises :class:`TypeError` for what is neither, and :class:`ValueError` for text of several
    lines.
    """
    _check_assignment(assignment)
    if not isinstance(submission, Path | str | bytes):
        raise _expected("a submission's path or bytes", submission)
    if isinstance(submission, str) and "\n" in submission:
        raise ValueError("expected a submission's path or bytes, got its text: use text.encode()")
    source = submission if isinstance(submission, bytes) else Path(submission)
    name = name or ("submission.yaml" if isinstance(source, bytes) else source.name)
    (graded,) = _graded(assignment, [_file(0, source, name)], here(assignment._job), 1)
    return _result(graded)


def grade_many(
    assignment: Assignment,
    submissions: Iterable[Path | str],
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    width: int = 2,
) -> Iterator[Result]:
    """Return an iterator over the results of submissions, in the order of their paths' coming.

    They are graded in ``jobs`` processes, or on an ``executor`` that does ``width`` things at a
    time. The files' bytes are sent to it. Few are in memory at any time. Raises :class:`TypeError`
    or :class:`ValueError` at once for arguments that can't be used.
    """
    _check_assignment(assignment)
    for option, number in (("jobs", jobs), ("width", width)):
        if number < 1:
            raise ValueError(f"expected {option} of at least 1, got {number}")
    job, paths = assignment._job, _paths(submissions)
    if executor is not None:
        place: AbstractContextManager[Workers] = on(executor, job, width)
    else:
        place = here(job) if jobs == 1 else processes(job, jobs)
    files = (_file(n, path, str(path)) for n, path in enumerate(paths))
    return _in_order(_graded(assignment, files, place, _MANY))


def _in_order(results: Iterable[Graded]) -> Iterator[Result]:
    early: dict[int, Graded] = {}
    following = 0
    for graded in results:
        early[graded.position] = graded
        while following in early:
            yield _result(early.pop(following))
            following += 1


def _check_assignment(assignment: object) -> None:
    if not isinstance(assignment, Assignment):
        raise _expected("an assignment from load_assignment", assignment)


def _paths(paths: Iterable[Path | str]) -> Iterator[Path]:
    if isinstance(paths, str | bytes) or not isinstance(paths, Iterable):
        raise _expected("several paths", paths)
    return map(Path, paths)


def _expected(wanted: str, got: object) -> TypeError:
    return TypeError(f"expected {wanted}, got {type(got).__name__}")


_MANY = 1 << 20
"""How many submissions to expect where nobody says: batches of full size."""


def _graded(
    assignment: Assignment,
    files: Iterable[File],
    place: AbstractContextManager[Workers],
    count: int,
) -> Iterator[Graded]:
    with place as workers:
        yield from graded_by(workers, assignment._job, files, count)


def _file(position: int, source: Path | bytes, name: str) -> File:
    return File(position, name, source, Origin("file", Path(name).stem))


def _result(graded: Graded) -> Result:
    found: Identified = pickle.loads(graded.identified)
    return Result(found.report, graded.failure)
