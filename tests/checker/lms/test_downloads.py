"""Bulk downloads are known by their names, and say who handed in what."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.folder.notes import class_notes
from checker.lms.downloads import Origins, Submitter, identify, is_metadata, read_metadata
from submissions_schema.problems import InputError


def origin(file, *beside):
    return Origins([file, *beside])[file]


@pytest.mark.parametrize(
    "file",
    [
        "Ada Example_12345_assignsubmission_file/mine.yaml",
        "Ada Example_12345_assignsubmission_file_/mine.yaml",
        "Ada Example_12345_assignsubmission_file_mine.yaml",
        "hw1/Ada Example_12345_assignsubmission_file/part/mine.yaml",
    ],
)
def test_moodle_names_the_student_and_the_participant(file):
    found = origin(file)
    assert (found.kind, found.user, found.name) == ("moodle", "12345", "Ada Example")


@pytest.mark.parametrize("word", ["Participant", "Teilnehmer in", "Participante"])
def test_moodle_names_nobody_where_marking_is_blind(word):
    found = origin(f"{word}_12345_assignsubmission_file/mine.yaml")
    assert (found.user, found.name) == ("12345", "")


@pytest.mark.parametrize(
    ("file", "name", "user", "late"),
    [
        ("exampleada_4321_98765_mine.yaml", "exampleada", "4321", False),
        ("exampleada_LATE_4321_98765_mine.yaml", "exampleada", "4321", True),
        ("anon_aB3dE_98765_mine.yaml", "", "anon_aB3dE", False),
        ("LATE_anon_aB3dE_98765_mine.yaml", "", "anon_aB3dE", True),
        ("vander_meer_4321_98765_my_12_34_file.yaml", "vander_meer", "4321", False),
        ("exampleada_4321_98765_hw.zip/mine.yaml", "exampleada", "4321", False),
    ],
)
def test_canvas_names_the_student_the_user_and_whether_it_was_late(file, name, user, late):
    found = origin(file)
    assert (found.kind, found.name, found.user, found.late) == ("canvas", name, user, late)


def test_files_that_only_look_a_little_like_canvas_are_plain_files():
    files = ["task_30_12_ada.yaml", "task_30_12_ben.yaml"]
    assert {o.kind for o in Origins(files).values()} == {"file"}
    assert origin("exampleada_4321_98765_mine.yaml", "ben.yaml").kind == "file"
    assert origin("hw_1_2_final.yaml").kind == "file"
    assert origin("Ada_4321_98765_mine.yaml").kind == "file"


def test_gradescope_names_the_submission_and_its_list_the_people():
    file = "assignment_7_export/submission_98765/mine.yaml"
    people = {"assignment_7_export/submission_98765": (Submitter("Ada Example", "s1", "a@x.org"),)}
    found = Origins([file], people)[file]
    assert (found.kind, found.user, found.student) == ("gradescope", "98765", "s1")
    assert str(found) == "Ada Example (s1)"
    assert Origins([file])[file].student == "submission_98765"


def test_folders_name_students_where_each_has_one():
    one_each = Origins(["hw/ada/answers.yaml", "hw/ben/answers.yaml"])
    assert [o.student for o in one_each.values()] == ["ada", "ben"]
    two_of_one = Origins(["ada/a.yaml", "ada/b.yaml", "ben/a.yaml"])
    assert [o.kind for o in two_of_one.values()] == ["file", "file", "file"]
    by_day = Origins(["monday/ada.yaml", "monday/ben.yaml", "tuesday/cy.yaml"])
    assert [o.student for o in by_day.values()] == ["ada", "ben", "cy"]
    assert origin("hw/ada.yaml").student == "ada"


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=6))
def test_any_path_has_an_origin(parts):
    file = "/".join(parts)
    found = Origins([file])
    assert set(found) == {file}
    assert str(found[file]) is not None


# --- Gradescope's list ---


METADATA = """\
submission_98765:
  :submitters:
  - :name: Ada Example
    :sid: '0012'
    :email: ada@example.org
  :created_at: 2026-03-01 12:00:00.000000000 Z
  :score: 0.0
  :results: {}
submission_98766:
  :submitters:
  - :name: Ben Beispiel
    :sid: s2
  - :name: Cy Ejemplo
    :email: cy@example.org
"""


def test_the_list_of_a_gradescope_export_is_read(tmp_path):
    path = tmp_path / "submission_metadata.yml"
    path.write_text(METADATA, encoding="utf-8")
    found = read_metadata(path, "export/submission_metadata.yml")
    assert found["export/submission_98765"] == (
        Submitter("Ada Example", "0012", "ada@example.org"),
    )
    assert [s.name for s in found["export/submission_98766"]] == ["Ben Beispiel", "Cy Ejemplo"]


@pytest.mark.parametrize("text", ["submission_1: 5", "submission_1: {}"])
def test_a_list_without_people_says_nothing(tmp_path, text):
    path = tmp_path / "submission_metadata.yml"
    path.write_text(text, encoding="utf-8")
    assert read_metadata(path, path.name) == {}


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "", "a: *b"])
def test_a_list_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "submission_metadata.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"^submission_metadata\.yml"):
        read_metadata(path, path.name)


def test_the_list_is_no_submission_but_a_students_file_of_this_name_is():
    assert is_metadata("submission_metadata.yml")
    assert is_metadata("assignment_7_export/submission_metadata.yml")
    assert not is_metadata("assignment_7_export/submission_98765/submission_metadata.yml")
    assert not is_metadata("Ada Example_1_assignsubmission_file/submission_metadata.yml")
    assert not is_metadata("mine.yaml")


# --- reports ---


def identified(reports, people=None):
    known = Origins([report.file for report in reports], people)
    found = [identify(report, known[report.file]) for report in reports]
    counts = Counter((item.kind, item.agreed) for item in found)
    notes = class_notes((), counts)
    return [notes.added_to(item) for item in found]


def remarks(*reports, people=None):
    return [
        remark
        for report in identified(reports, people)
        for remark in (*report.problems, *report.notes)
    ]


def test_an_unreadable_file_is_its_submitters(submission):
    files = [
        "Ada Example_12345_assignsubmission_file/mine.yaml",
        "Ben Beispiel_12346_assignsubmission_file/mine.yaml",
    ]
    found = identified([submission("mine", None, file=file) for file in files])
    assert [(r.student, r.name) for r in found] == [
        ("12345", "Ada Example"),
        ("12346", "Ben Beispiel"),
    ]
    (canvas,) = identified([submission("x", None, file="exampleada_4321_98765_mine.yaml")])
    assert (canvas.student, canvas.name) == ("4321", "exampleada")
    (flat,) = identified([submission("broken", None, file="monday/broken.yaml")])
    assert (flat.student, flat.name) == ("broken", "")


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("s1", "Ada Example"),
        ("s1", "Example, Ada Mae"),
        ("s1", "ADA EXÁMPLE"),
        ("ada.example", ""),
        ("4711", ""),
        ("12345", "Someone"),
        ("s1", "艾达"),
    ],
)
def test_a_file_that_may_be_from_the_one_that_is_named_gets_no_remark(submission, id, name):
    file = "Ada Example_12345_assignsubmission_file/mine.yaml"
    assert remarks(submission(id, name=name, file=file)) == []


def test_a_file_from_someone_else_than_its_name_says_gets_a_remark(submission):
    file = "Ada Example_12345_assignsubmission_file/mine.yaml"
    assert remarks(submission("s2", name="Ben Beispiel", file=file)) == [
        f"{file}: the file says that it is from `s2` (Ben Beispiel), "
        "but the download from Moodle says Ada Example (12345)"
    ]
    file = "exampleada_4321_98765_mine.yaml"
    assert remarks(submission("s1", name="Ada Example", file=file)) == []
    assert len(remarks(submission("s2", name="Ben Beispiel", file=file))) == 1


def test_gradescope_knows_ids_and_groups(submission):
    file = "submission_98766/mine.yaml"
    people = {"submission_98766": (Submitter("Ben Beispiel", "s2"), Submitter("Cy Ejemplo", "s3"))}
    assert remarks(submission("s3", file=file), people=people) == []
    assert remarks(submission("x", name="Cy Ejemplo", file=file), people=people) == []
    (said,) = remarks(submission("s9", file=file), people=people)
    assert said.endswith("but the download from Gradescope says Ben Beispiel (s2), Cy Ejemplo (s3)")


def test_a_late_file_gets_a_remark(submission):
    assert remarks(submission("s1", file="exampleada_LATE_4321_98765_mine.yaml")) == [
        "exampleada_LATE_4321_98765_mine.yaml: handed in late, as the download from Canvas says"
    ]


def test_a_folders_name_is_worth_a_remark_only_where_it_is_an_id_for_most(submission):
    by_id = [submission(s, file=f"{s}/answers.yaml") for s in ("ada", "ben", "cy")]
    copied = submission("ada", file="dan/answers.yaml")
    (said,) = remarks(*by_id, copied)
    assert said.startswith("dan/answers.yaml: the file says that it is from `ada`")
    numbered = [submission(f"s{n}", file=f"{n}/answers.yaml") for n in range(4)]
    assert remarks(*numbered) == []


def test_one_file_of_another_form_does_not_hide_a_canvas_download():
    files = ["exampleada_4321_9001_hw.yaml", "beispielben_4322_9002_hw.yaml", "template.yaml"]
    found = Origins(files)
    assert [found[file].kind for file in files] == ["canvas", "canvas", "file"]
    looks_alike = ["task_3_10_12_ada.yaml", "ben.yaml", "cy.yaml"]
    assert {origin.kind for origin in Origins(looks_alike).values()} == {"file"}


def test_a_list_with_ruby_objects_and_references_is_read(tmp_path):
    path = tmp_path / "submission_metadata.yml"
    path.write_text(
        "---\nsubmission_1: !ruby/hash:Parameters\n  :submitters:\n  - &1\n    :name: Ada E.\n"
        "    :sid: &2 '007'\n    :email: ada@example.org\n  :again: &3 [*1, *3]\n"
        "submission_2:\n  *2 : x\n  :submitters:\n  - *1\n",
        encoding="utf-8",
    )
    ada = Submitter("Ada E.", "007", "ada@example.org")
    assert read_metadata(path, path.name) == {"submission_1": (ada,), "submission_2": (ada,)}
