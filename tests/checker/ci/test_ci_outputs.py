"""How `checker ci` ends, what it writes, and what GitHub shows of it."""

import base64
import json
import re
from datetime import UTC, datetime

import pytest

from checker.ci import formats
from checker.ci.formats.classroom50 import identity
from tests.checker.ci.jobs import BROKEN, CLASSROOM50, EVIL, HALF, RIGHT, outputs_of, put, run


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (RIGHT, (), 0),
        (HALF, (), 0),
        (BROKEN, (), 2),
        (RIGHT, ("--fail-under", "100"), 0),  # what waits for a person isn't counted
        (HALF, ("--fail-under", "50"), 0),
        (HALF, ("--fail-under", "50.1"), 1),
        (BROKEN, ("--fail-under", "0"), 2),
        (HALF.replace("q1: 7, q2: 0.5555, ", ""), ("--fail-under", "1"), 1),
    ],
)
def test_a_job_fails_for_files_that_cant_be_read_and_below_the_percentage(
    place, text, options, code
):
    put(place, submission=text)
    assert run("ci", *options).exit_code == code


def test_one_submission_below_the_percentage_is_enough(place):
    put(place, ada=RIGHT, bob=HALF)
    assert run("ci", "--fail-under", "60").exit_code == 1


def test_our_own_fault_leaves_with_3_and_blames_no_student(place, monkeypatch):
    from checker.grading import Grader  # noqa: PLC0415

    def fails(*_):
        raise RuntimeError("oops")

    monkeypatch.setattr(Grader, "grade_file", fails)
    put(place, submission=RIGHT)
    result = run("ci", "--format", "gradescope", "--format", "junit")
    assert result.exit_code == 3
    assert "our fault" in result.stderr
    assert not (place / "results.json").exists()
    assert (place / "junit.xml").exists()


def test_a_place_that_cant_be_written_to_is_said(place):
    put(place, submission=RIGHT)
    (place / "junit.xml").mkdir()
    result = run("ci", "--format", "junit")
    assert result.exit_code == 2
    assert "can't write" in result.stderr
    assert not list(place.glob(".writing-*"))


def workflow_commands(output):
    """The lines of a log that GitHub's runner obeys."""
    return [line for line in output.splitlines() if line.strip()[:2] == "::" or "##[" in line]


def test_github_gets_annotations_a_summary_and_outputs(place, tmp_path):
    put(place, submission=HALF)
    summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
    summary.write_text("Before.\n", encoding="utf-8")
    result = run(
        "ci",
        GITHUB_ACTIONS="true",
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_OUTPUT=str(outputs),
    )
    assert result.exit_code == 0
    (annotation,) = workflow_commands(result.output)
    assert annotation.startswith("::error file=submission.yaml,line=3,col=22,title=q2 r%3A Wrong")
    text = summary.read_text("utf-8")
    assert text.startswith("Before.\n# A tiny sheet\n")
    found = outputs_of(outputs)
    assert (found["score"], found["max_score"]) == ("2", "10")
    assert json.loads(base64.b64decode(found["result"]))["max_score"] == 10


def test_an_unreadable_file_has_no_score_which_is_not_0(place, tmp_path):
    put(place, submission=BROKEN)
    outputs = tmp_path / "outputs"
    run("ci", GITHUB_ACTIONS="true", GITHUB_OUTPUT=str(outputs))
    found = outputs_of(outputs)
    assert (found["score"], found["max_score"]) == ("", "10")
    assert json.loads(base64.b64decode(found["result"]))["status"] == "error"


def test_a_summary_that_is_nearly_full_stays_below_its_limit(place, tmp_path):
    put(place, submission=HALF)
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (1024 * 1024 - 300))
    run("ci", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert 1024 * 1024 - 300 < summary.stat().st_size <= 1024 * 1024


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("formats", [(), ("--format", "github")])
def test_no_text_of_a_student_becomes_a_command_of_the_log(place, several, formats):
    put(place, **{"::error::a" if several else "submission": EVIL})
    if several:
        put(place, **{"##[error]b": EVIL, "c": EVIL[:40]})
    result = run("ci", *formats)
    found = workflow_commands(result.stdout)
    assert workflow_commands(result.stderr) == []
    assert bool(found) == bool(formats)
    for line in found:
        assert re.match("::(error|warning|notice) file=|::error title=", line)
        properties = line[2 : line.index("::", 2)]
        assert "submission.yaml" in properties or several


def test_every_format_can_be_written_at_once(place, tmp_path):
    put(place, submission=HALF)
    (place / "customFeedbacks").mkdir()
    (place / "customFeedbacks" / "old.json").write_text("{}", encoding="utf-8")
    every = [part for name in formats.names() for part in ("--format", name)]
    out = tmp_path / "out"
    result = run("ci", *every, "--out", out, **CLASSROOM50)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert f"Wrote {out}/junit.xml\n" in result.stdout
    assert result.stdout.count("customFeedbacks") == 1
    written = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert [name for name in written if not name.startswith("customFeedbacks/")] == [
        "feedback/bob.html",
        "github-classroom.txt",
        "junit.xml",
        "release-body.md",
        "result.json",
        "results.json",
    ]
    assert sum(name.startswith("customFeedbacks/") for name in written) == 4
    run("ci", *every, "--out", place, **CLASSROOM50)
    assert not (place / "customFeedbacks" / "old.json").exists()


def test_no_folder_of_a_student_leads_what_is_written_or_cleared_elsewhere(place, tmp_path):
    put(place, submission=HALF)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.json").write_text("{}", encoding="utf-8")
    for name in ("customFeedbacks", "feedback"):
        (place / name).symlink_to(elsewhere)
    (place / "junit.xml").symlink_to(elsewhere / "kept.json")
    formats = [part for name in ("artemis", "html", "junit") for part in ("--format", name)]
    assert run("ci", *formats).exit_code == 0
    assert [path.name for path in elsewhere.iterdir()] == ["kept.json"]
    assert (elsewhere / "kept.json").read_text("utf-8") == "{}"
    assert (place / "feedback" / "bob.html").is_file()


def test_classroom50_gets_its_result_in_the_working_directory(place):
    put(place, submission=HALF)
    result = run("ci", GITHUB_ACTIONS="true", OWNER="alice", GITHUB_ACTOR="alice", **CLASSROOM50)
    assert result.exit_code == 0
    found = json.loads((place / "result.json").read_text("utf-8"))
    assert found["score"] == 200
    assert found["max-score"] == 1000
    assert found["owner"] == "alice"
    assert found["review"] == CLASSROOM50["COMMIT_URL"]
    assert found["datetime"] == "2026-09-01T14:32:05Z"
    assert found["submitted_by"] == {"username": "alice", "id": None}


def test_the_identity_comes_from_the_environment():
    now = datetime(2026, 9, 2, 10, 0, 5, tzinfo=UTC)
    environ = {
        **CLASSROOM50,
        "ASSIGNMENT_TYPE": "Team",
        "REVIEW_URL": "https://github.com/r",
        "GITHUB_REPOSITORY": "o/dl-hw2-alice",
        "GITHUB_ACTOR": "bob",
        "GITHUB_ACTOR_ID": "7",
        "SUBMISSION_TAG": "submit/by-hand",
    }
    found = identity(environ, now)
    assert found.assignment_type == "team"
    assert found.owner == "alice"
    assert found.review == "https://github.com/r"
    assert found.datetime == found.graded_at == "2026-09-02T10:00:05Z"
    assert found.submitted_by_id == 7


def test_classroom50_without_its_variables_is_refused_before_grading(place):
    put(place, submission=HALF)
    result = run("ci", "--format", "classroom50", CLASSROOM="dl")
    assert result.exit_code == 2
    assert "$ASSIGNMENT, $SUBMISSION_TAG, $COMMIT_URL, $RELEASE_URL not set" in result.stderr
