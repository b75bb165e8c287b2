import base64
import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from checker.ci.formats.github_classroom import LONGEST, github_classroom_result
from checker.cli import app
from checker.report import AnswerReport
from tests.checker.reports.test_plain import is_command

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "status", "max_score", "tests"],
    "properties": {
        "version": {"const": 1},
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": {"type": "number", "minimum": 0},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "status", "score", "message", "test_code", "duration"],
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "status": {"enum": ["pass", "fail", "error"]},
                    "score": {"type": "number", "minimum": 0},
                    "message": {"type": ["string", "null"]},
                    "test_code": {"type": "string"},
                    "filename": {"type": "string"},
                    "line_no": {"type": "integer", "minimum": 0},
                    "duration": {"type": "number"},
                },
            },
        },
    },
}


def decoded(run, *, passed=True):
    encoded = github_classroom_result(run, passed=passed)
    assert len(encoded) <= LONGEST
    result = json.loads(base64.b64decode(encoded, validate=True))
    Draft202012Validator(SCHEMA).validate(result)
    return result


def points_sent(result):
    """What the reporter sends to GitHub Classroom: the sum of the scores."""
    return sum(test["score"] for test in result["tests"]) if result["max_score"] else 0


def points_printed(result):
    """What the reporter prints: the share of tests that pass, of the points there are."""
    tests = result["tests"]
    return sum(t["status"] == "pass" for t in tests) / len(tests) * (result["max_score"] or 0)


def printed(result):
    """The lines that the reporter writes into the job's log."""
    for test in result["tests"]:
        line = f" - line {test['line_no']}" if test["line_no"] else ""
        match test["status"]:
            case "pass":
                text = f"\x1b[32m✅ {test['name']}{line}\x1b[0m"
            case "error":
                text = f"Error: {test['message'] or test['name']}\n\x1b[0m"
            case _:
                text = f"\x1b[31m❌ {test['name']}{line}\x1b[0m"
        if test["test_code"]:
            text += f"\nTest code:\n{test['test_code']}\n"
        yield from text.split("\n")


def one(run, place):
    return replace(run, submissions=(run.submissions[place],))


def graded(run, points):
    answers = tuple(
        AnswerReport("q1", f"a{n}", "wrong", reached, most, f"No, not {n}.", line=n + 1)
        for n, (reached, most) in enumerate(points)
    )
    submission = run.submissions[0]
    question = replace(submission.questions[0], answers=answers)
    total = sum(most for _, most in points)
    return replace(run, submissions=(replace(submission, questions=(question,), max_score=total),))


def test_github_classroom_result(rnn_run, golden):
    result = decoded(one(rnn_run, 0))
    text = json.dumps(result, indent=2, ensure_ascii=False)
    golden("github_classroom.json", text + "\n")


@pytest.mark.parametrize("place", range(5))
def test_points_and_passes_agree(rnn_run, place):
    run = one(rnn_run, place)
    result = decoded(run)
    submission = run.submissions[0]
    assert points_sent(result) == pytest.approx(points_printed(result))
    # Odd parts of points are rounded to a hundredth of all points.
    assert abs(points_sent(result) - (submission.score or 0)) <= submission.max_score / 200
    assert result["max_score"] == submission.max_score


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.fractions(0, 1, max_denominator=50), st.fractions("1/9", 9, max_denominator=9)
        ),
        min_size=1,
        max_size=15,
    )
)
def test_points_and_passes_agree_for_any_parts_of_points(rnn_run, parts):
    points = [(float(share * most), float(most)) for share, most in parts]
    result = decoded(graded(rnn_run, points))
    total = sum(most for _, most in points)
    assert points_sent(result) == pytest.approx(points_printed(result))
    assert abs(points_sent(result) - sum(reached for reached, _ in points)) <= total / 25
    assert len(result["tests"]) <= 200
    reasons = {test["line_no"] for test in result["tests"] if test["status"] != "pass"}
    for line, (reached, most) in enumerate(points, start=1):
        assert reached < most or line not in reasons


def test_halves_and_quarters_of_points_are_exact(rnn_run):
    result = decoded(graded(rnn_run, [(1.5, 3.0), (0.75, 1.0), (2.0, 2.0)]))
    assert len(result["tests"]) == 24
    assert points_sent(result) == 4.25
    assert points_printed(result) == 4.25


def test_the_reason_is_in_the_first_test_that_does_not_pass(rnn_run):
    result = decoded(graded(rnn_run, [(1.0, 3.0)]))
    assert [test["status"] for test in result["tests"]] == ["pass", "error", "fail"]
    assert [bool(test["message"]) for test in result["tests"]] == [False, True, False]
    assert "No, not 0." in result["tests"][1]["message"]


@pytest.mark.parametrize(("place", "passed", "status"), [(0, True, "pass"), (0, False, "fail")])
def test_the_status_is_what_the_job_should_be(rnn_run, place, passed, status):
    assert decoded(one(rnn_run, place), passed=passed)["status"] == status


def test_an_unreadable_file_is_an_error(rnn_run):
    result = decoded(one(rnn_run, 4), passed=False)
    assert result["status"] == "error"
    assert "This is not a zero" in result["tests"][0]["message"]


@settings(deadline=None)
@given(st.text(st.sampled_from(":#[] \n\r\u2060\u00ad\x85erro,=%")) | st.text())
def test_the_reporter_prints_no_command(with_text, text):
    result = decoded(with_text(text))
    assert not [line for line in printed(result) if is_command(line)]


def test_long_reasons_are_cut_until_the_result_fits_an_environment_variable(rnn_run):
    run = graded(rnn_run, [(0.0, 1.0)] * 150)
    question = run.submissions[0].questions[0]
    answers = tuple(replace(a, message="ü" * 5000) for a in question.answers)
    submission = replace(run.submissions[0], questions=(replace(question, answers=answers),))
    result = decoded(replace(run, submissions=(submission,)))
    assert len(result["tests"]) == 150


def reported(encoded):
    """What the reporter makes of a result, where its language is installed."""
    done = subprocess.run(
        ["node", Path(__file__).with_name("reporter.cjs")],
        env={"PATH": os.environ["PATH"], "INPUT_RUNNERS": "grade", "GRADE_RESULTS": encoded},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on the PATH")
@pytest.mark.parametrize(
    ("place", "passed", "ends"),
    [
        (0, True, "success"),
        (0, False, "Some tests failed."),
        (1, True, "success"),
        (2, True, "success"),
        (3, True, "success"),
        (4, False, "Some tests errored."),
    ],
)
def test_the_reporter_shows_and_sends_the_points_that_were_earned(rnn_run, place, passed, ends):
    run = one(rnn_run, place)
    found = reported(github_classroom_result(run, passed=passed))
    assert found["problems"] == []
    assert found["ends"] == ends
    assert found["sent"]["score"] == pytest.approx(found["shown"]["score"])
    submission = run.submissions[0]
    assert found["sent"]["max"] == found["shown"]["max"] == submission.max_score
    assert abs(found["sent"]["score"] - (submission.score or 0)) <= submission.max_score / 200
    assert not [line for line in found["lines"] if is_command(line)]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on the PATH")
def test_the_reporter_takes_what_the_command_writes_for_a_hostile_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answers = '{q3.2: {yhat_0: [1, "::set-output a=b::", 1]}}'
    text = f"assignment: fit3181-a2\nstudent: '::error::x'\nanswers: {answers}\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    arguments = ["ci", "mine.yaml", "-a", "fit3181-a2", "--format", "github-classroom"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    found = reported((tmp_path / "github-classroom.txt").read_text("utf-8").strip())
    assert found["problems"] == []
    assert found["sent"] == {"score": 0, "max": 25}
    assert any("set-output a=b" in line for line in found["lines"])
    assert not [line for line in found["lines"] if is_command(line)]
