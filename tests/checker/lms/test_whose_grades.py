"""Whose row of a gradebook a submission is, by id, address and name."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.lms.downloads import Submitter
from checker.lms.gradebook import fill_gradebook
from checker.lms.table import NumberStyle
from tests.checker.lms.exports import CANVAS, MOODLE, fill, grades


def test_students_on_either_side_that_match_nobody_are_listed_with_suggestions(
    submission, make_run
):
    run = make_run(submission("s1", 5), submission("02", 5, name="Ben Beispil"), submission("zzz"))
    filled = fill(run, CANVAS)
    assert filled.remarks == (
        "Ben Beispil (02), 02.yaml: not in the gradebook; is it Beispiel, Ben (s2)?",
        "zzz, zzz.yaml: not in the gradebook",
        "Beispiel, Ben (s2) has no submission; is it Ben Beispil (02), 02.yaml?",
        "2 students without a submission: Ejemplo, Cy (s3), Exemple, Dee (s4)",
    )


def test_one_name_of_two_students_is_filled_in_for_neither(submission, make_run):
    sheet = "id,name,grade\na,Ada Example,\nb,Example Ada,\n"
    filled = fill(make_run(submission("x", 5, name="Ada Example")), sheet)
    assert filled.filled == 0
    assert "several have this name" in filled.remarks[0]


def test_two_submissions_of_one_student_are_filled_in_only_if_they_are_alike(submission, make_run):
    one, other = submission("s1", 5, file="a.yaml"), submission("s1", 6, file="b.yaml")
    filled = fill(make_run(one, other), CANVAS)
    assert filled.filled == 0
    assert filled.remarks[0].endswith("has several submissions, none is filled in: a.yaml, b.yaml")
    assert fill(make_run(one, replace(one, file="b.yaml")), CANVAS).filled == 1
    assert fill(make_run(one, submission("s1", None, file="b.yaml")), CANVAS).filled == 0


def test_a_group_of_gradescope_gets_its_grade_in_each_row(submission, make_run):
    run = make_run(submission("s1", 5, file="submission_98765/mine.yaml"))
    people = {"submission_98765": (Submitter("", "s1"), Submitter("", "", "ben@example.org"))}
    assert grades(fill(run, CANVAS, people=people), 7)[2:4] == ["5.0", "5.0"]


def test_what_is_not_settled_is_left_alone_and_said(submission, make_run):
    run = make_run(submission("s1", None), submission("s2", 4, pending=2))
    filled = fill(run, CANVAS)
    assert filled.data == CANVAS.encode()
    assert filled.remarks[:2] == (
        "Example, Ada (s1): the file can't be read; not filled in",
        "Beispiel, Ben (s2): 2 points wait for a person; not filled in",
    )
    assert grades(fill(run, CANVAS, provisional=True), 7)[2:4] == ["", "4.0"]


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=12)


FORMS = st.tuples(
    st.sampled_from(",;\t"),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6), FORMS)
def test_every_other_cell_of_any_canvas_export_stays(submission, make_run, people, form):
    delimiter, end, quoting = form
    header = ["Student", "ID", "SIS Login ID", "Section", "Homework one (12)", "Final Score"]
    points = ["    Points Possible", "", "", "", "10.0", "(read only)"]
    rows = [
        [f"Ada {name}", str(100 + n), f"l{n}", note, "", "1.0"]
        for n, (name, note) in enumerate(people)
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([header, points, *rows])
    before = out.getvalue()
    run = make_run(*(submission(f"l{n}", 0.25 * n) for n in range(len(rows))))
    after = fill(run, before).data.decode()
    parsed = list(csv.reader(io.StringIO(after, newline=""), delimiter=delimiter))
    assert parsed[:2] == [header, points]
    assert [row[:4] + row[5:] for row in parsed[2:]] == [row[:4] + row[5:] for row in rows]
    assert [row[4] for row in parsed[2:]] == [
        NumberStyle(".", 1).text(0.25 * n) for n in range(len(rows))
    ]
    assert len(after) - len(before) == sum(len(row[4]) for row in parsed[2:])


TEAMS = """\
Identifier,Full name,Status,Group,Grade,Maximum Grade,Last modified (grade)
Participant 101,Ada Example,Submitted,Group A,,10.00,-
Participant 102,Ben Beispiel,Submitted,Group A,,10.00,-
Participant 103,Cy Ejemplo,Submitted,Group B,,10.00,-
"""


@pytest.mark.parametrize("number", ["55", "103"])
def test_a_group_of_moodle_gets_its_grade_in_each_row(submission, make_run, number):
    file = f"Group A_{number}_assignsubmission_file/hw.yaml"
    filled = fill(make_run(submission("x9", 7.5, file=file)), TEAMS)
    assert grades(filled, 4) == ["7.50", "7.50", ""]


def test_a_number_of_someone_else_is_not_filled_in(submission, make_run):
    file = "Dee Exemple_103_assignsubmission_file/hw.yaml"
    filled = fill(make_run(submission("103", 7.5, name="Dee Exemple", file=file)), MOODLE)
    assert [row for row in grades(filled, 5) if row] == []
    (said, near, absent) = filled.remarks
    assert near.startswith("Dee Exemple (s4) has no submission; is it Dee Exemple (103)")
    assert "says Dee Exemple (103), but 103 is Cy Ejemplo (s3) in the gradebook" in said
    assert "Cy" not in absent


def test_who_may_have_handed_in_is_not_called_absent(submission, make_run):
    file = "Ada Example_101_assignsubmission_file/hw.yaml"
    filled = fill(make_run(submission("s2", name="Ben Beispiel", file=file)), MOODLE)
    (said, absent) = filled.remarks
    assert "the download's name says Ada Example (s1), the file says Ben Beispiel (s2)" in said
    assert absent == "2 students without a submission: Cy Ejemplo (s3), Dee Exemple (s4)"


def test_blind_marking_knows_students_by_their_numbers_alone(submission, make_run):
    sheet = (
        "Identifier,Status,Grade,Maximum Grade,Last modified (grade)\n"
        "Participant 101,Submitted,,10.00,-\nParticipant 102,Submitted,,10.00,-\n"
    )
    file = "Participant_101_assignsubmission_file/hw.yaml"
    filled = fill(make_run(submission("101", 7.5, file=file)), sheet)
    assert grades(filled, 2) == ["7.50", ""]
    assert filled.remarks == ("1 student without a submission: 102",)


def test_a_row_without_a_student_is_nobodys(canvas_run):
    note = ",,,,,,Manual Posting,Manual Posting,(read only),(read only)"
    sheet = CANVAS.replace(",,,,,,Manual Posting,Manual Posting,,", note)
    assert sheet != CANVAS
    filled, plain = fill(canvas_run, sheet), fill(canvas_run, CANVAS)
    assert filled.remarks == plain.remarks
    assert note in filled.data.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("file", "people"),
    [
        ("submission_98766/hw.yaml", {"submission_98766": (Submitter("Dee Exemple", "s4"),)}),
        ("submission_98766/hw.yaml", {"submission_98766": (Submitter("Someone Else"),)}),
        ("Dee Exemple_104_assignsubmission_file/hw.yaml", None),
        ("exempledee_4324_9001_hw.yaml", None),
    ],
)
def test_whose_file_says_another_student_is_not_filled_in_anywhere(
    submission, make_run, file, people
):
    sheet = "Name;Student ID;Grade\nBen Beispiel;s2;\nDee Exemple;s4;\n"
    filled = fill(make_run(submission("s2", 7.5, file=file)), sheet, people=people)
    assert grades(filled, 2, ";") == ["", ""]
    assert "the file says Ben Beispiel (s2); not filled in" in filled.remarks[0]


PLAIN = "Student,ID,SIS User ID,SIS Login ID,Section,Homework one (12)\n" + "".join(
    f'"{name}",{number},{id},,S,\n'
    for name, number, id in (("Example, Ada", 1, "s1"), ("Beispiel, Ben", 2, "s2"))
)


@pytest.mark.parametrize(
    ("student", "name", "file"),
    [
        ("s1", "", "s2.yaml"),  # the file is called as another student's id
        ("s1", "", "Ben Beispiel.yaml"),  # or as another student
        ("s1", "Ben Beispiel", "homework.yaml"),  # or says a name that belongs to another id
        ("s1", "Ada Example", "s2.yaml"),
        ("x", "Ada Example", "s2.yaml"),  # a name is claimed, not an id
    ],
)
def test_a_plain_file_that_claims_to_be_someone_else_fills_in_no_grade(
    submission, make_run, student, name, file
):
    run = make_run(submission(student, 7.5, name=name, file=file))
    filled = fill_gradebook(run, PLAIN.encode(), "grades.csv")
    assert filled.filled == 0
    assert filled.data == PLAIN.encode()
    assert any("not filled in" in remark for remark in filled.remarks)


@pytest.mark.parametrize(
    ("student", "name", "file"),
    [
        ("s1", "", "homework.yaml"),
        ("s1", "", "s1.yaml"),
        ("s1", "Ada M. Example", "Ada Example.yaml"),
        ("s1", "", "1-final.yaml"),
        ("x", "Ada Example", "homework.yaml"),
    ],
)
def test_a_plain_file_from_whom_it_says_fills_in_its_grade(
    submission, make_run, student, name, file
):
    run = make_run(submission(student, 7.5, name=name, file=file))
    assert fill_gradebook(run, PLAIN.encode(), "grades.csv").filled == 1
