"""The students' commands: what they print where, what they write, and how they leave."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from checker.students.handout import handout_text, make_handout, read_handout
from reference_solutions.shipped import shipped_assignments
from submissions_schema.yaml_reader import parse_document

ROOT = Path(__file__).resolve().parents[3]

OWN = """\
assignment: own
title: A sheet of my own
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {title: Inverse, points: 3, answers: {r: r}}
"""
MINE = "assignment: own\nstudent: me\nanswers: {q1: 7, q2: 0.143}\n"


@pytest.fixture
def own(here):
    path = here / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["template", "schema", "handout"])
def test_an_output_is_printed_or_written_to_a_file(run, here, shipped, command):
    printed = run(command, shipped)
    assert printed.exit_code == 0
    assert printed.stderr == ""
    written = run(command, shipped, "--out", "out.txt")
    assert (written.exit_code, written.stdout) == (0, "")
    assert (here / "out.txt").read_text(encoding="utf-8") == printed.stdout
    assert [path.name for path in here.iterdir()] == ["out.txt"]


def test_all_of_it_works_from_the_handout_alone(run, own, here):
    handout = here / "own.handout.yaml"
    assert run("handout", own, "--out", handout).exit_code == 0
    from_key = [run(command, own).stdout for command in ("template", "schema")]
    own.unlink()
    assert [run(command, handout).stdout for command in ("template", "schema")] == from_key
    assert run("handout", handout).stdout == handout.read_text(encoding="utf-8")
    (here / "mine.yaml").write_text(MINE, encoding="utf-8")
    for arguments in ((), ("--assignment", handout)):
        result = run("validate", "mine.yaml", *arguments)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == "mine.yaml: in the right form; 2 of 2 answers are given\n"


def test_the_schema_is_a_schema(run, shipped):
    Draft202012Validator.check_schema(json.loads(run("schema", shipped).stdout))


def test_the_handout_is_read_back(run, shipped, assignment_of):
    text = run("handout", shipped, "--with-given").stdout
    expected = make_handout(assignment_of(shipped), with_given=True)
    assert read_handout(parse_document(text, "handout.yaml")) == expected
    assert yaml.safe_load(text)["handout"] == 1


def test_a_template_is_never_written_over_answers_unless_forced(run, own, here):
    (here / "mine.yaml").write_text(MINE, encoding="utf-8")
    refused = run("template", own, "--out", "mine.yaml")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert (here / "mine.yaml").read_text(encoding="utf-8") == MINE
    assert run("template", own, "--out", "mine.yaml", "--force").exit_code == 0
    assert (here / "mine.yaml").read_text(encoding="utf-8") != MINE


@pytest.mark.parametrize("command", ["handout", "schema"])
def test_the_assignment_itself_is_never_written_over(run, own, command):
    refused = run(command, own, "--out", own)
    assert refused.exit_code == 2
    assert own.read_text(encoding="utf-8") == OWN


def test_a_template_takes_the_schemas_address_and_the_students_id(run, own):
    text = run("template", own, "--schema", "https://x.org/a.json", "--student", "s123").stdout
    assert text.startswith("# yaml-language-server: $schema=https://x.org/a.json\n")
    assert yaml.safe_load(text)["student"] == {"id": "s123"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("template", "nothing-there"),
        ("schema", "nothing.yaml"),
        ("handout", "nothing.yaml"),
        ("template", "own.yaml", "--out", "no/such/folder.yaml"),
        ("validate", "mine.yaml", "--assignment", "nothing-there"),
    ],
)
def test_a_call_that_cannot_be_used_leaves_with_2_and_says_why(run, own, here, arguments):
    (here / "mine.yaml").write_text(MINE, encoding="utf-8")
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("checker: ")


def test_a_handout_without_given_data_cannot_give_them(run, own, here):
    run("handout", own, "--out", "own.handout.yaml")
    result = run("handout", "own.handout.yaml", "--with-given")
    assert result.exit_code == 2
    assert "without given data" in result.stderr


def test_problems_leave_with_2_and_stand_on_lines_of_their_own(run, own, here):
    bad = here / "bad.yaml"
    bad.write_text(MINE.replace("0.143", "0,143").replace("q1", "q7"), encoding="utf-8")
    result = run("validate", "bad.yaml", "--assignment", "own.yaml")
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[0].startswith("bad.yaml:3:11: error: there is no question `q7`")
    assert lines[-1].startswith("bad.yaml: ")
    assert all(re.match(r"bad\.yaml:\d+:\d+: (error|note): ", line) for line in lines[:-1])


def test_every_file_is_looked_at_whatever_is_wrong_with_another(run, own, here):
    (here / "good.yaml").write_text(MINE, encoding="utf-8")
    (here / "broken.yaml").write_text("assignment: [", encoding="utf-8")
    (here / "other.yaml").write_text(MINE.replace("own", "other"), encoding="utf-8")
    (here / "nobody.yaml").write_text("a: 1\n", encoding="utf-8")
    run("handout", own, "--out", "own.handout.yaml")
    files = ("none.yaml", "broken.yaml", "other.yaml", "nobody.yaml", ".", "good.yaml")
    result = run("validate", *files)
    assert result.exit_code == 2
    assert "none.yaml: error: there is no such file" in result.stdout
    assert "broken.yaml:2:1: error: " in result.stdout
    assert "other.yaml:1:13: error: there is no assignment `other`" in result.stdout
    assert "nobody.yaml:1:1: error: the file does not say which assignment" in result.stdout
    assert "this is not a file" in result.stdout
    assert "good.yaml: in the right form" in result.stdout


def test_a_shipped_assignment_is_found_by_what_the_file_says(run, cases):
    files = [
        file for name in shipped_assignments() for file in sorted((cases / name).glob("*.yaml"))
    ]
    assert files
    result = run("validate", *files)
    assert result.exit_code == 0
    assert result.stdout.count("in the right form") == len(files)


def test_an_assignment_that_there_is_not_is_said_of_the_argument_that_named_it(run, here):
    (here / "a.yaml").write_text(MINE, encoding="utf-8")
    for command in ("template", "schema", "handout"):
        assert run(command, "nope").stderr.startswith("checker: ASSIGNMENT: there is no assignment")
    said = run("validate", "a.yaml", "-a", "nope").stderr
    assert said.startswith("checker: --assignment: there is no assignment `nope`")


def test_a_file_that_is_named_like_a_shipped_assignment_is_not_it(run, here):
    before = run("template", "fit3181-a2").stdout
    (here / "fit3181-a2").write_text("assignment: x\n", encoding="utf-8")
    assert run("template", "fit3181-a2").stdout == before


def test_others_are_passed_over_only_when_asked(run, own, here):
    (here / "workflow.yaml").write_text("on: push\njobs: {}\n", encoding="utf-8")
    (here / "good.yaml").write_text(MINE, encoding="utf-8")
    arguments = ("validate", "own.yaml", "workflow.yaml", "good.yaml", "-a", "own.yaml")
    assert run(*arguments).exit_code == 2
    result = run(*arguments, "--skip-others")
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1


def test_a_text_from_a_file_drives_no_terminal(run, own, here):
    (here / "bad.yaml").write_text(
        'assignment: own\nstudent: me\nanswers: {"\\u200f\\u202eq1": 1, q2: "\\u2028x"}\n',
        encoding="utf-8",
    )
    out = run("validate", "bad.yaml", "-a", "own.yaml").stdout
    assert all(line.isprintable() for line in out.splitlines())


def test_the_hook_runs_the_command(run, own, here):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["language"], hook["types"]) == ("python", ["yaml"])
    program, *arguments = hook["entry"].split()
    assert program == "checker"
    (here / "good.yaml").write_text(MINE, encoding="utf-8")
    assert run(*arguments, "--assignment", "own.yaml", "good.yaml", "own.yaml").exit_code == 0


@pytest.mark.parametrize("name", ["numpy", "pydantic", "yaml", "jinja2", "rich"])
def test_the_commands_are_registered_without_loading_what_they_need(name):
    code = (
        "import sys, typer; from checker.commands.students import register;"
        f"register(typer.Typer()); sys.exit({name!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_same_assignment_makes_the_same_bytes(assignment_of, shipped):
    assignment = assignment_of(shipped)
    assert handout_text(make_handout(assignment)) == handout_text(make_handout(assignment))
