"""Reports on the real submissions, and on single answers to their homework."""

import json

import pytest

from tests.checker.cases.homework import STUDENTS


@pytest.fixture(scope="module")
def real(bench, cases):
    """The report on the real submission to an assignment, by question and answer."""

    def real(assignment: str):
        name = f"{STUDENTS[assignment]}.yaml"
        report = bench(assignment).grader.grade_file(cases / assignment / name, name)
        return report, {(a.question, a.answer): a for a in report.answers}

    return real


@pytest.fixture(scope="module")
def one(bench):
    """The report on a single answer; a text is put in quotes."""

    def one(assignment: str, question: str, answer: str, written: object):
        text = f"  {json.dumps(question)}: {{{json.dumps(answer)}: {json.dumps(written)}}}"
        report = bench(assignment).grade(text)
        assert not report.problems
        return next(a for a in report.answers if (a.question, a.answer) == (question, answer))

    return one
