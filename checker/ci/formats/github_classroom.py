"""The result that GitHub Classroom's old autograding reporter reads: JSON in base64.

The reporter shows two totals. One adds up the tests' scores; the other counts the tests that pass.
So an answer becomes several small tests of equal worth, as many as it has steps of points, and as
many of them pass as points were earned: both totals are then the same number. The reporter shows a
test's ``message`` only if its status is ``error``, so the first test of an answer that doesn't pass
is an ``error`` and says why; the others are a ``fail``.

The reporter prints names and messages into the log, line by line.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from checker.ci.format import Format
from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.clean import encodable, one_line
from checker.reports.plain import answer_name, answer_text, clipped, log_safe, unreadable_text

MOST_TESTS = 200
"""So many tests at most show how points are shared out, where that is possible."""

LONGEST = 96 * 1024
"""The base64 text goes through an environment variable, which Linux keeps below 128 KiB."""

_MESSAGE_LENGTHS = (2000, 500, 150, 40, 0)


@dataclass(frozen=True, slots=True)
class _Item:
    """What becomes one or more tests of equal worth."""

    name: str
    points: float
    max_points: float
    message: str
    file: str
    line: int


def github_classroom_result(run: RunReport, *, passed: bool) -> str:
    """Return the result of a run in base64. ``passed`` is whether the job may stay green."""
    for longest in _MESSAGE_LENGTHS:
        text = json.dumps(_result(run, passed, longest), ensure_ascii=True)
        encoded = base64.b64encode(text.encode()).decode()
        if len(encoded) <= LONGEST:
            break
    return encoded


def _result(run: RunReport, passed: bool, longest: int) -> dict[str, Any]:
    items = [item for submission in run.submissions for item in _items(run, submission)]
    units, passes = _units(items)
    max_score = _number(sum(submission.max_score for submission in run.submissions))
    worth = max_score / sum(units) if sum(units) else 0.0
    tests = []
    for item, unit, earned in zip(items, units, passes, strict=True):
        for number in range(unit):
            tests.append(_test(item, number, unit, earned, worth, longest))
    unreadable = any(submission.status == "unreadable" for submission in run.submissions)
    status: Literal["pass", "fail", "error"] = "pass" if passed else "fail"
    return {
        "version": 1,
        "status": "error" if unreadable else status,
        "max_score": max_score,
        "tests": tests,
    }


def _items(run: RunReport, submission: SubmissionReport) -> list[_Item]:
    whose = f"{wording.heading(submission)}: " if len(run.submissions) > 1 else ""
    if submission.status == "unreadable":
        name = f"{whose}{wording.UNREADABLE_TITLE}"
        message = unreadable_text(submission)
        # One test at least, which says why, where even the points aren't known.
        return [_Item(name, 0.0, submission.max_score or 1.0, message, submission.file, 0)]
    return [_item(answer, submission.file, whose) for answer in submission.answers]


def _item(answer: AnswerReport, file: str, whose: str) -> _Item:
    name = f"{whose}{answer_name(answer)}"
    if answer.verdict == "ungraded":
        name += f" ({wording.VERDICTS['ungraded'].label})"
    message = answer_text(answer, file)
    return _Item(name, answer.points or 0.0, answer.max_points, message, file, answer.line or 0)


def _units(items: Sequence[_Item]) -> tuple[list[int], list[int]]:
    """Return how many tests each item becomes, and how many of them pass.

    The worth of a test is the largest share of a point that makes everything whole. Where there is
    none, about two hundred tests come near it: full points stay full and none stay none, and what
    lies between makes up for the rounding.
    """
    total = sum(item.max_points for item in items)
    if not total:
        return [0] * len(items), [0] * len(items)
    for step in range(1, MOST_TESTS + 1):
        if total * step > MOST_TESTS:
            break
        if all(_whole(item.max_points * step) and _whole(item.points * step) for item in items):
            units = [round(item.max_points * step) for item in items]
            return units, [round(item.points * step) for item in items]
    size = max(MOST_TESTS, len(items))
    units = _shared([item.max_points / total * size for item in items], [size] * len(items), size)
    shares = [item.points / item.max_points if item.max_points else 0.0 for item in items]
    reached = round(sum(item.points for item in items) / total * size)
    parts = [share * unit for share, unit in zip(shares, units, strict=True)]
    most = [unit if share > 0 else 0 for share, unit in zip(shares, units, strict=True)]
    return units, _shared(parts, most, reached)


def _shared(parts: Sequence[float], most: Sequence[int], total: int) -> list[int]:
    """Return whole numbers near the parts whose sum is near the total; none above its ``most``.

    Those with the largest remainders are rounded up.
    """
    whole = [min(int(part + 1e-9), limit) for part, limit in zip(parts, most, strict=True)]
    for i in sorted(range(len(parts)), key=lambda i: (whole[i] - parts[i], i)):
        if sum(whole) < total and whole[i] < most[i]:
            whole[i] += 1
    return whole


def _whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def _test(  # noqa: PLR0913, PLR0917 - one argument for each thing a test says
    item: _Item, number: int, unit: int, earned: int, worth: float, longest: int
) -> dict[str, Any]:
    status = "pass" if number < earned else "error" if number == earned else "fail"
    count = f" ({number + 1} of {unit})" if unit > 1 else ""
    message = clipped(one_line(item.message), longest) if status == "error" else ""
    return {
        "name": _printed(f"{clipped(one_line(item.name), 120)}{count}"),
        "status": status,
        "score": worth if status == "pass" else 0,
        "message": _printed(message) or None,
        "test_code": "",
        "filename": encodable(item.file),
        "line_no": item.line,
        "duration": 0,
    }


def _printed(text: str) -> str:
    return encodable(log_safe(one_line(text)))


def _number(value: float) -> float:
    return int(value) if value == int(value) else round(value, 6)


FORMAT = Format(
    "the autograding reporter of the old GitHub Classroom",
    files=lambda job: {
        "github-classroom.txt": github_classroom_result(job.run, passed=job.passed) + "\n"
    },
)
