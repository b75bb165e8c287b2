"""`checker ci` where jobs run: what it finds and says."""

import base64
import json
import os
import shutil
import sys

import pytest
from junitparser import JUnitXml

from checker.ci import finding, formats, platforms
from checker.ci import run as ci
from tests.checker.ci.jobs import (
    BROKEN,
    CASES,
    CLASSROOM50,
    HALF,
    RIGHT,
    outputs_of,
    put,
    run,
)
from tests.checker.tiny import WITH_TEXT


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


def names(path, environ=None):
    found = finding.find(path, environ or {})
    return [p.relative_to(path).as_posix() for p in found.paths]


def test_a_submission_is_known_by_its_name(place):
    put(place, submission=RIGHT, other=HALF)
    put(place / "deep", submission=HALF)
    assert names(place) == ["submission.yaml"]


def test_other_yaml_files_of_a_repository_are_not_submissions(place):
    put(place, **{"homework-2": RIGHT, "mkdocs": "site: x\n", "tiny": WITH_TEXT, "broken": BROKEN})
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
    put(place, submission=RIGHT, assignment=WITH_TEXT, tiny=WITH_TEXT)
    result = run("ci", CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 2
    assert "tiny" in result.stderr


@pytest.mark.parametrize("name", ["mine.yaml", "./mine.yaml", "sub/mine.yaml"])
def test_a_submission_cant_name_a_file_as_its_assignment(place, name):
    own = WITH_TEXT.replace("assignment: tiny", f"assignment: {name}")
    for path in ("mine", "sub/mine", "submission"):
        put(place, **{path: own})
    put(place, submission=RIGHT.replace("tiny", name))
    result = run("ci", CHECKER_ASSIGNMENT=None)
    assert result.exit_code == 2
    assert f"there is no assignment `{name}`" in result.stderr


@pytest.mark.parametrize("options", [(), ("--assignment", "fit3181-a2")])
def test_a_students_file_that_is_named_like_the_assignment_is_not_it(place, options):
    text = WITH_TEXT.replace("assignment: tiny", "assignment: fit3181-a2")
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
