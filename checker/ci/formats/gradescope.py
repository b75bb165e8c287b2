"""The ``results.json`` of a Gradescope autograder, which may hold one submission.

Diagnosed mistakes are tags, so that the statistics of an assignment show who made them. An answer
that a person marks has no points here: they are given in Gradescope.
"""

from __future__ import annotations

import json
from typing import Any

from checker.ci.format import Format
from checker.report import AnswerReport, QuestionReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.clean import encodable, one_line
from checker.reports.plain import (
    answer_text,
    loses_points,
    score_text,
    titled_name,
    unreadable_text,
)


def gradescope_results(run: RunReport) -> str:
    """Return the results of a run over one student's files."""
    return json.dumps(_results(run), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _results(run: RunReport) -> dict[str, Any]:
    if len(run.submissions) != 1:
        files = ", ".join(one_line(submission.file) for submission in run.submissions)
        said = f"One file of answers is expected, got {len(run.submissions)}: {files}."
        refused = {"status": "unreadable", "assignment": encodable(run.assignment)}
        return _top(0.0, f"{said}\n{wording.UNREADABLE_POINTS}", [], refused)
    (submission,) = run.submissions
    extra = {
        "assignment": encodable(run.assignment),
        "content_hash": encodable(run.content_hash),
        "student": encodable(submission.student),
        "status": submission.status,
        "max_score": _number(submission.max_score),
        "pending": _number(submission.pending),
    }
    if submission.status == "unreadable":
        return _top(0.0, unreadable_text(submission), [_unreadable(submission)], extra)
    lines = [score_text(submission)]
    if submission.problems:
        lines += [f"{wording.REMARKS}:", *map(one_line, submission.problems)]
    tests = [
        _test(f"{place}.{number}", question, answer, submission.file)
        for place, question in enumerate(submission.questions, start=1)
        for number, answer in enumerate(question.answers, start=1)
    ]
    return _top(submission.score or 0.0, "\n".join(lines), tests, extra)


def _top(
    score: float, output: str, tests: list[dict[str, Any]], extra: dict[str, Any]
) -> dict[str, Any]:
    return {
        "score": _number(score),
        "output": encodable(output),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": extra,
        "tests": tests,
    }


def _unreadable(submission: SubmissionReport) -> dict[str, Any]:
    return {
        "number": "0",
        "name": wording.UNREADABLE_TITLE,
        "score": 0.0,
        "max_score": _number(submission.max_score),
        "status": "failed",
        "output": encodable(unreadable_text(submission)),
        "output_format": "text",
        "tags": ["unreadable"],
        "visibility": "visible",
        "extra_data": {"status": "unreadable"},
    }


def _test(number: str, question: QuestionReport, answer: AnswerReport, file: str) -> dict[str, Any]:
    test: dict[str, Any] = {
        "number": number,
        "name": encodable(titled_name(answer, question.title)),
    }
    if answer.points is not None:
        test["score"] = _number(answer.points)
        test["max_score"] = _number(answer.max_points)
        test["status"] = "failed" if loses_points(answer) else "passed"
    test |= {
        "output": encodable(answer_text(answer, file)),
        "output_format": "text",
        "tags": list(dict.fromkeys(encodable(mistake.id) for mistake in answer.mistakes)),
        "visibility": "visible",
        "extra_data": {
            "question": encodable(answer.question),
            "answer": encodable(answer.answer),
            "verdict": answer.verdict,
            "pending": _number(answer.max_points if answer.points is None else 0.0),
            "mistakes": [
                {
                    "id": encodable(mistake.id),
                    "where": encodable(mistake.where),
                    "certainty": mistake.certainty,
                    "charged": mistake.charged,
                }
                for mistake in answer.mistakes
            ],
        },
    }
    return test


def _number(value: float) -> float:
    return round(float(value), 6) + 0.0


FORMAT = Format(
    "a Gradescope autograder",
    files=lambda job: {"results.json": gradescope_results(job.run)},
    needs_points=True,
    blames=True,
)
