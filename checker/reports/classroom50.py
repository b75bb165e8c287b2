"""The ``result.json`` of Classroom 50 (``classroom50/result/v1``).

It knows whole points only, so points are multiplied by :data:`SCALE`: a score of 1650 is 16.5
points. The scale is the same for every student and every assignment, or scores could not be
compared; each test says it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.clean import encodable, one_line
from checker.reports.plain import PASSED, answer_name, answer_text, unreadable_text

SCHEMA = "classroom50/result/v1"
SCALE = 100
"""A point of the assignment in the whole numbers of the result."""


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
    return {
        "test-name": encodable(f"{whose}{answer_name(answer)}"),
        "passed": answer.verdict in PASSED,
        "score": most if full else min(round(points * SCALE), most),
        "max-score": most,
        "scale": SCALE,
        "points": None if answer.points is None else round(points, 6) + 0.0,
        "max-points": round(answer.max_points, 6) + 0.0,
        "verdict": answer.verdict,
        "mistakes": [encodable(mistake.id) for mistake in answer.mistakes],
        "message": encodable(answer_text(answer, file)),
    }
