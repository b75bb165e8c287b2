"""Grading a folder: find the submissions, grade each, write every output whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from errno import EISDIR, ENOTDIR
from pathlib import Path

from checker.grading import Grader, unreadable
from checker.lms.archives import Refused
from checker.lms.downloads import Submitter, identified, note_unsaid, origins, student_of
from checker.lms.marks import QUEUE
from checker.report import RunReport, SubmissionReport
from checker.reports.gradebook_csv import gradebook_csv
from checker.reports.html import submission_html
from checker.reports.index_html import index_html
from checker.reports.markdown import submission_markdown
from checker.reports.results_json import results_json
from reference_solutions.assignment import Assignment, load_assignment, shipped_assignments
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.submission import Student, safe_file_stem
from submissions_schema.validation import did_you_mean
from submissions_schema.yaml_reader import read_document

OUTPUTS = ("results.json", "gradebook.csv", "index.html", QUEUE)
"""What is written beside the folder of feedback."""

INTERNAL = "the checker itself failed on this file"
"""How the problem of a file begins that our own fault kept from being graded."""


@dataclass(frozen=True, slots=True)
class GradedFolder:
    """A graded folder; ``failures`` are internal errors by file, for who can mend them."""

    run: RunReport
    failures: dict[str, str]


_WORTH_A_PROCESS = 25
"""Submissions that take longer to grade than a further process takes to start."""


def processes_for(files: int) -> int:
    """Return how many processes to grade so many files with: at most one for each core."""
    return max(1, min(os.cpu_count() or 1, files // _WORTH_A_PROCESS))


def find_submissions(folder: Path) -> list[Path]:
    """Every ``*.yaml`` and ``*.yml`` below ``folder``, sorted by path; hidden ones are left out."""
    found = []
    for directory, subdirectories, names in os.walk(folder):
        subdirectories[:] = sorted(d for d in subdirectories if not d.startswith("."))
        for name in names:
            if name.lower().endswith((".yaml", ".yml")) and not name.startswith("."):
                found.append(Path(directory) / name)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def leads_out(path: Path, root: Path) -> bool:
    """Whether a path is a link out of the folder: it would put this machine's files in reports."""
    # Unlike resolve(), realpath() takes a link that leads to itself as it stands.
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def assignment_of(paths: Sequence[Path], root: Path) -> Path:
    """Return the assignment that submissions say they answer. Raises :class:`InputError`.

    Files that can't be read have no say; all others must agree.
    """
    said: Counter[str] = Counter()
    first: dict[str, Place] = {}
    for path in paths:
        if leads_out(path, root):
            continue
        try:
            document = read_document(path, name=_name(path, root))
        except InputError:
            continue
        data = document.data
        id = data.get("assignment") if isinstance(data, dict) else None
        if isinstance(id, str) and id.strip():
            said[id.strip()] += 1
            first.setdefault(id.strip(), document.place(("assignment",)))
    if len(said) == 1:
        id = next(iter(said))
        # Only an id: a student who could name a file would bring an assignment of their own.
        shipped = shipped_assignments()
        if id in shipped:
            return shipped[id]
        hint = did_you_mean(id, shipped).rstrip("?")
        message = f"there is no assignment `{id}`{hint}; a file of your own is named with"
        expected = f"one of {', '.join(shipped)}"
        raise InputError([Problem(f"{message} --assignment", first[id], expected, None)])
    place = Place(root.as_posix())
    if not said:
        raise InputError(
            [
                Problem(
                    "no submission says which assignment it answers", place, "--assignment ID", None
                )
            ]
        )
    counts = ", ".join(f"`{id}` ({count})" for id, count in sorted(said.items()))
    raise InputError(
        [
            Problem(
                "the submissions answer several assignments",
                place,
                "--assignment with one of them",
                counts,
            )
        ]
    )


def grade_paths(  # noqa: PLR0913 - one argument for each option of the command
    assignment_path: Path,
    paths: Sequence[Path],
    root: Path,
    *,
    reveal: bool = False,
    jobs: int = 1,
    progress: Callable[[], None] | None = None,
    submitters: Mapping[str, Sequence[Submitter]] | None = None,
    refused: Sequence[Refused] = (),
    by_name: bool = False,
) -> GradedFolder:
    """Grade files, in the order given. Raises :class:`InputError` for an unusable assignment.

    ``by_name`` takes the student from a file's name where the file says none. ``submitters`` and
    ``refused`` are what a bulk download adds: who is behind a folder, and what could not be taken
    out of an archive, which is reported as unreadable.
    """
    assignment = load_assignment(assignment_path)
    reports: list[SubmissionReport] = []
    failures: dict[str, str] = {}
    names = [_name(path, root) for path in paths]
    said = origins([*names, *(item.file for item in refused)], submitters) if by_name else {}
    notes = {name: note_unsaid(name, said[name]) for name in names if name in said}
    work = [
        _Work(path, name, root, student_of(said[name]) if by_name else None, notes.get(name, ""))
        for path, name in zip(paths, names, strict=True)
    ]
    for report, failure in _graded(assignment, assignment_path, work, reveal, jobs):
        reports.append(report)
        if failure:
            failures[report.file] = failure
        if progress is not None:
            progress()
    for item in refused:
        reports.append(unreadable(item.file, InputError([item.problem]), assignment))
    unsaid = {report.file for report in reports if notes.get(report.file) in report.notes}
    run = RunReport(
        assignment.id,
        assignment.file.title,
        assignment.content_hash,
        reveal,
        tuple(_with_duplicates_marked(identified(reports, submitters, unsaid))),
    )
    return GradedFolder(run, failures)


@dataclass(frozen=True, slots=True)
class _Work:
    """One file to grade; ``student`` handed it in if it doesn't say, and ``note`` tells so."""

    path: Path
    name: str
    root: Path
    student: Student | None
    note: str


def _graded(
    assignment: Assignment,
    assignment_path: Path,
    files: Sequence[_Work],
    reveal: bool,
    jobs: int,
) -> Iterator[tuple[SubmissionReport, str]]:
    if jobs == 1 or len(files) < 2 * jobs:
        grader = Grader(assignment, reveal=reveal)
        for file in files:
            yield _grade_one(grader, file)
        return
    with ProcessPoolExecutor(
        jobs, initializer=_start_worker, initargs=(assignment_path, reveal)
    ) as pool:
        chunk = max(1, len(files) // (jobs * 8))
        yield from pool.map(_work, files, chunksize=chunk)


_worker: list[Grader] = []


def _start_worker(assignment_path: Path, reveal: bool) -> None:
    _worker[:] = [Grader(load_assignment(assignment_path), reveal=reveal)]


def _work(file: _Work) -> tuple[SubmissionReport, str]:
    return _grade_one(_worker[0], file)


def _grade_one(grader: Grader, file: _Work) -> tuple[SubmissionReport, str]:
    name = file.name
    if leads_out(file.path, file.root):
        problem = Problem("this is a link that leads out of the folder", Place(name))
        return unreadable(name, InputError([problem]), grader.assignment), ""
    try:
        return grader.grade_file(file.path, name, file.student, file.note), ""
    except Exception as error:  # one file's failure must not lose the others' grades
        import traceback  # noqa: PLC0415

        problem = Problem(f"{INTERNAL}; it is not the student's fault", Place(name))
        report = unreadable(name, InputError([problem]), grader.assignment)
        return report, "".join(traceback.format_exception(error))


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _with_duplicates_marked(reports: Sequence[SubmissionReport]) -> Iterator[SubmissionReport]:
    files: dict[str, list[str]] = {}
    for report in reports:
        files.setdefault(report.student, []).append(report.file)
    for report in reports:
        own = files[report.student]
        if len(own) > 1:
            note = f"{len(own)} submissions are from `{report.student}`: {', '.join(own)}"
            yield replace(report, notes=(*report.notes, note))
        else:
            yield report


def feedback_stems(run: RunReport) -> dict[str, str]:
    """Return a file name without extension for each submission, by its file; no two alike."""
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for submission in run.submissions:
        stem = base = safe_file_stem(submission.student)
        number = 2
        while stem.casefold() in taken:
            stem = f"{base}={number}"
            number += 1
        taken.add(stem.casefold())
        stems[submission.file] = stem
    return stems


def write_outputs(run: RunReport, out: Path, queue: str = "") -> Path:
    """Write all outputs below ``out``; the overview to open, ``index.html``, is returned.

    Everything is written aside first and then put in place, so that the outputs are there whole or
    as they were. ``feedback`` is replaced: reports of an earlier run don't stay among the new ones.
    ``queue`` is the text of ``ungraded.yaml``, if a person has to mark any answer. Raises OSError.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in OUTPUTS:
        if (out / name).is_dir():
            raise IsADirectoryError(EISDIR, "a folder stands where this file belongs", out / name)
    feedback = out / "feedback"
    if feedback.exists() and not feedback.is_dir():
        raise NotADirectoryError(ENOTDIR, "a file stands where this folder belongs", feedback)
    stems = feedback_stems(run)
    links = {file: f"feedback/{stem}.html" for file, stem in stems.items()}
    with tempfile.TemporaryDirectory(dir=out, prefix=".writing-") as aside:
        fresh = Path(aside) / "feedback"
        fresh.mkdir(mode=0o755)
        for submission in run.submissions:
            stem = stems[submission.file]
            _write(fresh / f"{stem}.html", submission_html(run, submission))
            _write(fresh / f"{stem}.md", submission_markdown(run, submission))
        overview = {
            "results.json": results_json(run),
            "gradebook.csv": gradebook_csv(run),
            "index.html": index_html(run, links),
        }
        if queue:
            overview[QUEUE] = queue
        for name, text in overview.items():
            _write(Path(aside) / name, text)
        if feedback.exists():
            for kept in feedback.iterdir():
                if kept.suffix not in (".html", ".md"):
                    kept.rename(fresh / kept.name)
            feedback.rename(Path(aside) / "old")
        fresh.rename(feedback)
        for name in overview:
            (Path(aside) / name).replace(out / name)
        if not queue:
            (out / QUEUE).unlink(missing_ok=True)
    return out / "index.html"


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
