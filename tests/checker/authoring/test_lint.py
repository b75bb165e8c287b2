"""``checker lint``: what it says where, what it leaves out, how it leaves."""

import json
import time

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from checker import cli
from checker.authoring.lint.checks import checks
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.assignment import build_assignment
from reference_solutions.shipped import shipped_assignments
from submissions_schema.assignment_file import load_assignment_file

SHEET = """\
assignment: layer
title: A layer (3 points)
given:
  W: [[1, 2], [0, 1]]
  x: [1, 1]
  b: [1, 0]
  unneeded: 3
steps:
  h: relu(W @ x + b)
questions:
  q: {points: 2, answers: {h: h}}
"""


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "layer.yaml"
    path.write_text(SHEET)
    return path


def lint(*arguments):
    return CliRunner().invoke(cli.app, ["lint", *map(str, arguments)])


def test_remarks_are_said_with_line_and_column_the_worst_first(sheet):
    done = lint(sheet)
    assert done.exit_code == 1
    lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert [line.partition(": ")[0] for line in lines[:-1]] == [
        f"{sheet}:2:8",
        f"{sheet}:9:6",
        f"{sheet}:7:3",
    ]
    assert [line.split(": ")[1] for line in lines[:-1]] == ["points", "hidden-mistake", "unused"]
    assert "says 3 points, but the sheet has 2" in lines[0]
    assert "`relu-left-out`" in lines[1]
    assert lines[-1] == (
        "layer: 3 remarks. Of 8 common mistakes the asked digits show 5 and tell 5 from every "
        "other (62%)."
    )


def test_what_would_help_is_computed(sheet):
    (hint,) = [line for line in lint(sheet).stdout.splitlines() if line.startswith("    With")]
    name, _, value = hint.partition("`")[2].partition("`")[0].partition(" = ")
    at = tuple(int(part) for part in name.partition("[")[2].rstrip("]").split(", "))
    data = yaml.safe_load(SHEET)
    entry = data["given"][name.partition("[")[0]]
    for part in at[:-1]:
        entry = entry[part]
    entry[at[-1]] = float(value)
    z = np.array(data["given"]["W"]) @ data["given"]["x"] + data["given"]["b"]
    assert (z < 0).any()
    assert "all 3 show" in hint


def test_a_check_or_one_of_its_remarks_can_be_ignored(sheet):
    done = lint(sheet, "--ignore", "hidden-mistake/h", "--ignore", "unused", "--ignore", "points")
    assert done.exit_code == 0
    assert done.stdout.startswith("layer: nothing to remark, 3 ignored.")


def test_the_sheet_can_say_why_something_is_meant_so(sheet):
    why = "lint: {ignore: {points: a bonus, unused/unneeded: for later, hidden-mistake: easy}}\n"
    sheet.write_text(SHEET + why)
    assert lint(sheet).exit_code == 0
    data = json.loads(lint(sheet, "--format", "json").stdout)
    reasons = {one["check"]: one["reason"] for one in data["sheets"][0]["ignored"]}
    assert reasons == {"points": "a bonus", "unused": "for later", "hidden-mistake": "easy"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{unsed: x}", "there is no check `unsed`; did you mean `unused`?"),
        ("{unused: ''}", "a reason is missing"),
        ("{unused: 7}", "unused"),
    ],
)
def test_what_is_ignored_needs_a_check_and_a_reason(sheet, settings, words):
    sheet.write_text(f"{SHEET}lint: {{ignore: {settings}}}\n")
    done = lint(sheet)
    if settings == "{unused: 7}":
        assert done.exit_code == 1
        return
    assert done.exit_code == 2
    assert words in done.stderr
    assert f"{sheet}:12:" in done.stderr


def test_ignoring_for_nothing_is_remarked_on(sheet):
    sheet.write_text(f"{SHEET}lint: {{ignore: {{tie: none here}}}}\n")
    assert f"{sheet}:12:17: needless-ignore" in lint(sheet).stdout


def test_an_unknown_check_on_the_command_line_is_refused(sheet):
    done = lint(sheet, "--ignore", "tiez")
    assert done.exit_code == 2
    assert "did you mean `tie`?" in done.stderr


def test_fix_numbers_proposes_data_that_load_and_show_more(sheet, tmp_path):
    done = lint(sheet, "--fix-numbers", "--format", "json")
    (found,) = json.loads(done.stdout)["sheets"]
    better = found["better_numbers"]
    assert better["coverage"]["told_apart"] > found["coverage"]["told_apart"]
    given = {**yaml.safe_load(SHEET)["given"], **better["given"]}
    numbers = "".join(f"  {name}: {value}\n".replace("'", "") for name, value in given.items())
    again = tmp_path / "again.yaml"
    before, _, after = SHEET.partition("given:\n")
    again.write_text(f"{before}given:\n{numbers}{after[after.index('steps:') :]}")
    (changed,) = json.loads(lint(again, "--format", "json").stdout)["sheets"]
    assert changed["coverage"] == better["coverage"]
    for value in better["given"].values():
        array = np.array(value, dtype=float)
        assert (array == np.round(array)).all()
        assert (np.abs(array) <= 3).all()


def test_fix_numbers_prints_what_to_paste(sheet):
    done = lint(sheet, "--fix-numbers")
    pasted = done.stdout[done.stdout.index("given:") :]
    assert "# was [" in pasted
    assert set(yaml.safe_load(pasted)["given"]) <= {"W", "x", "b"}


def test_several_sheets_are_looked_at_in_one_call(sheet):
    done = lint(sheet, "fit3181-a2")
    assert done.exit_code == 1
    assert "fit3181-a2: nothing to remark" in done.stdout


def test_no_sheet_and_no_file_are_refused(tmp_path):
    assert lint().exit_code == 2
    missing = lint(tmp_path / "no.yaml")
    assert missing.exit_code == 2
    assert "no.yaml" in missing.stderr


def test_all_checks_are_listed_with_what_they_look_for():
    done = lint("--checks")
    assert done.exit_code == 0
    for check in checks().values():
        assert f"{check.id}\n    {check.says}\n" in done.stdout


@pytest.mark.parametrize("id", shipped_assignments())
def test_a_shipped_assignment_is_clean_or_says_why_not(id):
    before = time.process_time()
    done = lint(id)
    assert time.process_time() - before < 10
    assert done.exit_code == 0, done.stdout


def test_mistakes_that_are_said_to_show_change_a_digit():
    path = shipped_assignments()["fit3181-a2"]
    loaded = load_assignment_file(path)
    sheet = LintedSheet(loaded, build_assignment(loaded))
    mistakes = sheet.mistakes
    digits = [sheet.key.asked[i].matching.min_significant_figures for i in range(9)]
    assert set(digits) == {3}
    for row, edit in enumerate(mistakes.edits):
        found = sheet.graph.edited(edit.replacements).evaluate(sheet.key.layout.targets)
        differs = any(
            value is not None
            and [f"{v:.2e}" for v in value.ravel()]
            != [f"{v:.2e}" for v in sheet.graph.value(node).ravel()]
            for node, value in found.items()
        )
        assert differs or not mistakes.now.shows[row]
