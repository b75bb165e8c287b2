"""Runs and exports to work with; every name is invented."""

from collections.abc import Callable, Sequence

import pytest

from checker.report import AnswerReport, QuestionReport, RunReport, SubmissionReport

ADA, BEN, CY = "Ada Example", "Ben Beispiel", "Cy Ejemplo"

MakeSubmission = Callable[..., SubmissionReport]
MakeRun = Callable[..., RunReport]


def _submission(  # noqa: PLR0913 - one argument for each thing that tests vary
    student: str,
    score: float | None = 7.5,
    *,
    name: str = "",
    file: str = "",
    pending: float = 0,
    max_score: float = 10,
    texts: Sequence[tuple[str, str]] = (),
) -> SubmissionReport:
    """A submission; ``texts`` are answers for a person, 2 points each: an id and a text."""
    file = file or f"{student}.yaml"
    if score is None:
        return SubmissionReport(
            student, name, file, "unreadable", None, max_score, 0, (f"{file}:1:1: broken",)
        )
    answers = [AnswerReport("q1", "h", "correct", score, score, "Right.")]
    answers += [
        AnswerReport(
            "q2",
            id,
            "ungraded",
            None,
            2,
            "3 words. Your teacher marks this answer.",
            written=text,
            line=5 + i,
            column=8,
        )
        for i, (id, text) in enumerate(texts)
    ]
    questions = (
        QuestionReport("q1", "Numbers", score, score, 0, (answers[0],)),
        *(
            [QuestionReport("q2", "Words", 0, 2 * len(texts), 2 * len(texts), tuple(answers[1:]))]
            if texts
            else []
        ),
    )
    waiting = pending or 2.0 * len(texts)
    status = "needs_review" if waiting else "graded"
    return SubmissionReport(student, name, file, status, score, max_score, waiting, (), questions)


def _run(*submissions: SubmissionReport) -> RunReport:
    return RunReport("hw-1", "Homework one", "sha256:" + "0" * 64, False, submissions)


@pytest.fixture(scope="session")
def submission() -> MakeSubmission:
    return _submission


@pytest.fixture(scope="session")
def make_run() -> MakeRun:
    return _run


@pytest.fixture(scope="session")
def three(submission, make_run) -> RunReport:
    """Three students as a Moodle download names them."""
    return make_run(
        submission("s1", 7.5, name=ADA, file=f"{ADA}_101_assignsubmission_file/mine.yaml"),
        submission("s2", 10, name=BEN, file=f"{BEN}_102_assignsubmission_file/mine.yaml"),
        submission("s3", 0, name=CY, file=f"{CY}_103_assignsubmission_file/mine.yaml"),
    )
