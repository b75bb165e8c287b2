"""One run in a CI job: find the submissions and the assignment, grade, write what that place reads.

Where the job runs is told by its environment, which is passed in as a mapping. A folder's
submission is the file that is named so (``submission.yaml`` or ``answers.yaml``), or else every
YAML file that has ``answers:`` at its top, because a repository has other YAML files too. The
assignment is the one that is named, or ``$CHECKER_ASSIGNMENT``, or an ``assignment.yaml`` in the
teacher's bundle of Classroom 50, or the shipped one that the submissions name; never a file that
the student could have put there.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from checker.report import RunReport, SubmissionReport
from submissions_schema.problems import InputError, Place, Problem

if TYPE_CHECKING:
    from checker.reports.classroom50 import Identity

FINE, BELOW, UNUSABLE, OUR_FAULT = 0, 1, 2, 3

NAMES = ("submission.yaml", "submission.yml", "answers.yaml", "answers.yml")
"""The names by which a folder's submission is known; the first that is there counts."""

ASSIGNMENT_VARIABLE = "CHECKER_ASSIGNMENT"
BUNDLED_ASSIGNMENT = "assignment.yaml"
NOTHING_GRADED = "Nothing could be graded"

_LOOKS_LIKE_ANSWERS = re.compile(rb"^(?:\xef\xbb\xbf)?['\"]?answers['\"]?[ \t]*:", re.MULTILINE)
_READ_AT_MOST = 1024 * 1024
_SUBMITTED = re.compile(r"(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\dZ)")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_CLASSROOM50 = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG")
_OTHER_CI = ("GITLAB_CI", "JENKINS_URL", "TF_BUILD", "CIRCLECI", "BITBUCKET_BUILD_NUMBER")


class Format(StrEnum):
    """What can be written, besides the report on standard output."""

    GITHUB = "github"
    CLASSROOM50 = "classroom50"
    GITHUB_CLASSROOM = "github-classroom"
    JUNIT = "junit"
    GRADESCOPE = "gradescope"
    ARTEMIS = "artemis"
    HTML = "html"


def detect(environ: Mapping[str, str]) -> tuple[Format, ...]:
    """Return the formats that the place where a job runs reads; none on a desk."""
    found: list[Format] = []
    if environ.get("GITHUB_ACTIONS") == "true":
        found.append(Format.GITHUB)
        if all(environ.get(name) for name in _CLASSROOM50):
            found.append(Format.CLASSROOM50)
    elif any(environ.get(name) for name in _OTHER_CI):
        found.append(Format.JUNIT)
    return tuple(found)


# --- finding ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """The submissions of a job. ``root`` is what their names in reports start from.

    ``refused`` are links that lead out of the folder; ``missing`` says why there is nothing.
    """

    root: Path
    paths: tuple[Path, ...]
    refused: tuple[Path, ...] = ()
    missing: Problem | None = None


def find(path: Path, environ: Mapping[str, str]) -> Found:
    """Find the submissions at a path: the file itself, or those of a folder."""
    from checker.folder.folder import find_submissions, leads_out  # noqa: PLC0415

    folder = path if path.is_dir() else path.parent
    root = _root(folder, environ)
    if path.is_dir():
        paths = _submissions_of(folder, find_submissions(folder))
    else:
        paths = [path] if path.is_file() else []
    outside = tuple(p for p in paths if leads_out(p, folder))
    inside = tuple(p for p in paths if p not in outside)
    missing = None
    if not paths:
        wanted = f"`{NAMES[0]}`, or a YAML file with `answers:` at its top"
        if path.is_dir():
            missing = Problem("no submission was found", Place(_name(path, root)), wanted)
        else:
            missing = Problem("there is no such file", Place(_name(path, root)), "a submission")
    return Found(root, inside, outside, missing)


def _submissions_of(folder: Path, paths: Sequence[Path]) -> list[Path]:
    named = {path.name.lower(): path for path in paths if path.parent == folder}
    for name in NAMES:
        if name in named:
            return [named[name]]
    answers = [path for path in paths if _looks_like_answers(path)]
    return answers or (list(paths) if len(paths) == 1 else [])


def _looks_like_answers(path: Path) -> bool:
    if path.name.lower() in NAMES:
        return True
    try:
        with path.open("rb") as stream:
            return _LOOKS_LIKE_ANSWERS.search(stream.read(_READ_AT_MOST)) is not None
    except OSError:
        return False


def _root(folder: Path, environ: Mapping[str, str]) -> Path:
    """Return what a place's reports take paths from: the repository, if the folder is in it."""
    said = environ.get("GITHUB_WORKSPACE") or environ.get("CI_PROJECT_DIR")
    for root in (Path(said) if said else None, Path.cwd()):
        if root is not None and folder.resolve().is_relative_to(root.resolve()):
            return root.resolve()
    return folder.resolve()


def _name(path: Path, root: Path) -> str:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links
    resolved = path.parent.resolve() / path.name
    for candidate in (whole, resolved):
        if candidate.is_relative_to(root):
            return candidate.relative_to(root).as_posix()
    return path.as_posix()


def find_assignment_for(found: Found, said: str | None, environ: Mapping[str, str]) -> Path:
    """Return the assignment to grade against. Raises :class:`InputError`."""
    from checker.folder.folder import assignment_of  # noqa: PLC0415
    from reference_solutions.assignment import find_assignment, shipped_assignments  # noqa: PLC0415

    said = said or environ.get(ASSIGNMENT_VARIABLE)
    if said:
        # The job stands in the student's folder, which may have a file of the same name.
        return shipped_assignments().get(said) or find_assignment(said)
    bundle = environ.get("CLASSROOM50_BUNDLE_DIR")
    if bundle and (bundled := Path(bundle) / BUNDLED_ASSIGNMENT).is_file():
        return bundled
    if found.missing is not None:
        raise InputError([found.missing])
    paths = _resolved(found.paths)
    refused = list(_refused(found))
    if refused and not paths:
        raise InputError(refused)
    try:
        return assignment_of(paths, found.root)
    except InputError as error:
        unread = dict(_reading(paths, found.root))
        first = [*refused, *(problem for problems in unread.values() for problem in problems)]
        if first and len(unread) == len(paths):
            # What can't be read can't name its assignment: that alone is what is to be mended.
            raise InputError(first) from None
        root = found.root.as_posix()
        others = [
            replace(problem, place=Place(".")) if problem.place.file == root else problem
            for problem in error.problems
        ]
        raise InputError([*first, *others]) from None


def _reading(paths: Sequence[Path], root: Path) -> Iterator[tuple[Path, tuple[Problem, ...]]]:
    """Yield the submissions that can't be read, and why: they don't say their assignment."""
    from submissions_schema.yaml_reader import read_document  # noqa: PLC0415

    for path in paths:
        try:
            read_document(path, name=_name(path, root))
        except InputError as error:
            yield path, tuple(error.problems)


def _refused(found: Found) -> Iterator[Problem]:
    for path in found.refused:
        place = Place(_name(path, found.root))
        yield Problem("this is a link that leads out of the folder", place)


def _resolved(paths: Sequence[Path]) -> list[Path]:
    return [path.parent.resolve() / path.name for path in paths]


# --- grading ----------------------------------------------------------------------------------


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


def percent(submission: SubmissionReport) -> float:
    """Return the score in per cent of the points that are marked; 100 if none are."""
    marked = submission.max_score - submission.pending
    return 100.0 * (submission.score or 0.0) / marked if marked > 0 else 100.0


def grade(found: Found, assignment_path: Path) -> Graded:
    """Grade what was found. Raises :class:`InputError` for an unusable assignment."""
    from checker.folder.folder import grade_paths  # noqa: PLC0415
    from checker.grading.grader import unreadable  # noqa: PLC0415
    from reference_solutions.assignment import load_assignment  # noqa: PLC0415

    graded = grade_paths(assignment_path, _resolved(found.paths), found.root)
    run = graded.run
    problems = [found.missing] if found.missing else []
    problems += _refused(found)
    if problems:
        assignment = load_assignment(assignment_path)
        refused = [
            unreadable(problem.place.file, InputError([problem]), assignment)
            for problem in problems
        ]
        run = RunReport(
            run.assignment, run.title, run.content_hash, False, (*run.submissions, *refused)
        )
    return Graded(run, graded.failures)


# --- writing ----------------------------------------------------------------------------------


def log_text(run: RunReport, width: int = 100) -> str:
    """Return what a job prints for people: the report, and no line that is a command."""
    from checker.reports.plain import log_safe  # noqa: PLC0415
    from checker.reports.terminal import submission_text, summary_text  # noqa: PLC0415

    if len(run.submissions) == 1:
        return log_safe(submission_text(run, run.submissions[0], width=width, colour=False))
    return log_safe(summary_text(run, width=width, colour=False))


def write(
    graded: Graded,
    formats: Sequence[Format],
    out: Path,
    environ: Mapping[str, str],
    *,
    exit_code: int,
) -> list[Path]:
    """Write every format's files, whole or not at all, and return them. Raises OSError.

    For GitHub the step's summary and outputs are appended; :func:`commands` are printed. A result
    that would blame a student for our own fault is not written for Gradescope, which then says
    that the autograder failed.
    """
    files = _files(graded, formats, environ, exit_code)
    written = []
    for folder in {(out / name).parent for name in files} - {out}:
        if folder.is_symlink():
            folder.unlink()  # It leads wherever the student liked.
    if Format.ARTEMIS in formats:
        _clear(out / "customFeedbacks", "*.json")
    for name, text in files.items():
        put_in_place(out / name, text.encode())
        written.append(out / name)
    if Format.GITHUB in formats:
        _write_github(graded, environ, exit_code)
    return written


def commands(run: RunReport, formats: Sequence[Format]) -> str:
    """Return the lines that a job prints for its runner to read."""
    from checker.reports.github_actions import annotation_lines  # noqa: PLC0415

    return annotation_lines(run) if Format.GITHUB in formats else ""


def refusal(error: InputError) -> Graded:
    """Return a run in which nothing could be graded, and why. The assignment is not known."""
    file = error.problems[0].place.file
    reasons = tuple(map(str, error.problems))
    nothing = SubmissionReport("", "", file, "unreadable", None, 0.0, 0.0, reasons)
    return Graded(RunReport("", NOTHING_GRADED, "", False, (nothing,)))


def without_points(formats: Sequence[Format]) -> tuple[Format, ...]:
    """Return the formats that can say that nothing was graded.

    The others would give a zero, or are a report to a student, who is not known either.
    """
    others = (Format.CLASSROOM50, Format.GRADESCOPE, Format.HTML)
    return tuple(f for f in formats if f not in others)


def put_in_place(path: Path, data: bytes) -> None:
    """Write a file aside and put it in place, so that it is there whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _files(
    graded: Graded, formats: Sequence[Format], environ: Mapping[str, str], exit_code: int
) -> dict[str, str]:
    files: dict[str, str] = {}
    run = graded.run
    if Format.CLASSROOM50 in formats:
        from checker.reports.classroom50 import classroom50_result  # noqa: PLC0415

        files["result.json"] = classroom50_result(run, identity(environ, datetime.now(UTC)))
    if Format.GITHUB_CLASSROOM in formats:
        from checker.reports.github_classroom import github_classroom_result  # noqa: PLC0415

        text = github_classroom_result(run, passed=exit_code == FINE)
        files["github-classroom.txt"] = text + "\n"
    if Format.JUNIT in formats:
        from checker.reports.junit import junit_xml  # noqa: PLC0415

        files["junit.xml"] = junit_xml(run)
    if Format.GRADESCOPE in formats and not graded.failures:
        from checker.reports.gradescope import gradescope_results  # noqa: PLC0415

        files["results.json"] = gradescope_results(run)
    if Format.ARTEMIS in formats:
        from checker.reports.artemis import artemis_feedbacks  # noqa: PLC0415

        files |= {f"customFeedbacks/{n}": text for n, text in artemis_feedbacks(run).items()}
    if Format.HTML in formats:
        from checker.folder.folder import feedback_stems  # noqa: PLC0415
        from checker.reports.html import submission_html  # noqa: PLC0415

        stems = feedback_stems(run)
        for submission in run.submissions:
            name = f"feedback/{stems[submission.file]}.html"
            files[name] = submission_html(run, submission)
    return files


def _write_github(graded: Graded, environ: Mapping[str, str], exit_code: int) -> None:
    from checker.reports.github_actions import SUMMARY_LIMIT, step_outputs, step_summary  # noqa: PLC0415
    from checker.reports.github_classroom import github_classroom_result  # noqa: PLC0415
    from checker.reports.wording import number  # noqa: PLC0415

    run = graded.run
    if summary := environ.get("GITHUB_STEP_SUMMARY"):
        path = Path(summary)
        there = path.stat().st_size if path.exists() else 0
        _append(path, step_summary(run, max(SUMMARY_LIMIT - there, 0)))
    if outputs := environ.get("GITHUB_OUTPUT"):
        scores = [s.score for s in run.submissions if s.score is not None]
        values = {
            "score": number(sum(scores)) if scores else "",
            "max_score": number(sum(s.max_score for s in run.submissions))
            if run.assignment
            else "",
            "result": github_classroom_result(run, passed=exit_code == FINE),
        }
        _append(Path(outputs), step_outputs(values, lambda: f"end-{secrets.token_hex(16)}"))


def _append(path: Path, text: str) -> None:
    with path.open("ab") as stream:
        stream.write(text.encode())


def _clear(folder: Path, pattern: str) -> None:
    for path in folder.glob(pattern):
        path.unlink()


def identity(environ: Mapping[str, str], now: datetime) -> Identity:
    """Return what Classroom 50 says of the submission. Raises :class:`InputError`.

    Its runner stamps the owner, the type and the times itself; what stands here until then is
    as good as the environment allows.
    """
    from checker.reports.classroom50 import Identity  # noqa: PLC0415

    needed = (*_CLASSROOM50, "COMMIT_URL", "RELEASE_URL")
    if absent := [name for name in needed if not environ.get(name)]:
        names = ", ".join(f"${name}" for name in absent)
        message = f"Classroom 50 says who hands in by environment variables: {names} not set"
        raise InputError([Problem(message, Place("environment"))])
    kind = environ.get("ASSIGNMENT_TYPE", "").strip().lower()
    handed_in = _SUBMITTED.search(environ["SUBMISSION_TAG"])
    actor_id = environ.get("GITHUB_ACTOR_ID", "")
    return Identity(
        classroom=environ["CLASSROOM"],
        assignment=environ["ASSIGNMENT"],
        assignment_type=kind if kind in {"group", "team"} else "individual",
        owner=environ.get("OWNER") or environ.get("USERNAME") or _owner(environ),
        submission=environ["SUBMISSION_TAG"],
        commit=environ["COMMIT_URL"],
        release=environ["RELEASE_URL"],
        review=environ.get("REVIEW_URL") or environ["COMMIT_URL"],
        datetime=(
            f"{handed_in[1]}{handed_in[2]}:{handed_in[3]}:{handed_in[4]}"
            if handed_in
            else now.strftime(_TIME)
        ),
        graded_at=now.strftime(_TIME),
        submitted_by=environ.get("GITHUB_ACTOR", ""),
        submitted_by_id=int(actor_id) if actor_id.isascii() and actor_id.isdecimal() else None,
    )


def _owner(environ: Mapping[str, str]) -> str:
    """Return the student of a repository ``<classroom>-<assignment>-<student>``."""
    repository = environ.get("GITHUB_REPOSITORY", "").rpartition("/")[2]
    prefix = f"{environ['CLASSROOM']}-{environ['ASSIGNMENT']}-"
    if repository.startswith(prefix) and repository != prefix:
        return repository.removeprefix(prefix)
    return environ.get("GITHUB_ACTOR") or "unknown"
