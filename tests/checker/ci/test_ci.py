"""`checker ci` where jobs run: what it finds, says and writes, and how it leaves."""

import base64
import json
import os
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from junitparser import JUnitXml
from typer.testing import CliRunner

from checker.ci import finding, formats, platforms
from checker.ci import run as ci
from checker.ci.formats.classroom50 import identity
from checker.commands import ci as command

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "tests" / "cases" / "fit3181-a2"

TINY = """\
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {title: Inverse, points: 2, answers: {r: r}}
  q3: {title: Why, points: 6, answers: {text: {kind: text}}}
"""
RIGHT = "assignment: tiny\nstudent: ada\nanswers: {q1: 7, q2: 0.143, q3: Because.}\n"
HALF = "assignment: tiny\nstudent: bob\nanswers: {q1: 7, q2: 0.5555, q3: Because.}\n"
BROKEN = "assignment: tiny\nstudent: cy\nanswers: {q1: [7\n"
EVIL = """\
assignment: tiny
student: {id: "::stop-commands::x", name: "##[add-path]/evil"}
answers:
  q1: "::error::q1\\n::set-output name=score::100"
  q2: "\\r\\n::add-mask::0 ##[set-env name=A]b"
  "::error::key": 1
  q3: |-
    ::error::text
      ::warning file=x::text
    see ##[error]text
"""

app = typer.Typer(pretty_exceptions_enable=False)
command.register(app)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to work in, with the tiny assignment beside it, and no CI around."""
    for name in {n for p in platforms.PLATFORMS for n in (*p.known_by, p.root, p.bundle)} - {""}:
        monkeypatch.delenv(name, raising=False)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CHECKER_ASSIGNMENT", str(tmp_path / "tiny.yaml"))
    return folder


def put(folder, **files):
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(*arguments, **environ):
    result = CliRunner().invoke(app, [str(a) for a in arguments], env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# --- where it runs ----------------------------------------------------------------------------

CLASSROOM50 = {
    "CLASSROOM": "dl",
    "ASSIGNMENT": "hw2",
    "SUBMISSION_TAG": "submit/2026-09-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/o/dl-hw2-alice/commit/abc",
    "RELEASE_URL": "https://github.com/o/dl-hw2-alice/releases/tag/x",
}


@pytest.mark.parametrize(
    ("environ", "formats"),
    [
        ({}, ()),
        ({"CI": "true"}, ()),
        ({"GITHUB_ACTIONS": "true"}, ("github",)),
        ({"GITHUB_ACTIONS": "true", **CLASSROOM50}, ("github", "classroom50")),
        ({"GITLAB_CI": "true", "CI": "true"}, ("junit",)),
        ({"JENKINS_URL": "https://ci.example"}, ("junit",)),
    ],
)
def test_the_place_is_known_by_its_environment(environ, formats):
    assert platforms.detect(environ) == formats


def test_a_desk_gets_the_report_and_no_files(place):
    put(place, submission=RIGHT)
    result = run("ci")
    assert result.exit_code == 0
    assert "4 / 10" in result.stdout
    assert result.stderr == ""
    assert [path.name for path in place.iterdir()] == ["submission.yaml"]


# --- what it finds ----------------------------------------------------------------------------


def names(path, environ=None):
    found = finding.find(path, environ or {})
    return [p.relative_to(path).as_posix() for p in found.paths]


def test_a_submission_is_known_by_its_name(place):
    put(place, submission=RIGHT, other=HALF)
    put(place / "deep", submission=HALF)
    assert names(place) == ["submission.yaml"]


def test_other_yaml_files_of_a_repository_are_not_submissions(place):
    put(place, **{"homework-2": RIGHT, "mkdocs": "site: x\n", "tiny": TINY, "broken": BROKEN})
    put(place / ".github", workflow=RIGHT)
    put(place / "students", ada=RIGHT)
    assert names(place) == ["broken.yaml", "homework-2.yaml", "students/ada.yaml"]


def test_the_only_yaml_file_is_the_submission_however_broken(place):
    put(place, mine="{{{")
    assert names(place) == ["mine.yaml"]


def test_names_in_reports_start_from_the_repository(place, monkeypatch):
    put(place / "hw" / "two", submission=HALF)
    text = run("ci", "hw/two", "--format", "github").stdout
    assert "::error file=hw/two/submission.yaml,line=3," in text
    monkeypatch.chdir(place / "hw")
    text = run(
        "ci", "two", "--format", "github", GITHUB_WORKSPACE=str(place), GITHUB_ACTIONS="true"
    ).stdout
    assert "::error file=hw/two/submission.yaml,line=3," in text


def test_a_link_out_of_the_folder_is_not_followed(place):
    secret = place.parent / "secret.yaml"
    secret.write_text("token: hunter2\n", encoding="utf-8")
    (place / "submission.yaml").symlink_to(secret)
    for path in (".", "submission.yaml"):
        result = run("ci", path, "--format", "github")
        assert result.exit_code == 2
        assert "a link that leads out of the folder" in result.stdout
        assert "hunter2" not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="such files can't be made there")
def test_what_is_no_regular_file_is_reported_beside_good_ones(place):
    put(place, mine=RIGHT)
    (place / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(place / "pipe.yaml")
    result = run("ci")
    assert result.exit_code == 2
    assert "a named pipe" in result.output
    assert "symbolic links" in result.output


@pytest.mark.parametrize("path", [".", "answers.yaml"])
def test_nothing_handed_in_is_told_everywhere_and_leaves_with_2(place, path):
    put(place, mkdocs="site: x\n", environment="name: x\n")
    every = [
        part for name in formats.names() if name != "classroom50" for part in ("--format", name)
    ]
    result = run("ci", path, *every, GITHUB_OUTPUT=str(place / "outputs"))
    assert result.exit_code == 2
    said = "no submission was found" if path == "." else "there is no such file"
    assert said in result.stdout
    assert "::error " in result.stdout
    assert said in json.loads((place / "results.json").read_text("utf-8"))["output"]
    assert JUnitXml.fromfile(str(place / "junit.xml")).errors == 1
    assert (place / "outputs").read_text("utf-8").startswith("score<<")


def test_the_assignment_is_the_option_or_the_variable_or_in_the_bundle_or_named(place, tmp_path):
    put(place, submission=RIGHT)
    tiny = tmp_path / "tiny.yaml"
    assert run("ci", CHECKER_ASSIGNMENT=None).exit_code == 2
    assert run("ci", "--assignment", tiny, CHECKER_ASSIGNMENT="nonsense").exit_code == 0
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    shutil.copy(tiny, bundle / "assignment.yaml")
    environ = {"CHECKER_ASSIGNMENT": None, "CLASSROOM50_BUNDLE_DIR": str(bundle)}
    assert run("ci", **environ).exit_code == 0
    result = run("ci", CASES / "student-a.yaml", CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 0


def test_a_students_own_assignment_file_is_never_graded_against(place):
    put(place, submission=RIGHT, assignment=TINY, tiny=TINY)
    result = run("ci", CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 2
    assert "tiny" in result.stderr


@pytest.mark.parametrize("name", ["mine.yaml", "./mine.yaml", "sub/mine.yaml"])
def test_a_submission_cant_name_a_file_as_its_assignment(place, name):
    own = TINY.replace("assignment: tiny", f"assignment: {name}")
    for path in ("mine", "sub/mine", "submission"):
        put(place, **{path: own})
    put(place, submission=RIGHT.replace("tiny", name))
    result = run("ci", CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 2
    assert f"there is no assignment `{name}`" in result.stderr


@pytest.mark.parametrize("options", [(), ("--assignment", "fit3181-a2")])
def test_a_students_file_that_is_named_like_the_assignment_is_not_it(place, options):
    text = TINY.replace("assignment: tiny", "assignment: fit3181-a2")
    (place / "fit3181-a2").write_text(text, encoding="utf-8")
    put(place, submission=RIGHT.replace("tiny", "fit3181-a2"))
    result = run("ci", *options, CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 0
    assert "/ 25 points" in result.stdout


def test_a_file_that_cant_be_read_is_shown_why_and_nothing_else(place):
    put(place, submission=BROKEN)
    result = run("ci", "--format", "github", CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 2
    assert result.stderr.startswith("checker: submission.yaml:3:")
    assert len(result.stderr.splitlines()) == len(result.stdout.splitlines()) == 1
    assert result.stdout.startswith("::error file=submission.yaml,line=3,col=")


def test_files_that_name_no_assignment_are_told_so(place):
    put(place, one=BROKEN, two="student: ada\nanswers: {q1: 7}\n")
    result = run("ci", CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 2
    assert "checker: one.yaml:3:" in result.stderr
    assert "checker: .: no submission says which assignment it answers" in result.stderr
    assert str(place) not in result.stderr


def test_where_the_assignment_is_not_known_the_place_is_told_why_all_the_same(place, tmp_path):
    put(place, submission=BROKEN)
    summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
    every = [part for name in formats.names() for part in ("--format", name)]
    result = run(
        "ci",
        *every,
        CHECKER_ASSIGNMENT=None,
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_OUTPUT=str(outputs),
        **CLASSROOM50,
    )
    assert result.exit_code == 2
    assert "Wrote junit.xml" in result.stdout
    text = summary.read_text("utf-8")
    assert text.startswith(f"# {ci.NOTHING_GRADED}\n")
    assert "submission.yaml:3:" in text
    found = outputs_of(outputs)
    assert (found["score"], found["max_score"]) == ("", "")
    (test,) = json.loads(base64.b64decode(found["result"]))["tests"]
    assert "submission.yaml:3:" in test["message"]
    (suite,) = JUnitXml.fromfile(str(place / "junit.xml"))
    assert "submission.yaml:3:" in suite._elem.find(".//error").text
    # These know no result without points, and would make it a zero.
    assert not (place / "results.json").exists()
    assert not (place / "result.json").exists()


@pytest.mark.parametrize("assignment", [None, "tiny"])
def test_a_link_that_leads_out_is_told_where_no_assignment_is_known(place, tmp_path, assignment):
    (tmp_path / "secret.yaml").write_text(RIGHT, encoding="utf-8")
    (place / "submission.yaml").symlink_to(tmp_path / "secret.yaml")
    result = run("ci", CHECKER_ASSIGNMENT=assignment and str(tmp_path / "tiny.yaml"))
    assert result.exit_code == 2
    assert "submission.yaml: this is a link that leads out of the folder" in result.output
    assert "says which assignment" not in result.output


# --- how it ends ------------------------------------------------------------------------------


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


# --- GitHub -----------------------------------------------------------------------------------


def workflow_commands(output):
    """The lines of a log that GitHub's runner obeys."""
    return [line for line in output.splitlines() if line.strip()[:2] == "::" or "##[" in line]


def outputs_of(path):
    lines = path.read_text("utf-8").split("\n")
    assert [line.partition("<<")[0] for line in lines[::3] if line] == [
        "score",
        "max_score",
        "result",
    ]
    assert all(line.partition("<<")[2] == lines[3 * n + 2] for n, line in enumerate(lines[:-1:3]))
    return dict(zip(("score", "max_score", "result"), lines[1::3], strict=True))


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


# --- files ------------------------------------------------------------------------------------


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
