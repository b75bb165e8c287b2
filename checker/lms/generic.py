"""Any other table: one column names the student, one takes the grade."""

from __future__ import annotations

from checker.lms.layout import Layout, blank, named_column, no_column
from checker.lms.people import folded
from checker.lms.roster import Student
from checker.lms.table import Table
from checker.report import RunReport

_IDS = (
    "student id",
    "student",
    "id number",
    "id",
    "sid",
    "matriculation number",
    "matrikelnummer",
    "matriculation",
    "matricule",
    "username",
    "user name",
    "login",
    "netid",
    "email",
    "email address",
    "e-mail",
)
_NAMES = ("name", "full name", "student name", "vollstandiger name", "nom complet")
_FIRST = ("first name", "vorname", "prenom", "nombre", "given name")
_LAST = ("last name", "nachname", "surname", "family name", "nom", "apellidos", "apellido(s)")
_GRADES = ("grade", "points", "score", "note", "punkte", "bewertung", "calificacion")


def generic_layout(
    table: Table, run: RunReport, column: str | None, id_column: str | None
) -> Layout:
    """Find the columns by the names given, or by what they are usually called.

    Raises :class:`InputError`.
    """
    header = [folded(text).replace("_", " ") for text in table.header()]
    rows = [r for r in range(1, len(table.rows)) if not blank(table, r)]
    ids = named_column(table, id_column) if id_column else _id_column(table, header, rows, run)
    chosen = _grade_column(table, header, run, column)
    if chosen == ids:
        raise table.error("the same column can't name the student and take the grade", 0)
    students = tuple(
        Student(row, "", tuple(filter(None, [table.value(row, ids)])), _name(table, header, row))
        for row in rows
    )
    return Layout("file", students, chosen, (chosen,))


def _id_column(table: Table, header: list[str], rows: list[int], run: RunReport) -> int:
    wanted = {folded(submission.student) for submission in run.submissions}
    hits = {
        column: len({folded(table.value(row, column)) for row in rows} & wanted)
        for column in range(len(header))
    }
    best = max(hits, key=lambda column: hits[column])
    if hits[best]:
        return best
    for name in _IDS:
        if header.count(name) == 1:
            return header.index(name)
    raise table.error(
        "it isn't clear which column names the student", 0, expected="--id-column NAME"
    )


def _grade_column(table: Table, header: list[str], run: RunReport, column: str | None) -> int:
    if column is not None:
        return named_column(table, column)
    for name in (folded(run.assignment), folded(run.title), *_GRADES):
        if header.count(name) == 1:
            return header.index(name)
    message = "it isn't clear which column takes the grade"
    raise no_column(table, message, tuple(range(len(header))))


def _name(table: Table, header: list[str], row: int) -> str:
    for names in (_FIRST, _LAST), (_NAMES,):
        columns = [next((c for c, text in enumerate(header) if text in one), None) for one in names]
        found = [table.value(row, column) for column in columns if column is not None]
        if len(found) == len(columns):
            return " ".join(found)
    return ""
