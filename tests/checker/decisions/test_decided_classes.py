"""``checker grade`` with decisions: found, used, accounted for, or refused whole."""

import json

import pytest
from typer.testing import CliRunner

from checker import cli
from tests.checker.tiny import TINY


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "tiny.yaml").write_text(TINY, "utf-8")
    (tmp_path / "in").mkdir()
    for name in "abc":
        text = f"assignment: tiny\nstudent: {name}\nanswers: {{q1: 8.25, q2: 0.1212}}\n"
        (tmp_path / "in" / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def grade(desk, *decisions, beside="", out="out"):
    options = []
    for n, text in enumerate(decisions):
        (desk / f"d{n}.yaml").write_text(text, "utf-8")
        options += ["--decisions", str(desk / f"d{n}.yaml")]
    if beside:
        (desk / "tiny.decisions.yaml").write_text(beside, "utf-8")
    sheet = str(desk / "tiny.yaml")
    command = ["grade", str(desk / "in"), "-a", sheet, "-o", str(desk / out), *options]
    return CliRunner().invoke(cli.app, command)


def results(desk, out="out"):
    return json.loads((desk / out / "results.json").read_text("utf-8"))


def points(desk, answer="s"):
    return {
        submission["student"]: next(
            found["points"] for found in submission["answers"] if found["answer"] == answer
        )
        for submission in results(desk)["submissions"]
    }


def test_files_may_be_several_and_one_beside_the_assignment_is_found(desk):
    done = grade(
        desk,
        "decisions: [{answer: q1.s, student: a, points: 1}]",
        "decisions: [{answer: q1.s, student: b, points: 2}]",
        beside="decisions: [{answer: q1.s, accept: 8.25, points: 25%}]",
    )
    assert points(desk) == {"a": 1.0, "b": 2.0, "c": 0.5}
    assert points(desk, "r") == {"a": 2.0, "b": 2.0, "c": 2.0}
    assert "3 of 3 decisions by a person held." in done.output
    told = results(desk)["decisions"]
    assert [one["answers"] for one in told] == [3, 1, 1]
    assert told[1]["file"].endswith("d0.yaml")


def test_a_file_of_decisions_among_the_submissions_is_none(desk):
    path = desk / "in" / "mine.yaml"
    path.write_text("decisions: [{answer: q1.s, points: 1}]", "utf-8")
    command = ["grade", str(desk / "in"), "-a", str(desk / "tiny.yaml"), "-o", str(desk / "out")]
    done = CliRunner().invoke(cli.app, [*command, "--decisions", str(path)])
    assert done.exit_code == 1
    assert len(results(desk)["submissions"]) == 3


def test_a_decision_that_holds_of_nobody_is_said_with_its_place(desk):
    done = grade(
        desk,
        "decisions:\n  - {answer: q1.s, student: aa, points: 1}\n"
        "  - {answer: q1.s, value: 99, points: 1}\n  - {file: aa.yaml, student: x}\n",
    )
    assert "d0.yaml:2:29: no submission is from `aa`; did you mean `a`?" in done.output
    assert "d0.yaml:3:5: this decision holds of no answer" in done.output
    assert "d0.yaml:4:12: there is no file `aa.yaml`; did you mean `a.yaml`?" in done.output


def test_a_student_among_several_whom_nobody_knows_is_said(desk):
    done = grade(desk, "decisions: [{answer: q1.s, students: [a, bb], points: 1}]")
    assert points(desk) == {"a": 1.0, "b": 0.0, "c": 0.0}
    assert "no submission is from `bb`; did you mean `b`?" in done.output


def test_decisions_that_contradict_each_other_on_an_answer_stop_the_run(desk):
    grade(desk, out="out")
    before = (desk / "out" / "results.json").read_bytes()
    done = grade(
        desk,
        "decisions:\n  - {answer: q1.s, value: 8.254, points: 1}\n"
        "  - {answer: q1.s, value: 8.246, points: 2}\n",
    )
    assert done.exit_code == 2
    assert "d0.yaml:3:5: this contradicts the decision at" in done.output
    assert "for `q1` `s` in a.yaml" in done.output
    assert (desk / "out" / "results.json").read_bytes() == before


def test_a_file_that_cannot_be_used_stops_the_run_before_anything_is_written(desk):
    done = grade(desk, "decisions: [{answer: q1.t, points: 9}]", "decisions: 3")
    assert done.exit_code == 2
    assert "there is no answer `q1.t`" in done.output
    assert "d1.yaml" in done.output
    assert not (desk / "out").exists()


def test_a_file_is_given_to_the_student_whose_it_is(desk):
    (desk / "in" / "broken.yaml").write_text("[", "utf-8")
    grade(
        desk,
        "decisions:\n  - {file: a.yaml, student: anna, by: mk}\n"
        "  - {file: broken.yaml, student: bert}\n  - {answer: q1.s, student: anna, points: 1}\n",
    )
    found = {s["file"]: s for s in results(desk)["submissions"]}
    assert (found["a.yaml"]["student"], found["broken.yaml"]["student"]) == ("anna", "bert")
    assert found["a.yaml"]["answers"][0]["points"] == 1.0
    assert "as is decided by a person (mk)" in found["a.yaml"]["notes"][0]
    assert (desk / "out" / "feedback" / "anna.html").exists()


@pytest.mark.parametrize("ending", ["html", "md"])
def test_a_students_report_says_what_a_person_decided(desk, ending):
    grade(desk, "decisions: [{answer: q1.s, accept: 8.25, points: 1, say: Fine., by: mk}]")
    text = (desk / "out" / "feedback" / f"a.{ending}").read_text("utf-8")
    assert "Your teacher: Fine." in text.replace("\\", "")
    assert "decided by a person (mk)" in text.replace("\\", "")


def test_a_wider_decision_is_counted_as_overruled(desk):
    decisions = "decisions: [{answer: q1.s, points: 1}, {answer: q1.s, student: b, points: 2}]"
    grade(desk, decisions)
    told = results(desk)["decisions"]
    assert [(one["answers"], one["overruled"]) for one in told] == [(3, 1), (1, 0)]


def test_the_line_of_an_alarm_accepts_what_the_class_agrees_on(desk):
    for n in range(9):
        text = f"assignment: tiny\nstudent: z{n}\nanswers: {{q1: 8.25, q2: 0.1212}}\n"
        (desk / "in" / f"z{n}.yaml").write_text(text, "utf-8")
    grade(desk)
    found = results(desk)
    (alarm,) = (one for one in found["alarms"] if one["answer"] == "s")
    assert (alarm["students"], alarm["answered"], alarm["agreeing"]) == (12, 12, 0)
    assert "key" not in alarm
    (group,) = (one for one in found["groups"] if one["answer"] == "s")
    assert (group["written"], group["submissions"]) == ("8.25", list(range(12)))
    grade(desk, f"decisions:\n  {alarm['decision']}\n")
    assert set(points(desk).values()) == {2.0}
    assert not results(desk)["alarms"]
