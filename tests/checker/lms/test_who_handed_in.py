"""A file that doesn't say from whom it is, and what only a teacher may read."""

import io
import json
import zipfile

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.commands.grade import NOTES

SHEET = """\
assignment: hw-1
title: Homework one
given: {x: [1, 2, 4]}
steps: {s: sum(x)}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
"""
ANSWERS = "assignment: hw-1\nanswers: {q1: 7}\n"
ADA = "Zoë Ada O'Brien-Exämple_101_assignsubmission_file/hw.yaml"
BEN = "Ben_Underscore Beispiel_102_assignsubmission_file/hw.yaml"


@pytest.fixture
def grade(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hw.assignment").write_text(SHEET, encoding="utf-8")

    def run(files, *options):
        for name, text in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        command = ["grade", "in", "-a", "hw.assignment", *map(str, options)]
        result = CliRunner().invoke(cli.app, command)
        found = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
        return result, {s["file"]: s for s in found["submissions"]}

    return run


@pytest.mark.parametrize(
    "student",
    [
        "",
        "student:\n",
        "student: ''\n",
        "student: {id: }\n",
        "student: {id: your-student-id}\n",
        "student: your-student-id\n",
    ],
)
def test_the_student_is_who_the_name_says_where_the_file_does_not(grade, student):
    result, found = grade({ADA: student + ANSWERS, BEN: "student: s2\n" + ANSWERS})
    assert result.exit_code == 0
    one = found[ADA]
    assert (one["status"], one["score"]) == ("graded", 2)
    assert (one["student"], one["name"]) == ("101", "Zoë Ada O'Brien-Exämple")
    (note,) = one["notes"]
    assert note.endswith(
        "the file doesn't say from whom it is; "
        "the download from Moodle says Zoë Ada O'Brien-Exämple (101)"
    )
    assert note in result.stderr
    assert found[BEN]["student"] == "s2"
    assert found[BEN]["notes"] == []


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("files", "students"),
    [
        (("exampleada_LATE_4321_9001_hw.yaml", "beispielben_4322_9002_hw.yaml"), {"4321", "4322"}),
        (("anon_aB3dE_9001_hw.yaml", "anon_xY9zW_9002_hw.yaml"), {"anon_aB3dE", "anon_xY9zW"}),
        (("ada-1/hw.yaml", "b.en_2/hw.yaml"), {"ada-1", "b.en_2"}),
        (("ada.yaml", "ben.yaml"), {"ada", "ben"}),
        (("a/1.yaml", "a/2.yaml", "b/3.yaml"), {"1", "2", "3"}),
    ],
)
def test_any_form_of_names_will_do(grade, files, students, jobs):
    _, found = grade(dict.fromkeys(files, ANSWERS), "--jobs", jobs)
    assert {s["student"] for s in found.values()} == students
    assert {s["status"] for s in found.values()} == {"graded"}


def test_a_name_that_is_no_id_is_made_one(grade):
    long = "x\u200by" + "z" * 150
    _, found = grade({f"{long}.yaml": ANSWERS})
    assert [s["student"] for s in found.values()] == ["x y" + "z" * 97]


def test_the_name_that_a_file_says_counts_though_the_id_is_missing(grade):
    text = "student: {id: your-student-id, name: Ada E.}\n" + ANSWERS
    _, found = grade({ADA: text})
    assert (found[ADA]["student"], found[ADA]["name"]) == ("101", "Ada E.")


def test_a_student_that_can_not_be_read_is_still_an_error(grade):
    result, found = grade({ADA: "student: {id: s1, mail: x}\n" + ANSWERS})
    assert result.exit_code == 2
    assert found[ADA]["status"] == "unreadable"


def test_checking_one_file_asks_for_the_student(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hw.assignment").write_text(SHEET, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(ANSWERS, encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["check", "mine.yaml", "-a", "hw.assignment"])
    assert result.exit_code == 2
    assert "the key `student` is missing" in result.stderr


def test_no_student_reads_of_another(grade, tmp_path):
    said = "student: {id: s1, name: Zoë Ada O'Brien}\n" + ANSWERS
    result, found = grade({ADA: said, BEN: said})
    note = f"2 submissions are from `s1`: {BEN}, {ADA}"
    assert result.stderr.count(note) == 1
    assert "the download from Moodle says Ben_Underscore Beispiel (102)" in result.stderr
    assert note in found[ADA]["notes"]
    assert note in found[BEN]["notes"]
    pages = {p.name: p.read_text("utf-8") for p in (tmp_path / "report" / "feedback").iterdir()}
    assert sorted(pages) == ["s1.html", "s1.md", "s1=2.html", "s1=2.md"]
    for name, page in pages.items():
        other = "Exämple" if "=2" not in name else "Underscore"
        assert other not in page
    index = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert index.count("2 submissions are from") == 1
    book = (tmp_path / "report" / "gradebook.csv").read_text("utf-8")
    assert book.count("2 submissions are from") == 2


def test_many_notes_are_counted(grade):
    result, _ = grade({f"s{n}.yaml": ANSWERS for n in range(25)})
    assert result.stderr.count("the file doesn't say") == NOTES
    assert "5 more notes stand in report/index.html" in result.stderr


# --- those who handed in, but nothing to grade ------------------------------------------------


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, ANSWERS if name.endswith("yaml") else "x")
    return out.getvalue()


NOT_YAML = {
    "Ben Beispiel_102_assignsubmission_file/hw.pdf": b"%PDF",
    "Ben Beispiel_102_assignsubmission_file/fig/1.png": b"x",
    "Cy Ejemplo_103_assignsubmission_onlinetext/onlinetext.html": b"x",
    "Dee Exemple_104_assignsubmission_file/all.zip": zipped("__MACOSX/._a.yaml", "notes.txt"),
    "Eve Both_105_assignsubmission_onlinetext/onlinetext.html": b"x",
    "Eve Both_105_assignsubmission_file/hw.yaml": ANSWERS.encode(),
    "README.md": b"x",
}


@pytest.mark.parametrize("archive", [False, True])
def test_who_handed_in_no_yaml_file_is_not_missing(grade, tmp_path, archive):
    files = {ADA: ANSWERS, **NOT_YAML}
    if archive:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for name, data in files.items():
                made.writestr(name, data)
        (tmp_path / "in").write_bytes(out.getvalue())
        files = {}
    result, found = grade(files)
    assert result.exit_code == 2
    by_student = {s["student"]: (s["name"], s["status"]) for s in found.values()}
    assert by_student == {
        "101": ("Zoë Ada O'Brien-Exämple", "graded"),
        "102": ("Ben Beispiel", "unreadable"),
        "103": ("Cy Ejemplo", "unreadable"),
        "104": ("Dee Exemple", "unreadable"),
        "105": ("Eve Both", "graded"),
    }
    assert "there is no YAML file in what was handed in: expected a *.yaml file, got " in (
        result.stderr
    )
    assert "got all.zip, notes.txt" in result.stderr


def test_canvas_names_those_too(grade):
    files = {
        "exampleada_4321_9001_hw.yaml": ANSWERS,
        "exampleada_4321_9002_photo.jpg": "x",
        "beispielben_LATE_4322_9003_hw.pdf": "x",
    }
    _, found = grade(files)
    assert {s["student"]: s["status"] for s in found.values()} == {
        "4321": "graded",
        "4322": "unreadable",
    }


def test_other_files_in_a_plain_folder_are_nobodys(grade):
    result, found = grade({"ada.yaml": ANSWERS, "plan.pdf": "x", "ben/photo.jpg": "x"})
    assert result.exit_code == 0
    assert list(found) == ["ada.yaml"]
