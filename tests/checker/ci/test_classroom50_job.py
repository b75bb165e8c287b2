"""A whole run of Classroom 50, by the rules of its runner that concern an autograder."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
AUTOGRADER = ROOT / "docs" / "classroom50" / "autograder.py"
ASSIGNMENT = """\
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {points: 2, answers: {r: r}}
  q3: {title: Why, points: 6, answers: {text: {kind: text}}}
"""
RIGHT = "assignment: tiny\nstudent: ada\nanswers: {q1: 7, q2: 0.143, q3: Because.}\n"
WRONG = "assignment: tiny\nstudent: bob\nanswers: {q1: 8.31, q2: 0.143, q3: Because.}\n"
BROKEN = "assignment: tiny\nstudent: cy\nanswers: {q1: [7\n"


@pytest.fixture
def classroom50(tmp_path):
    """A runner that hands a student's repository to our autograder and reads what it leaves."""
    bundle, repository, temporary = (tmp_path / name for name in ("bundle", "repository", "temp"))
    for folder in (bundle, repository, temporary / "homework-checker" / "bin"):
        folder.mkdir(parents=True)
    shutil.copy(AUTOGRADER, bundle)
    (bundle / "assignment.yaml").write_text(ASSIGNMENT, encoding="utf-8")
    python = temporary / "homework-checker" / "bin" / "python"
    # The environment that the autograder would make; this one has the checker already.
    python.write_text(f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n", encoding="utf-8")
    python.chmod(0o755)

    def run(**files):
        for name, text in files.items():
            (repository / f"{name}.yaml").write_text(text, encoding="utf-8")
        outputs, summary = tmp_path / "outputs", tmp_path / "summary.md"
        outputs.write_text("head-sha=abc\n", encoding="utf-8")
        summary.write_text("", encoding="utf-8")
        for name in ("result.json", "release-body.md"):
            (repository / name).unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, str(bundle / "autograder.py")],
            cwd=repository,
            env={
                **{k: v for k, v in os.environ.items() if k != "CHECKER_ASSIGNMENT"},
                "PYTHONPATH": str(ROOT),
                "RUNNER_TEMP": str(temporary),
                "GITHUB_ACTIONS": "true",
                "GITHUB_WORKSPACE": str(repository),
                "GITHUB_OUTPUT": str(outputs),
                "GITHUB_STEP_SUMMARY": str(summary),
                "CLASSROOM50_BUNDLE_DIR": str(bundle),
                "CLASSROOM": "dl",
                "ASSIGNMENT": "hw2",
                "ASSIGNMENT_TYPE": "individual",
                "OWNER": "ada",
                "USERNAME": "ada",
                "SUBMISSION_TAG": "submit/2026-09-01T14-32-05Z-a1b2c3d",
                "COMMIT_URL": "https://github.com/o/dl-hw2-ada/commit/abc",
                "RELEASE_URL": "https://github.com/o/dl-hw2-ada/releases/tag/x",
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            return {"status": "error", "summary": f"autograder exited {done.returncode}"}, None, ""
        result = json.loads((repository / "result.json").read_text("utf-8"))
        lines = outputs.read_text("utf-8").splitlines()
        told = dict(
            line.split("=", 1) for line in lines if line.startswith(("status=", "summary="))
        )
        assert summary.read_text("utf-8") == ""  # The runner puts the release's body there.
        return told, result, (repository / "release-body.md").read_text("utf-8")

    return run


def test_a_perfect_submission_with_an_essay_pending_is_a_success(classroom50):
    told, result, body = classroom50(submission=RIGHT)
    assert told["status"] == "success"
    assert told["summary"] == "A tiny sheet: 4 / 10 points so far, 6 of 10 points wait for a person"
    assert [test["passed"] for test in result["tests"]] == [True, True, True]
    assert result["tests"][1]["test-name"] == "q2 r"
    assert body.startswith("# A tiny sheet\n")


def test_the_student_reads_why_an_answer_is_wrong(classroom50):
    told, result, body = classroom50(submission=WRONG)
    assert told["status"] == "failure"
    assert [test["passed"] for test in result["tests"]] == [False, True, True]
    assert "8.31" in body
    assert "0.14285" not in body  # The key stays with the teacher.


def test_a_file_that_cant_be_read_keeps_its_explanation(classroom50):
    told, result, body = classroom50(submission=BROKEN)
    assert told["status"] == "error"
    assert result["score"] == 0
    assert result["max-score"] == 1000
    assert "submission.yaml:3:" in result["tests"][0]["message"]
    assert "submission.yaml:3:" in body


def test_no_code_and_no_assignment_of_a_student_counts(classroom50, tmp_path):
    repository = tmp_path / "repository"
    for module in ("yaml.py", "checker.py", "venv.py"):
        (repository / module).write_text("raise SystemExit('a module of the student')\n", "utf-8")
    easy = ASSIGNMENT.replace("sum(x)", "sum(x) + 1.31")
    told, _, _ = classroom50(submission=WRONG, assignment=easy)
    assert told["status"] == "failure"


def test_the_workflow_for_the_old_classroom_is_what_its_reporter_looks_for():
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"```ya?ml\n(.*?)```", text, re.DOTALL)]
    jobs = [block["jobs"] for block in blocks if "jobs" in block]
    (job,) = [one["run-autograding-tests"] for one in jobs if "run-autograding-tests" in one]
    grades, reporter = job["steps"][1:]
    runner = reporter["with"]["runners"]
    assert runner == grades["id"]
    assert runner.isalnum()
    assert reporter["env"] == {f"{runner.upper()}_RESULTS": "${{ steps.grade.outputs.result }}"}
