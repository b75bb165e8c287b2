"""One run in a CI job: grade what was found, and write what the place reads where the job runs.

The environment is passed in as a mapping. Each format is a record of its own
(:mod:`checker.ci.formats`), and so is each place (:mod:`checker.ci.platforms`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from checker.ci import formats
from checker.ci.finding import Found
from checker.ci.format import BELOW, FINE, OUR_FAULT, UNUSABLE, Format, Job
from checker.files import put_all_in_place
from checker.report import RunReport, SubmissionReport
from submissions_schema.problems import InputError

if TYPE_CHECKING:
    from submissions_schema.grading_settings import Hints

NOTHING_GRADED = "Nothing could be graded"


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of a job; ``failures`` are internal errors by file."""

    run: RunReport
    failures: Mapping[str, str] = field(default_factory=dict)

    def exit_code(self, fail_under: float | None) -> int:
        """Return how the job ends. Points that wait for a person are left out of the percentage."""
        if self.failures:
            return OUR_FAULT
        if any(submission.status == "unreadable" for submission in self.run.submissions):
            return UNUSABLE
        if fail_under is None:
            return FINE
        shares = (percent(submission) for submission in self.run.submissions)
        return BELOW if any(share < fail_under - 1e-9 for share in shares) else FINE


class NotWrittenError(Exception):
    """What was written is not there, or is not what was written: the message says which file."""


def percent(submission: SubmissionReport) -> float:
    """Return the score in per cent of the points that are marked; 100 if none are."""
    marked = submission.max_score - submission.pending
    return 100.0 * (submission.score or 0.0) / marked if marked > 0 else 100.0


def grade(found: Found, assignment_path: Path, hints: Hints | None = None) -> Graded:
    """Grade what was found, and tell as much of it as ``hints`` allow, or else the assignment's.

    Raises :class:`InputError` for an unusable assignment.
    """
    from checker.defaults import hints_for  # noqa: PLC0415
    from checker.folder.run import grade_paths  # noqa: PLC0415
    from checker.grading import unreadable  # noqa: PLC0415
    from checker.hints import told_run  # noqa: PLC0415
    from reference_solutions.assignment import load_assignment  # noqa: PLC0415
    from submissions_schema.assignment_file import load_assignment_file  # noqa: PLC0415

    graded = grade_paths(assignment_path, found.resolved, found.root)
    run = graded.run
    problems = [found.missing] if found.missing else []
    problems += found.refusals()
    if problems:
        assignment = load_assignment(assignment_path)
        refused = [
            unreadable(problem.place.file, InputError([problem]), assignment)
            for problem in problems
        ]
        run = RunReport(
            run.assignment, run.title, run.content_hash, False, (*run.submissions, *refused)
        )
    told = hints or hints_for(assignment_path, load_assignment_file(assignment_path).file)
    return Graded(told_run(run, told), graded.failures)


def refusal(error: InputError) -> Graded:
    """Return a run in which nothing could be graded, and why. The assignment is not known."""
    file = error.problems[0].place.file
    reasons = tuple(map(str, error.problems))
    nothing = SubmissionReport("", "", file, "unreadable", None, 0.0, 0.0, reasons)
    return Graded(RunReport("", NOTHING_GRADED, "", False, (nothing,)))


def fitting(chosen: Sequence[str], graded: Graded) -> dict[str, Format]:
    """Return the chosen formats that can say what came of a job, by their names.

    A format that would give a zero where nothing could be graded is left out, and one that would
    blame a student for our own fault. Raises :class:`KeyError` for an unknown name.
    """
    return {
        name: made
        for name, made in formats.load(chosen).items()
        if not (made.needs_points and not graded.run.assignment)
        and not (made.blames and graded.failures)
    }


def log_text(run: RunReport, width: int = 100) -> str:
    """Return what a job prints for people: the report, and no line that is a command."""
    from checker.reports.plain import log_safe  # noqa: PLC0415
    from checker.reports.terminal import submission_text, summary_text  # noqa: PLC0415

    if len(run.submissions) == 1:
        return log_safe(submission_text(run, run.submissions[0], width=width, colour=False))
    return log_safe(summary_text(run, width=width, colour=False))


def write(made: Sequence[Format], job: Job, out: Path) -> list[Path]:
    """Write every format's files, whole or not at all, and return those below ``out``.

    Raises OSError, and :class:`NotWrittenError` where nobody complained and a file is missing.
    """
    files = {name: text for each in made for name, text in each.files(job).items()}
    for folder in {(out / name).parent for name in files} - {out}:
        if folder.is_symlink():
            folder.unlink()  # It leads wherever the student liked.
    for pattern in filter(None, (each.cleared for each in made)):
        for old in out.glob(pattern):
            old.unlink()
    put_all_in_place({out / name: text.encode() for name, text in files.items()})
    for each in made:
        for path, text in each.appended(job).items():
            _append(path, text.encode())
    for name, text in files.items():
        if not (out / name).is_file() or (out / name).read_bytes() != text.encode():
            raise NotWrittenError(str(out / name))
    return [out / name for name in files]


def _append(path: Path, data: bytes) -> None:
    before = path.stat().st_size if path.exists() else 0
    with path.open("ab") as stream:
        stream.write(data)
    if path.stat().st_size < before + len(data):
        raise NotWrittenError(str(path))
