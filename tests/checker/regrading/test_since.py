"""Grading again: whose points changed since an earlier run, from what to what and why."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from checker import cli
from checker.regrading.earlier import Earlier
from submissions_schema.problems import InputError

SHEET = """\
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {title: Inverse, points: 2, answers: {r: r}}
  q3: {title: Why, points: 2, answers: {why: {kind: text}}}
"""


class Desk:
    def __init__(self, folder):
        self.folder = folder
        (folder / "tiny.yaml").write_text(SHEET, "utf-8")
        (folder / "in").mkdir()
        for name in "abcd":
            self.hand_in(name, "8.25" if name in "ab" else "7")

    def hand_in(self, name, number, why="So."):
        text = (
            f"assignment: tiny\nstudent: {name}\nanswers: {{q1: {number}, q2: 0.143, q3: {why}}}\n"
        )
        (self.folder / "in" / f"{name}.yaml").write_text(text, "utf-8")

    def grade(self, *options, out="out"):
        command = ["grade", self.folder / "in", "-a", self.folder / "tiny.yaml"]
        command += ["-o", self.folder / out, *options]
        return CliRunner().invoke(cli.app, [str(part) for part in command])

    def decide(self, *entries):
        path = self.folder / "d.yaml"
        path.write_text("decisions:\n" + "".join(f"  - {entry}\n" for entry in entries), "utf-8")
        return ("--decisions", path)

    def changes(self, out="out"):
        with (self.folder / out / "changes.csv").open(encoding="utf-8", newline="") as stream:
            return [
                (row["student"], row["answer"], row["before"], row["after"], row["reasons"])
                for row in csv.DictReader(stream)
            ]

    def pages(self, out="out"):
        feedback = self.folder / out / "feedback"
        return {path.name: path.read_bytes() for path in feedback.iterdir()}


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.grade()
    return made


def test_the_first_run_is_compared_with_nothing(desk):
    assert not (desk.folder / "out" / "changes.csv").exists()


def test_grading_again_says_that_nothing_changed_and_changes_no_byte(desk):
    before = desk.pages()
    results = (desk.folder / "out" / "results.json").read_bytes()
    done = desk.grade()
    assert "No points have changed since" in done.output
    assert desk.changes() == []
    assert desk.pages() == before
    assert (desk.folder / "out" / "results.json").read_bytes() == results


def test_a_decision_changes_its_students_alone(desk):
    before = desk.pages()
    done = desk.grade(*desk.decide("{answer: q1.s, accept: 8.25, points: 50%}"))
    assert desk.changes() == [("a", "s", "0", "1", "decision"), ("b", "s", "0", "1", "decision")]
    assert "2 students have other points than in" in done.output
    assert "decision (2)" in done.output
    after = desk.pages()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"a.html", "a.md", "b.html", "b.md"}
    page = (desk.folder / "out" / "index.html").read_text("utf-8")
    assert "Since an earlier run" in page
    assert '<th scope="row">a</th>' in page
    desk.grade()
    assert {row[-1] for row in desk.changes()} == {"decision"}


def test_a_mistake_that_is_charged_elsewhere_now_changed_because_of_another_answer(cases, tmp_path):
    folder = str(cases / "fit3181-a2")
    decisions = tmp_path / "d.yaml"
    decisions.write_text("decisions: [{answer: q3.4.dL_dh1, points: 100%}]", "utf-8")
    command = ["grade", folder, "-o", str(tmp_path / "out")]
    CliRunner().invoke(cli.app, command)
    CliRunner().invoke(cli.app, [*command, "--decisions", str(decisions)])
    with (tmp_path / "out" / "changes.csv").open(encoding="utf-8", newline="") as stream:
        rows = {(r["student"], r["answer"]): r["reasons"] for r in csv.DictReader(stream)}
    assert rows.pop(("student-b", "dL_dh1")) == "decision"
    assert rows.pop(("student-a", "dL_dh1")) == "decision"
    assert rows
    assert set(rows.values()) == {"decision on another answer"}


def test_a_file_that_changed_a_new_one_and_one_that_is_gone_are_told_apart(desk):
    desk.hand_in("a", "7")
    desk.hand_in("e", "7")
    (desk.folder / "in" / "d.yaml").unlink()
    desk.grade()
    assert desk.changes() == [
        ("a", "s", "0", "2", "changed file"),
        ("e", "", "", "4", "new file"),
        ("d", "", "4", "", "file is gone"),
    ]


def test_a_changed_assignment_and_another_version_are_reasons(desk, monkeypatch):
    sheet = desk.folder / "tiny.yaml"
    sheet.write_text(SHEET.replace("[1, 2, 4]", "[1, 2, 5.25]"), "utf-8")
    desk.grade()
    assert {row[-1] for row in desk.changes()} == {"changed assignment"}
    assert len(desk.changes()) >= 4
    monkeypatch.setattr("checker.folder.run.installed_version", lambda: "99.0")
    sheet.write_text(SHEET, "utf-8")
    desk.grade()
    assert {row[-1] for row in desk.changes()} == {"changed assignment; other checker version"}


def test_a_mark_by_a_person_is_a_reason(desk):
    queue = desk.folder / "out" / "ungraded.yaml"
    marks = desk.folder / "marks.yaml"
    marks.write_text(queue.read_text("utf-8").replace("  points:\n", "  points: 1\n", 1), "utf-8")
    desk.grade("--marks", marks)
    assert desk.changes() == [("a", "why", "", "1", "mark")]


def test_a_file_that_could_not_be_read_and_can_be_now(desk):
    (desk.folder / "in" / "a.yaml").write_text("[", "utf-8")
    desk.grade()
    assert ("a", "", "2", "", "changed file") in desk.changes()
    desk.hand_in("a", "7")
    desk.grade()
    assert desk.changes() == [("a", "", "", "4", "changed file")]


def test_a_run_can_be_named(desk):
    desk.hand_in("b", "7")
    done = desk.grade("--since", desk.folder / "out" / "results.json", out="other")
    assert done.exit_code == 1
    assert desk.changes("other") == [("b", "s", "0", "2", "changed file")]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "x", "submissions": []}', None])
def test_what_is_no_result_is_refused_if_named_and_passed_over_if_found(desk, text):
    path = desk.folder / "old.json"
    if text is not None:
        path.write_text(text, "utf-8")
    done = desk.grade("--since", path, out="other")
    assert done.exit_code == 2
    assert str(path) in done.output
    assert not (desk.folder / "other").exists()
    if text is not None:
        found = desk.folder / "out" / "results.json"
        found.write_text(text, "utf-8")
        assert desk.grade().exit_code == 1


def test_another_assignments_run_in_the_folder_is_not_compared(desk):
    other = desk.folder / "tiny.yaml"
    other.write_text(SHEET.replace("assignment: tiny", "assignment: tiny2"), "utf-8")
    for path in (desk.folder / "in").iterdir():
        path.write_text(path.read_text("utf-8").replace("tiny", "tiny2"), "utf-8")
    (desk.folder / "out" / "ungraded.yaml").unlink()
    done = desk.grade()
    assert "points" not in done.output.split("Open")[0].rsplit("\n\n", 1)[-1]
    assert not (desk.folder / "out" / "changes.csv").exists()


VERSION_ONE = """\
{
  "schema": "homework-checker/results/v1",
  "assignment": {"id": "tiny", "title": "x \\"submissions\\": [", "content_hash": "sha256:0"},
  "submissions": [
    {"student": "a", "name": "", "file": "a.yaml", "status": "graded", "score": 2.0,
     "answers": [{"question": "q1", "answer": "s", "verdict": "correct", "points": 2.0}]}
  ]
}
"""


def test_results_of_version_one_can_be_compared_with(desk):
    path = desk.folder / "old.json"
    path.write_text(VERSION_ONE, "utf-8")
    desk.grade("--since", path, out="other")
    assert ("a", "s", "2", "0", "changed assignment") in desk.changes("other")


@given(st.lists(st.text(min_size=1), unique=True, max_size=8), st.integers(1, 50))
def test_any_results_come_back_however_they_are_cut(tmp_path_factory, names, at_once):
    folder = tmp_path_factory.mktemp("since")
    head = json.loads(VERSION_ONE)
    (one,) = head["submissions"]
    head["submissions"] = [{**one, "file": name, "student": name} for name in names]
    path = folder / "old.json"
    path.write_text(json.dumps(head, ensure_ascii=True, indent=at_once % 3), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.regrading.earlier._AT_ONCE", at_once)
        earlier = Earlier(path, folder)
    assert [one.file for one in earlier.others()] == names
    assert [earlier.of(name, "").student for name in names[1:]] == names[1:]
    assert [earlier.of("another", name).file for name in names[1:]] == names[1:]
    assert [one.file for one in earlier.others()] == names[:1]
    assert earlier.of("another", "another one") is None
    earlier.close()


def test_results_that_end_in_the_middle_are_refused(tmp_path):
    for end in range(10, len(VERSION_ONE) - 8, 23):
        path = tmp_path / "old.json"
        path.write_text(VERSION_ONE[:end], "utf-8")
        with pytest.raises(InputError):
            Earlier(path, tmp_path)
