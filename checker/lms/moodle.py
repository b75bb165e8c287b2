"""The offline grading worksheet of a Moodle assignment.

Its first column is ``Participant 12345``, the number that is in the names of a bulk download too.
Headers are in the teacher's language; where that is not known, the columns are told by what they
hold. Moodle drops a grade above the maximum, and grades of rows that say they can't be changed.
"""

from __future__ import annotations

import re

from checker.lms.layout import Layout, blank, named_column, no_column
from checker.lms.people import folded
from checker.lms.roster import Student
from checker.lms.table import Table, number_in

_PARTICIPANT = re.compile(r"\D*?\s?(\d+)")
_IDENTIFIER = frozenset(("identifier", "id", "identifiant", "identificador"))
_GRADE = frozenset(("grade", "bewertung", "note", "calificacion", "qualificacio"))
_MAXIMUM = frozenset(
    (
        "maximum grade",
        "bestwertung",
        "note maximale",
        "calificacion maxima",
        "qualificacio maxima",
    )
)
_SCALE = frozenset(("scale", "skala", "bareme", "escala"))
_NAME = frozenset(
    (
        "full name",
        "vollstandiger name",
        "nom complet",
        "nombre completo",
        "nombre",
        "name",
    )
)
_GROUP = frozenset(("group", "gruppe", "groupe", "grupo", "grup"))
_STATUS = frozenset(("status", "statut", "estado", "estat"))
_MODIFIED = frozenset(
    (
        "last modified (grade)",
        "zuletzt geandert (bewertung)",
        "derniere modification (note)",
        "ultima modificacion (calificacion)",
        "darrera modificacio (qualificacio)",
    )
)
_CHANGEABLE = frozenset(
    (
        "grade can be changed",
        "bewertung kann geandert werden",
        "la note peut etre modifiee",
        "la calificacion puede ser cambiada",
        "la qualificacio es pot canviar",
    )
)
_DECIMAL = re.compile(r"\d+[.,]\d+")
_WORD = 5
_NO = frozenset(("no", "nein", "non"))


def is_moodle(table: Table) -> bool:
    """Whether a table is a grading worksheet, by its headers, or by what it holds."""
    header = [folded(text) for text in table.header()]
    if header[0] in _IDENTIFIER and (_MODIFIED & set(header) or _MAXIMUM & set(header)):
        return True
    # In a language of which no word is known: the same word before every number.
    rows = [r for r in range(1, len(table.rows)) if not blank(table, r)]
    found = [_PARTICIPANT.fullmatch(table.value(row, 0)) for row in rows]
    labels = {match[0][: match.start(1)].strip() if match else "" for match in found}
    one_word = len(labels) == 1 and len(next(iter(labels))) >= _WORD
    return one_word and _column_of_maxima(table, rows) is not None


def moodle_layout(table: Table, column: str | None) -> Layout:
    """Find the students and the column of the grade. Raises :class:`InputError`."""
    header = [folded(text) for text in table.header()]
    rows = [r for r in range(1, len(table.rows)) if not blank(table, r)]
    most = _first(header, _MAXIMUM)
    if most is None:
        most = _column_of_maxima(table, rows)
    if _first(header, _SCALE) is not None and most is None:
        message = "this assignment is graded by a scale of words; points can't be filled in"
        raise table.error(message, 0)
    chosen = _grade_column(table, header, column, most)
    name = _column_of_names(table, header, rows)
    before = [c for c in range(1, chosen) if c != name and header[c] not in _STATUS]
    ids = [c for c in before if _looks_like_ids(table, rows, c)]
    group = _first(header, _GROUP)
    changeable = _first(header, _CHANGEABLE)
    students = []
    maximum = {}
    locked = {}
    for row in rows:
        found = _PARTICIPANT.fullmatch(table.value(row, 0))
        user = found[1] if found else ""
        own = tuple(text for c in ids if (text := table.value(row, c)))
        full_name = "" if name is None else table.value(row, name)
        team = "" if group is None else table.value(row, group)
        students.append(Student(row, user, own, full_name, team))
        if most is not None and (number := number_in(table.value(row, most))) is not None:
            maximum[row] = number
        if changeable is not None and folded(table.value(row, changeable)) in _NO:
            locked[row] = "its grade can't be changed in Moodle"
    like = (chosen,) if most is None else (chosen, most)
    return Layout("moodle", tuple(students), chosen, like, maximum, locked, strict_maximum=True)


def _first(header: list[str], names: frozenset[str]) -> int | None:
    return next((c for c, text in enumerate(header) if text in names), None)


def _grade_column(table: Table, header: list[str], column: str | None, most: int | None) -> int:
    if column is not None:
        return named_column(table, column)
    found = _first(header, _GRADE)
    if found is not None:
        return found
    if most is not None and most > 1 and _holds_grades(table, most - 1):
        return most - 1
    message = "the column of the grade is not known in this language"
    raise no_column(table, message, tuple(range(1, len(header))))


def _column_of_maxima(table: Table, rows: list[int]) -> int | None:
    """Return the last column that holds the same number with decimals in every row."""
    for column in reversed(range(2, len(table.rows[0]))):
        values = {table.value(row, column) for row in rows}
        if len(values) == 1 and _DECIMAL.fullmatch(next(iter(values))):
            return column
    return None


def _holds_grades(table: Table, column: int) -> bool:
    values = (table.value(row, column) for row in range(1, len(table.rows)))
    return all(not text or number_in(text) is not None for text in values)


def _column_of_names(table: Table, header: list[str], rows: list[int]) -> int | None:
    """Return the column of the names; where marking is blind there is none, but the status."""
    known = _first(header, _NAME)
    if known is not None or header[1] in _STATUS:
        return known
    values = [table.value(row, 1) for row in rows]
    return 1 if len(set(values)) > len(values) / 2 else None


def _looks_like_ids(table: Table, rows: list[int], column: int) -> bool:
    """Whether a column's values tell students apart: an id, a login or an e-mail address."""
    values = [text for row in rows if (text := table.value(row, column))]
    return bool(values) and len(set(values)) == len(values) and not any(" " in v for v in values)
