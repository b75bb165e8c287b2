"""The ``result.json`` of Classroom 50 (``classroom50/result/v1``).

It knows whole points only, so points are multiplied by :data:`SCALE`: a score of 1650 is 16.5
points. The scale is the same for every student and every assignment, or scores could not be
compared; each test says it.

The runner of Classroom 50 throws ``result.json`` away if the autograder leaves with anything but 0,
so a job does leave with 0 once it is written; the commit's status tells how it went. The runner
shows students a table of names and points unless there is a ``release-body.md``, which is the
report, and puts that on the job's page too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from checker.ci.format import FINE, OUR_FAULT, Environ, Format, Job
from checker.ci.formats.github import step_summary
from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.clean import encodable, one_line
from checker.reports.plain import (
    answer_name,
    answer_text,
    loses_points,
    score_text,
    unreadable_text,
)
from submissions_schema.problems import InputError, Place, Problem

SCHEMA = "classroom50/result/v1"
SCALE = 100
"""A point of the assignment in the whole numbers of the result."""

BODY_LIMIT = 100_000
"""How many bytes the text of a release may have; GitHub takes 125,000 characters."""

_NEEDED = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
_SUBMITTED = re.compile(r"(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\dZ)")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the runner of Classroom 50 says of the submission. Times are ``YYYY-MM-DDTHH:MM:SSZ``.

    ``datetime`` is when it was handed in, ``graded_at`` when it was graded (left out if empty).
    """

    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str
    datetime: str
    graded_at: str = ""
    submitted_by: str = ""
    submitted_by_id: int | None = None


def classroom50_result(run: RunReport, identity: Identity) -> str:
    """Return the result of a run as JSON."""
    several = len(run.submissions) > 1
    tests: list[dict[str, Any]] = []
    for submission in run.submissions:
        whose = f"{wording.heading(submission)}: " if several else ""
        tests += _tests(submission, one_line(whose))
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "classroom": identity.classroom,
        "assignment": identity.assignment,
        "assignment_type": identity.assignment_type,
        "owner": identity.owner,
        "submission": identity.submission,
        "commit": identity.commit,
        "release": identity.release,
        "review": identity.review,
        "datetime": identity.datetime,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    if identity.graded_at:
        result["graded_at"] = identity.graded_at
    if identity.submitted_by:
        result["submitted_by"] = {
            "username": identity.submitted_by,
            "id": identity.submitted_by_id,
        }
    return json.dumps(result, ensure_ascii=False, indent=2) + "\n"


def _tests(submission: SubmissionReport, whose: str) -> list[dict[str, Any]]:
    if submission.status == "unreadable":
        return [
            {
                "test-name": encodable(f"{whose}{wording.UNREADABLE_TITLE}"),
                "passed": False,
                "score": 0,
                "max-score": round(submission.max_score * SCALE),
                "scale": SCALE,
                "message": encodable(unreadable_text(submission)),
            }
        ]
    tests = []
    reached = 0.0
    given = 0
    for answer in submission.answers:
        # Rounded sums, not sums of what is rounded: thirds of a point must add up to a point.
        reached += answer.max_points
        most = round(reached * SCALE) - given
        given += most
        tests.append(_test(answer, submission.file, whose, most))
    return tests


def _test(answer: AnswerReport, file: str, whose: str, most: int) -> dict[str, Any]:
    points = answer.points or 0.0
    full = points >= answer.max_points
    waits = "" if answer.points is not None else f" ({wording.VERDICTS['ungraded'].label})"
    return {
        "test-name": encodable(f"{whose}{answer_name(answer)}{waits}"),
        "passed": not loses_points(answer),
        "score": most if full else min(round(points * SCALE), most),
        "max-score": most,
        "scale": SCALE,
        "points": None if answer.points is None else round(points, 6) + 0.0,
        "max-points": round(answer.max_points, 6) + 0.0,
        "verdict": answer.verdict,
        "mistakes": [encodable(mistake.id) for mistake in answer.mistakes],
        "message": encodable(answer_text(answer, file)),
    }


# --- what the job tells its place ----------------------------------------------------------------


def identity(environ: Environ, now: datetime) -> Identity:
    """Return what Classroom 50 says of the submission. Raises :class:`InputError`.

    Its runner stamps the owner, the type and the times itself; what stands here until then is
    as good as the environment allows.
    """
    if absent := [name for name in _NEEDED if not environ.get(name)]:
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


def status(job: Job) -> Literal["success", "failure", "error"]:
    """Return the status of the commit: an error is what has no score.

    Where a percentage was asked for, it decides what is a failure; else lost points do. What waits
    for a person is none.
    """
    if any(submission.status == "unreadable" for submission in job.run.submissions):
        return "error"
    if job.fail_under is not None:
        return "success" if job.exit_code == FINE else "failure"
    lost = any(loses_points(a) for submission in job.run.submissions for a in submission.answers)
    return "failure" if lost else "success"


def _owner(environ: Environ) -> str:
    """Return the student of a repository ``<classroom>-<assignment>-<student>``."""
    repository = environ.get("GITHUB_REPOSITORY", "").rpartition("/")[2]
    prefix = f"{environ['CLASSROOM']}-{environ['ASSIGNMENT']}-"
    if repository.startswith(prefix) and repository != prefix:
        return repository.removeprefix(prefix)
    return environ.get("GITHUB_ACTOR") or "unknown"


def _files(job: Job) -> Mapping[str, str]:
    return {
        "result.json": classroom50_result(job.run, identity(job.environ, job.now)),
        "release-body.md": step_summary(job.run, BODY_LIMIT),
    }


def _appended(job: Job) -> Mapping[Path, str]:
    if not (outputs := job.environ.get("GITHUB_OUTPUT")):
        return {}
    several = len(job.run.submissions) > 1
    said = [
        f"{wording.heading(s)}: {score_text(s)}" if several else score_text(s)
        for s in job.run.submissions
    ]
    summary = encodable(one_line(f"{job.run.title or job.run.assignment}: {'; '.join(said)}"))
    return {Path(outputs): f"status={status(job)}\nsummary={summary}\n"}


FORMAT = Format(
    "Classroom 50",
    files=_files,
    appended=_appended,
    demands=identity,
    exit_code=lambda code: code if code == OUR_FAULT else FINE,
    shows_report=True,
    needs_points=True,
)
