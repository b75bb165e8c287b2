"""Artemis' custom feedback: one small JSON file for an answer, in the folder ``customFeedbacks``.

Artemis knows an answer by its name, gives the points that the teacher has set for that name if it
is successful, and nothing otherwise: a feedback has no points of its own. So an answer counts as
successful if it earned all of its points, as one does whose mistake is charged elsewhere. Feedback
that is not successful must have a message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from checker.ci.format import Format
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
from submissions_schema.submission import safe_file_stem

READABLE = "The file can be read"
"""The name of the feedback that every submission has."""


def artemis_feedbacks(run: RunReport) -> dict[str, str]:
    """Return the texts of the feedback files by their names."""
    several = len(run.submissions) > 1
    files: dict[str, str] = {}
    for submission in run.submissions:
        whose = one_line(f"{submission.student or submission.file}: ") if several else ""
        for name, successful, message in _feedbacks(submission):
            unique = said = f"{whose}{name}"
            number = 2
            while (stem := safe_file_stem(encodable(unique))) + ".json" in files:
                unique = f"{said} ({number})"
                number += 1
            feedback = {"name": encodable(unique), "successful": successful, "message": message}
            files[f"{stem}.json"] = json.dumps(feedback, ensure_ascii=False, indent=2) + "\n"
    return files


def _feedbacks(submission: SubmissionReport) -> Iterator[tuple[str, bool, str]]:
    if submission.status == "unreadable":
        yield READABLE, False, encodable(unreadable_text(submission))
        return
    lines = [score_text(submission)]
    if submission.problems:
        lines += [f"{wording.REMARKS}:", *map(one_line, submission.problems)]
    yield READABLE, True, encodable("\n".join(lines))
    for answer in submission.answers:
        text = encodable(answer_text(answer, submission.file))
        yield answer_name(answer), _successful(answer), text


def _successful(answer: AnswerReport) -> bool:
    return answer.points is not None and not loses_points(answer)


FORMAT = Format(
    "Artemis' custom feedback",
    files=lambda job: {f"customFeedbacks/{n}": t for n, t in artemis_feedbacks(job.run).items()},
    cleared="customFeedbacks/*.json",
)
