"""``checker grade`` from a platform's download to the platform's gradebook."""

import csv
import io
import json
import zipfile

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.files import put_all_in_place

SHEET = """\
assignment: hw-1
title: Homework one
given: {x: [1, 2, 4]}
steps: {s: sum(x)}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  why: {title: Why, points: 3, answers: {text: {kind: text}}}
"""
ADA = "assignment: hw-1\nstudent: {id: s1, name: Ada Example}\nanswers: {q1: 7, why: Because.}\n"
BEN = "assignment: hw-1\nstudent: s2\nanswers: {q1: 7}\n"
BOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework one (12),Final Score
    Points Possible,,,,,5.0,(read only)
"Example, Ada",4321,s1,ada@example.org,S,,
"Beispiel, Ben",4322,s2,ben@example.org,S,,
"Ejemplo, Cy",4323,s3,cy@example.org,S,1.5,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 101,Ada Example,a@example.org,Submitted,,5.00,Yes,-,-,
Participant 102,Ben Beispiel,b@example.org,Submitted,,5.00,Yes,-,-,
"""


def checker(*arguments):
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def put(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    write("hw.assignment", SHEET)
    return write


@pytest.fixture
def grade(put):
    def run(source, *options):
        return checker("grade", source, "-a", "hw.assignment", "-o", "report", *options)

    return run


@pytest.fixture
def canvas(put):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("exampleada_LATE_4321_9001_mine.yaml", ADA)
        archive.writestr("beispielben_4322_9002_hw.yaml", BEN)
        archive.writestr("ejemplocy_4323_9003_hw.yaml", "a: [")
    return put("submissions.zip", out.getvalue())


def results(tmp_path):
    found = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    return {s["file"]: s for s in found["submissions"]}


def column(path, number):
    with path.open(encoding="utf-8", newline="") as stream:
        return [row[number] for row in csv.reader(stream)]


def test_a_canvas_download_is_graded_and_its_gradebook_comes_back_filled(
    canvas, put, grade, tmp_path
):
    put("grades.csv", BOOK)
    result = grade(canvas, "--gradebook", "grades.csv")
    assert result.exit_code == 2
    found = results(tmp_path)
    assert [s["student"] for s in found.values()] == ["s2", "4323", "s1"]
    assert found["exampleada_LATE_4321_9001_mine.yaml"]["problems"] == [
        "exampleada_LATE_4321_9001_mine.yaml: handed in late, as the download from Canvas says"
    ]
    filled = tmp_path / "report" / "grades-filled.csv"
    assert column(filled, 5)[2:] == ["", "2.0", "1.5"]
    assert (tmp_path / "grades.csv").read_text(encoding="utf-8") == BOOK
    assert "1 grade filled into `Homework one (12)` of grades.csv: report/grades" in result.stdout
    assert "Example, Ada (s1): 3 points wait for a person; not filled in" in result.stderr
    assert "Ejemplo, Cy (s3): the file can't be read; not filled in" in result.stderr


def test_marks_of_a_person_complete_the_gradebook(canvas, put, grade, tmp_path):
    put("grades.csv", BOOK)
    assert grade(canvas).exit_code == 2
    queue = tmp_path / "report" / "ungraded.yaml"
    text = queue.read_text(encoding="utf-8")
    assert text.count("points:\n") == 1
    marked = put("marks.yaml", text.replace("points:\n", "points: 2.5\n")).name
    result = grade(
        canvas, "--marks", marked, "--gradebook", "grades.csv", "--gradebook-out", "back.csv"
    )
    assert "1 mark of marks.yaml" in result.stdout
    assert column(tmp_path / "back.csv", 5)[2:] == ["4.5", "2.0", "1.5"]
    ada = results(tmp_path)["exampleada_LATE_4321_9001_mine.yaml"]
    assert (ada["status"], ada["score"], ada["pending"]) == ("graded", 4.5, 0)
    assert "points: 2.5\n" in queue.read_text(encoding="utf-8")


def test_grading_again_never_loses_what_a_person_wrote(put, grade, tmp_path):
    put("in/a.yaml", ADA)
    assert grade("in").exit_code == 0
    queue = tmp_path / "report" / "ungraded.yaml"
    filled = queue.read_text(encoding="utf-8").replace("points:\n", "points: 2\n")
    queue.write_text(filled, encoding="utf-8")
    assert f"stand in report/{queue.name}; they count with --marks." in grade("in").stdout
    assert queue.read_text(encoding="utf-8") == filled
    put("in/a.yaml", ADA.replace("Because", "Otherwise"))
    result = grade("in", "--marks", queue)
    assert "`why` `text` has changed since it was marked" in result.stderr
    assert queue.read_text(encoding="utf-8").count("points: 2\n") == 1
    queue.write_text("assignment: hw-1\nmarks: [", encoding="utf-8")
    result = grade("in")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "ungraded.yaml:3:1: " in result.stderr
    assert queue.read_text(encoding="utf-8") == "assignment: hw-1\nmarks: ["


def test_marks_for_another_assignment_are_not_written_over(put, grade, tmp_path):
    put("in/a.yaml", ADA)
    grade("in")
    queue = tmp_path / "report" / "ungraded.yaml"
    other = queue.read_text(encoding="utf-8").replace("assignment: hw-1", "assignment: hw-0")
    queue.write_text(other, encoding="utf-8")
    assert grade("in").exit_code == 0
    assert "assignment: hw-1" in queue.read_text(encoding="utf-8")
    other = other.replace("points:\n", "points: 1\n")
    queue.write_text(other, encoding="utf-8")
    result = grade("in")
    assert result.exit_code == 2
    assert "would be lost" in result.stderr
    assert queue.read_text(encoding="utf-8") == other


def test_a_queue_that_is_empty_now_goes_away(put, grade, tmp_path):
    put("in/a.yaml", ADA)
    grade("in")
    assert (tmp_path / "report" / "ungraded.yaml").exists()
    put("in/a.yaml", BEN)
    grade("in")
    assert not (tmp_path / "report" / "ungraded.yaml").exists()


@pytest.mark.parametrize(
    ("book", "options"),
    [
        (BOOK, ["--column", "Essay"]),
        ("x", []),
        (BOOK, ["--marks", "nowhere.yaml"]),
    ],
)
def test_nothing_is_written_if_anything_can_not_be_used(put, grade, tmp_path, book, options):
    put("in/a.yaml", ADA)
    put("grades.csv", book)
    result = grade("in", "--gradebook", "grades.csv", "--moodle-feedback", "back.zip", *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert not (tmp_path / "report").exists()
    assert not (tmp_path / "back.zip").exists()


def test_moodles_feedback_goes_back_by_the_names_of_the_download_or_the_worksheet(
    put, grade, tmp_path
):
    put("in/Ada Example_101_assignsubmission_file/mine.yaml", ADA)
    put("in/ben.yaml", BEN.replace("s2", "{id: s2, name: Ben Beispiel}"))
    result = grade("in", "--moodle-feedback", "back.zip")
    assert "ben.yaml: no number of a Moodle participant is known" in result.stderr
    put("worksheet.csv", WORKSHEET)
    result = grade("in", "--moodle-feedback", "back.zip", "--gradebook", "worksheet.csv")
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        assert archive.namelist() == [
            "Ada Example_101_assignfeedback_file/feedback.html",
            "Ben Beispiel_102_assignfeedback_file/feedback.html",
        ]
    assert column(tmp_path / "report" / "worksheet-filled.csv", 4) == ["Grade", "", "2.00"]


def test_what_can_not_be_taken_out_of_an_archive_is_in_the_gradebook(put, grade, tmp_path):
    put("in/Ada Example_101_assignsubmission_file/hw.zip", b"PK no zip")
    put("in/Ben Beispiel_102_assignsubmission_file/mine.yaml", BEN)
    result = grade("in")
    assert result.exit_code == 2
    found = results(tmp_path)["Ada Example_101_assignsubmission_file/hw.zip"]
    assert (found["status"], found["student"], found["name"]) == (
        "unreadable",
        "101",
        "Ada Example",
    )
    assert "hw.zip: the archive can't be read" in result.stderr


def test_a_gradescope_export_is_graded_without_its_list(put, grade, tmp_path):
    put(
        "export/submission_metadata.yml",
        "submission_98765:\n  :submitters:\n  - :name: Ada Example\n    :sid: s1\n"
        "submission_98766:\n  :submitters:\n  - :name: Ben Beispiel\n    :sid: s2\n",
    )
    put("export/submission_98765/mine.yaml", ADA)
    put("export/submission_98766/mine.yaml", "a: [")
    grade("export")
    found = results(tmp_path)
    assert list(found) == ["submission_98765/mine.yaml", "submission_98766/mine.yaml"]
    assert [(s["student"], s["name"]) for s in found.values()] == [
        ("s1", "Ada Example"),
        ("s2", "Ben Beispiel"),
    ]


def test_files_are_put_in_place_whole_or_not_at_all(tmp_path):
    (tmp_path / "old.csv").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="a folder stands where this file belongs"):
        put_all_in_place({tmp_path / "old.csv": b"new", tmp_path / "folder": b"x"})
    assert (tmp_path / "old.csv").read_bytes() == b"old"
    put_all_in_place({tmp_path / "old.csv": b"new", tmp_path / "deep" / "new.csv": b"x"})
    assert (tmp_path / "old.csv").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "folder", "old.csv"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--column", "x"), "--gradebook: "),
        (("--scale",), "--gradebook: "),
        (("--gradebook-out", "x.csv"), "--gradebook: "),
        (("--gradebook", "book.csv", "--gradebook-out", "report/gradebook.csv"), "one path"),
        (("--gradebook", "book.csv", "--moodle-feedback", "report/book-filled.csv"), "one path"),
        (("--moodle-feedback", "./report/../report/index.html"), "one path"),
    ],
)
def test_options_that_can_not_be_meant_are_refused_before_grading(put, grade, options, says):
    put("in/ada.yaml", ADA)
    put("book.csv", BOOK)
    result = grade("in", *options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Homework one" not in result.stdout
