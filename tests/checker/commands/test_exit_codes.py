"""What a command leaves with, and what it says where something can't be used."""

import re
import sys

import numpy as np
import pytest

from checker import cli
from checker.grading import Grader
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment
from tests.checker.commands.calls import (
    RIGHT,
    STUDENT_B,
    TINY,
    WRONG,
    checker,
    gradebook,
    put,
    submission,
)


def test_all_right_leaves_with_0(tiny, folder, out):
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    result = checker("check", file, "--assignment", tiny)
    assert result.exit_code == 0
    assert "5 / 5" in result.stdout
    assert result.stderr == ""

    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == f"Open {out}/index.html to read the reports."
    assert submission(out, "a.yaml")["status"] == "graded"


def test_an_answer_for_a_person_is_not_a_wrong_one(tmp_path, folder, out):
    sheet = TINY.replace("{r: r}", "{r: {kind: text}}")
    path = put(tmp_path, "tiny.assignment", sheet)
    put(folder, "a.yaml", "assignment: tiny\nstudent: a\nanswers: {q1: 7, q2: Because.}\n")
    result = checker("grade", folder, "--assignment", path, "--out", out)
    assert result.exit_code == 0
    assert submission(out, "a.yaml")["status"] == "needs_review"
    assert submission(out, "a.yaml")["pending"] == 3


@pytest.mark.parametrize(
    "answers",
    ["{q1: 7, q2: 0.5555}", "{q1: 7}", "{q1: 7, q2: [1, 2]}", "{q1: 7, q2: 0.1}"],
    ids=["wrong", "missing", "wrong shape", "too coarse"],
)
def test_some_wrong_leaves_with_1(tiny, folder, out, answers):
    file = put(folder, "a.yaml", f"assignment: tiny\nstudent: a\nanswers: {answers}\n")
    assert checker("check", file, "--assignment", tiny).exit_code == 1
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 1


def test_the_shipped_assignments_reference_is_right(folder, out):
    assignment = load_assignment(find_assignment("fit3181-a2"))
    lines = ["assignment: fit3181-a2", "student: reference", "answers:", "  q1: One.", "  q2: Two."]
    for question, asked in assignment.by_question.items():
        if any(item.target is None for item in asked):
            continue
        lines.append(f"  {question}:")
        for item in asked:
            value = assignment.reference.graph.value(item.target.node)
            lines.append(f"    {item.answer}: {np.round(value, 8).tolist()}")
    put(folder, "reference.yaml", "\n".join(lines))
    result = checker("grade", folder, "--out", out)
    assert result.exit_code == 0
    assert submission(out, "reference.yaml")["score"] == 19


UNREADABLE = {
    "brackets.yaml": (b"[" * 50_000, "nested too deeply"),
    "twice.yaml": (
        b"assignment: tiny\nanswers: {}\nassignment: tiny\n",
        "line 1 and again on line 3",
    ),
    "empty.yaml": (b"", "empty"),
    "bytes.yaml": (b"assignment: \xff\xfe\n", "UTF-8"),
    "list.yaml": (b"- 1\n", "mapping"),
    "alias.yaml": (b"a: &x 1\nb: *x\n", "anchor"),
    "tab.yaml": (b"assignment: tiny\nanswers:\n\tq1: 7\n", "tab"),
    "key.yaml": (b"assignment: tiny\nstudnet: a\nanswers: {}\n", "did you mean `student`?"),
    "other.yaml": (b"assignment: other\nstudent: a\nanswers: {}\n", "another assignment"),
}


@pytest.fixture
def with_unreadable(tiny, folder, out):
    """A folder with one good submission and every kind of bad one, graded."""
    put(folder, "good.yaml", RIGHT.format(student="good"))
    for name, (content, _) in UNREADABLE.items():
        put(folder, name, content)
    return checker("grade", folder, "--assignment", tiny, "--out", out)


def test_unreadable_files_leave_with_2_and_the_others_are_graded(with_unreadable, out):
    assert with_unreadable.exit_code == 2
    assert submission(out, "good.yaml")["score"] == 5
    assert "Traceback" not in with_unreadable.output


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_in_every_output_with_its_reason(with_unreadable, out, name):
    reason = UNREADABLE[name][1]
    found = submission(out, name)
    assert found["status"] == "unreadable"
    assert found["score"] is None  # never a silent zero
    assert any(reason in problem for problem in found["problems"])

    row = gradebook(out)[name]
    assert row["status"] == "unreadable"
    assert row["score"] == ""
    assert reason in row["remarks"]

    index = (out / "index.html").read_text(encoding="utf-8")
    stem = name.removesuffix(".yaml")
    assert stem in index
    assert re.sub("`.*", "", reason) in index
    assert f"{name}:" in with_unreadable.stderr
    feedback = (out / "feedback" / f"{stem}.html").read_text(encoding="utf-8")
    assert re.sub("`.*", "", reason) in feedback


@pytest.mark.parametrize("name", UNREADABLE)
def test_check_refuses_an_unreadable_file(tiny, folder, name):
    content, reason = UNREADABLE[name]
    result = checker("check", put(folder, name, content), "--assignment", tiny)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert reason in result.stderr
    assert all(line.startswith("checker: ") for line in result.stderr.splitlines())


def test_a_duplicate_key_names_both_lines(tiny, folder):
    text = "assignment: tiny\nstudent: a\nanswers:\n  q1: 7\n  q2: 1\n  q1: 8\n"
    result = checker("check", put(folder, "a.yaml", text), "--assignment", tiny)
    assert result.exit_code == 2
    assert "a.yaml:6:3: the key `q1` appears on line 4 and again on line 6" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "nowhere"], "nowhere: expected a folder or a zip archive, got nothing there"),
        (["grade", "."], "there is no *.yaml or *.yml file below it"),
        (["grade", "file.txt"], "expected a folder or a zip archive, got a file"),
        (["check", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["check", "."], "expected a file, got a folder"),
        (["check", "file.txt", "--assignment", "fit3181-a3"], "did you mean `fit3181-a2`?"),
        (["grade", ".", "--assignment", "nowhere.yaml"], "*.yaml"),
        (["grade", ".", "--asignment", "x"], "No such option"),
        (["grade", ".", "--jobs", "-1"], "--jobs"),
        (["grade", ".", "--jobs", "many"], "--jobs"),
        (["grade"], "Missing argument"),
        (["grad"], "No such command"),
        (["explain", "cross-entropy-log-bas-10"], "`cross-entropy-log-base-10`"),
    ],
)
def test_a_call_that_cannot_be_used_leaves_with_2_and_says_why(
    tmp_path, monkeypatch, arguments, says
):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "file.txt", "assignment: fit3181-a2\nstudent: a\nanswers: {}\n")
    result = checker(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert not (tmp_path / "report").exists()


def test_an_assignment_that_is_not_shipped_is_named_with_its_place(folder):
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    for arguments in (["check", file], ["grade", folder]):
        result = checker(*arguments)
        assert result.exit_code == 2
        assert ":1:13: there is no assignment `tiny`" in result.stderr
        assert "--assignment" in result.stderr


def test_several_assignments_in_a_folder_need_a_choice(tiny, folder, out):
    put(folder, "a.yaml", RIGHT.format(student="a"))
    put(folder, "b.yaml", STUDENT_B)
    result = checker("grade", folder, "--out", out)
    assert result.exit_code == 2
    assert "`fit3181-a2` (1)" in result.stderr
    assert "`tiny` (1)" in result.stderr
    assert not out.exists()

    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 2
    assert submission(out, "a.yaml")["score"] == 5
    assert submission(out, "b.yaml")["status"] == "unreadable"


def test_a_folder_in_which_no_file_can_be_read_needs_the_assignment(folder, out):
    put(folder, "a.yaml", "[")
    result = checker("grade", folder, "--out", out)
    assert result.exit_code == 2
    assert "--assignment" in result.stderr


BROKEN_ASSIGNMENTS = {
    "unknown quantity": ("1 / s", "1 / z", "unknown quantity `z`"),
    "unknown function": ("sum(x)", "summ(x)", "did you mean `sum`?"),
    "circle": ("s: sum(x)", "s: sum(x) + r", "depends on itself"),
    "shapes": ("1 / s", '"x @ [1, 2]"', "shape"),
    "shapes of a sum": ("1 / s", '"x + [1, 2]"', "shape"),
    "index": ("1 / s", '"x[3]"', "index 3 is outside"),
    "class": ("1 / s", '"cross_entropy(3, [0.5, 0.2, 0.3])"', "3"),
    "points": ("points: 2", "points: many", "expected a number"),
    "key": ("title: Sum", "titel: Sum", "did you mean `title`?"),
}


@pytest.mark.parametrize("name", BROKEN_ASSIGNMENTS)
def test_a_broken_assignment_says_what_and_where(tmp_path, folder, name):
    old, new, says = BROKEN_ASSIGNMENTS[name]
    path = put(tmp_path, "sheet.yaml", TINY.replace(old, new))
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    result = checker("check", file, "--assignment", path)
    assert result.exit_code == 2
    assert says in result.stderr
    assert re.search(r"sheet\.yaml:\d+:\d+: ", result.stderr)


@pytest.fixture
def failing(monkeypatch):
    """A grader that fails on the student ``unlucky``."""
    grade = Grader.grade

    def fail(self, loaded, name):
        if loaded.submission.student.id == "unlucky":
            raise RuntimeError("a cog is broken")
        return grade(self, loaded, name)

    monkeypatch.setattr(Grader, "grade", fail)


@pytest.mark.usefixtures("failing")
def test_an_internal_error_leaves_with_3_and_the_others_are_graded(tiny, folder, out):
    put(folder, "a.yaml", RIGHT.format(student="a"))
    put(folder, "b.yaml", RIGHT.format(student="unlucky"))
    put(folder, "c.yaml", WRONG.format(student="c"))
    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 3
    assert "Traceback" not in result.output
    assert "b.yaml" in result.stderr
    assert "our fault" in result.stderr
    assert "a cog is broken" in result.stderr
    assert submission(out, "a.yaml")["score"] == 5
    assert submission(out, "c.yaml")["score"] is not None
    unlucky = submission(out, "b.yaml")
    assert (unlucky["status"], unlucky["score"]) == ("unreadable", None)
    assert "not the student's fault" in unlucky["problems"][0]
    assert "a cog is broken" not in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("failing")
def test_an_internal_error_of_check_leaves_with_3(tiny, folder, monkeypatch):
    file = put(folder, "b.yaml", RIGHT.format(student="unlucky"))
    result = checker("check", file, "--assignment", tiny)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("CHECKER_DEBUG", "1")
    assert "Traceback" in checker("check", file, "--assignment", tiny).stderr


def test_an_error_before_grading_shows_no_traceback(tiny, folder, monkeypatch, capsys):
    def fail(*_, **__):
        raise RuntimeError("a cog is broken")

    monkeypatch.setattr("checker.folder.engine.Grader.__init__", fail)
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    monkeypatch.setattr(sys, "argv", ["checker", "check", str(file), "--assignment", str(tiny)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Traceback" not in shown.err
    assert "a cog is broken" in shown.err
