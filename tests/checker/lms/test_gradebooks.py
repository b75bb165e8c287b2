"""A teacher's own export comes back as it was, with the grades in it."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.lms.downloads import Submitter
from checker.lms.gradebook import fill_gradebook
from checker.lms.options import GradebookOptions
from checker.lms.table import NumberStyle
from submissions_schema.problems import InputError

MOODLE = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,"
    "Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\n"
    '"Participant 101","Ada Example",s1,ada@example.org,"Submitted for grading",,10.00,Yes,'
    '"Monday, 2 March 2026, 10:00 AM",-,\n'
    '"Participant 102","Ben Beispiel",s2,ben@example.org,"Submitted for grading",,10.00,Yes,'
    '"Monday, 2 March 2026, 10:05 AM",-,"=1+1"\n'
    '"Participant 103","Cy Ejemplo",s3,cy@example.org,"No submission",,10.00,Yes,-,-,\n'
    '"Participant 104","Dee Exemple",s4,dee@example.org,"No submission",,10.00,Yes,-,-,\n'
)
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Notes,Essay (11),Homework one (12),"
    "Assignments Current Score,Final Score\r\n"
    ",,,,,,Manual Posting,Manual Posting,,\r\n"
    "    Points Possible,,,,,,20.0,10.0,(read only),(read only)\r\n"
    '"Example, Ada",4321,s1,ada@example.org,Section 1,"=cmd|x",18.5,,90.0,90.0\r\n'
    '"Beispiel, Ben",4322,s2,ben@example.org,"Section 1, Section 2",,,3.0,,\r\n'
    '"Ejemplo, Cy",4323,s3,cy@example.org,Section 1,,,EX,,\r\n'
    '"Exemple, Dee",4324,s4,dee@example.org,Section 1,,,N/A,,\r\n'
    '"Student, Test",4399,,teststudent,Section 1,,,,,\r\n'
)


def fill(run, text, encoding="utf-8", people=None, **options):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return fill_gradebook(run, data, "book.csv", GradebookOptions(**options), people)


def cells(data, delimiter=","):
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def grades(filled, column, delimiter=","):
    return [row[column] for row in cells(filled.data, delimiter)[1:]]


# --- Moodle -----------------------------------------------------------------------------------


def test_moodles_worksheet_gets_grades_and_nothing_else(three):
    filled = fill(three, MOODLE)
    assert filled.kind == "moodle"
    before, after = cells(MOODLE.encode()), cells(filled.data)
    assert [row[5] for row in after] == ["Grade", "7.50", "10.00", "0.00", ""]
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]
    lines = filled.data.decode().splitlines()
    assert lines[2].endswith(',"Monday, 2 March 2026, 10:05 AM",-,"=1+1"')
    assert lines[4] == MOODLE.splitlines()[4]
    assert filled.summary == "3 grades filled into `Grade` of book.csv"
    assert filled.remarks == (
        "Moodle passes over a grade of 0 when it imports a worksheet: set it by hand in Moodle for "
        "Cy Ejemplo (s3)",
        "1 student without a submission: Dee Exemple (s4)",
    )
    assert filled.participants[three.submissions[0].file] == ("101", "Ada Example")


GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
    '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)",'
    '"Feedback als Kommentar"\n'
    'Teilnehmer/in101,"Ada Example",a@example.org,"Zur Bewertung abgegeben",,"10,00",Ja,-,-,\n'
    'Teilnehmer/in102,"Ben Beispiel",b@example.org,"Zur Bewertung abgegeben",,"10,00",Nein,-,-,\n'
)
FRENCH = (
    'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",'
    '"La note peut être modifiée","Dernière modification (note)","Feedback par commentaires"\n'
    'Participant101,"Ada Example",a@example.org,Remis,,"10,00",Oui,-,\n'
    'Participant102,"Ben Beispiel",b@example.org,Remis,,"10,00",Non,-,\n'
)
SPANISH = (
    'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,'
    '"Calificación máxima","La calificación puede ser cambiada",'
    '"Última modificación (calificación)","Comentarios de retroalimentación"\n'
    '"Participante 101","Ada Example",a@example.org,Enviado,,"10,00",Sí,-,\n'
    '"Participante 102","Ben Beispiel",b@example.org,Enviado,,"10,00",No,-,\n'
)
UNKNOWN = (
    "Tunniste,Nimi,Sähköposti,Tila,Arvosana,Enimmäisarvosana,Muutettavissa,Muokattu,Palaute\n"
    '"Osallistuja 101","Ada Example",a@example.org,Palautettu,,"10,00",Kyllä,-,\n'
    '"Osallistuja 102","Ben Beispiel",b@example.org,Palautettu,"4,00","10,00",Kyllä,-,\n'
)


@pytest.mark.parametrize("sheet", [GERMAN, FRENCH, SPANISH], ids=["de", "fr", "es"])
def test_moodle_is_known_in_other_languages_and_writes_a_decimal_comma(three, sheet):
    filled = fill(three, sheet)
    assert filled.kind == "moodle"
    assert grades(filled, 4) == ["7,50", ""]
    assert any("can't be changed in Moodle" in remark for remark in filled.remarks)


def test_moodle_in_a_language_not_known_is_told_by_what_its_columns_hold(three):
    filled = fill(three, UNKNOWN)
    assert filled.kind == "moodle"
    assert grades(filled, 4) == ["7,50", "10,00"]
    assert "1 in place of another one" in filled.summary


def test_moodle_in_a_language_not_known_without_a_maximum_asks_for_the_column(three):
    sheet = SPANISH.replace("Calificación,", "Ocena,")
    sheet = sheet.replace("Calificación máxima", "X").replace('"10,00"', "-")
    with pytest.raises(InputError, match=r"not known in this language.*--column"):
        fill(three, sheet)
    assert grades(fill(three, sheet, column="Ocena"), 4) == ["7.5", ""]


def test_a_scale_of_words_is_refused(three):
    with pytest.raises(InputError, match="scale of words"):
        fill(three, MOODLE.replace("Maximum grade", "Scale").replace("10.00", "bad ok good"))


def test_a_grade_that_moodle_would_drop_is_an_error_with_its_line(three):
    sheet = MOODLE.replace("10.00", "5.00")
    with pytest.raises(InputError) as caught:
        fill(three, sheet)
    assert [str(problem.place) for problem in caught.value.problems] == ["book.csv:2", "book.csv:3"]
    filled = fill(three, sheet, scale=True)
    assert grades(filled, 5)[:3] == ["3.75", "5.00", "0.00"]


def test_moodle_matches_by_id_e_mail_and_name_where_files_have_no_participant(submission, make_run):
    run = make_run(
        submission("S1", 1),
        submission("ben", 2),
        submission("x", 3, name="ejemplo, CY"),
        submission("dee@example.org", 4),
    )
    assert grades(fill(run, MOODLE), 5) == ["1.00", "2.00", "3.00", "4.00"]


# --- Canvas -----------------------------------------------------------------------------------


@pytest.fixture
def canvas_run(submission, make_run):
    return make_run(
        submission("whatever", 7.25, file="exampleada_4321_90001_mine.yaml"),
        submission("s2", 10, name="Ben Beispiel", file="beispielben_LATE_4322_90002_mine.yaml"),
    )


def test_canvas_gets_grades_in_its_positional_column_and_nothing_else(canvas_run):
    filled = fill(canvas_run, CANVAS)
    assert filled.kind == "canvas"
    before, after = cells(CANVAS.encode()), cells(filled.data)
    assert [row[7] for row in after[3:]] == ["7.25", "10.0", "EX", "N/A", ""]
    assert [row[:7] + row[8:] for row in after] == [row[:7] + row[8:] for row in before]
    assert filled.data.startswith(b"\xef\xbb\xbfStudent,ID")
    assert filled.data.count(b"\r\n") == CANVAS.count("\r\n")
    assert b'"=cmd|x",18.5,7.25,90.0,90.0\r\n' in filled.data
    assert filled.summary.endswith("1 in place of another one")
    assert filled.remarks == (
        "Beispiel, Ben (s2): `3.0` was there, now it is 10.0",
        "2 students without a submission: Ejemplo, Cy (s3), Exemple, Dee (s4)",
    )


@pytest.mark.parametrize("column", ["Homework one (12)", "homework one", "12"])
def test_canvas_takes_the_column_by_header_name_or_number(canvas_run, column):
    run = replace(canvas_run, assignment="another", title="Another")
    assert grades(fill(run, CANVAS, column=column), 7)[2] == "7.25"


@pytest.mark.parametrize("column", [None, "Homework", "Final Score", "Section"])
def test_canvas_without_such_an_assignment_lists_those_it_has(canvas_run, column):
    run = replace(canvas_run, assignment="another", title="Another")
    with pytest.raises(InputError, match=r"--column with one of `Essay \(11\)`, `Homework one \("):
        fill(run, CANVAS, column=column)


def test_canvas_leaves_an_excused_and_an_unassigned_student_alone(submission, make_run):
    filled = fill(make_run(submission("s3"), submission("s4")), CANVAS)
    assert filled.filled == 0
    assert filled.data == CANVAS.encode()
    assert filled.remarks[:2] == (
        "Ejemplo, Cy (s3): excused in Canvas; not filled in",
        "Exemple, Dee (s4): the assignment is not assigned to this student in Canvas; "
        "not filled in",
    )


def test_canvas_with_first_and_last_names_semicolons_and_decimal_commas(submission, make_run):
    sheet = (
        "LastName;FirstName;ID;SIS Login ID;Section;Homework one (12)\n"
        "    Points Possible;;;;;10,0\n"
        "Example;Ada;4321;ada;Section 1;\n"
    )
    run = make_run(submission("x", 7.5, name="Ada Example"))
    assert grades(fill(run, sheet), 5, ";") == ["10,0", "7,5"]


def test_a_maximum_that_is_another_is_said(canvas_run):
    sheet = CANVAS.replace("20.0,10.0", "20.0,40.0")
    filled = fill(canvas_run, sheet)
    assert filled.remarks[0].startswith("the gradebook's maximum is 40, the assignment's 10;")
    assert grades(fill(canvas_run, sheet, scale=True), 7)[2:4] == ["29.0", "40.0"]


def test_a_download_of_someone_else_than_the_file_says_is_not_filled_in(submission, make_run):
    run = make_run(submission("s2", name="Ben", file="exampleada_4321_90001_mine.yaml"))
    filled = fill(run, CANVAS)
    assert filled.data == CANVAS.encode()
    assert filled.remarks[0] == (
        "Ben (s2), exampleada_4321_90001_mine.yaml: the download's name says Example, Ada (s1), "
        "the file says Beispiel, Ben (s2); not filled in"
    )


# --- any other --------------------------------------------------------------------------------


GENERIC = (
    "Vorname;Nachname;Matrikelnummer;Punkte;Bemerkung\r\nAda;Example;s1;;-5\r\nBen;B;s2;;@x\r\n"
)


def test_any_table_gets_grades_by_the_names_of_its_columns(submission, make_run):
    run = make_run(submission("s1", 7.5), submission("s2", 3))
    expected = GENERIC.replace("s1;;", "s1;7,5;").replace("s2;;", "s2;3;").encode()
    filled = fill(run, GENERIC)
    assert (filled.kind, filled.data) == ("file", expected)
    assert fill(run, GENERIC, column="punkte", id_column="Matrikelnummer").data == expected


def test_the_column_of_ids_is_the_one_that_holds_the_students(submission, make_run):
    sheet = "who,email,hw-1\nx,s1,\ny,s2,\n"
    assert grades(fill(make_run(submission("s2", 3)), sheet), 2) == ["", "3"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"column": "Nothing"}, "there is no column `Nothing`: expected --column with one of"),
        ({"column": "Twice"}, "several columns are called `Twice`"),
        ({"id_column": "No"}, "there is no column `No`"),
        ({"column": "who"}, "can't name the student and take the grade"),
        ({}, "it isn't clear which column takes the grade"),
    ],
)
def test_columns_that_are_not_clear_are_an_error(submission, make_run, options, says):
    with pytest.raises(InputError) as caught:
        fill(make_run(submission("s1")), "who,Twice,Twice,last\ns1,,,\n", **options)
    assert says in str(caught.value)


# --- who is who -------------------------------------------------------------------------------


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


# --- who is who in Moodle -----------------------------------------------------------------------

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


# --- plain files that claim to be from someone else -------------------------------------------

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
