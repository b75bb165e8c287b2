"""A teacher's own export comes back as it was, with the grades in it."""

from dataclasses import replace

import pytest

from submissions_schema.problems import InputError
from tests.checker.lms.exports import CANVAS, MOODLE, cells, fill, grades


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
