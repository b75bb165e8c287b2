"""The gradebook that Canvas exports.

Columns are known by their places: ``Student`` (or ``LastName``, ``FirstName``), ``ID``, ids of the
institution, ``Section``, columns of the teacher's own, then assignments as ``Name (id)``, then
totals. Below the header stand a row that says which grades are hidden, if any are, and the points.
These words are English in every language; the sign for decimals and the delimiter are not.
"""

from __future__ import annotations

import re

from checker.lms.layout import Layout, blank, named_column, no_column
from checker.lms.people import folded
from checker.lms.roster import Student
from checker.lms.table import Table, number_in

_ASSIGNMENT = re.compile(r"(?P<name>.*) \((?P<id>\d+)\)", re.DOTALL)
_POINTS = "Points Possible"
_NOTE = re.compile(r"\s*(?:muted|manual posting.*)?\s*", re.IGNORECASE)
_IDS = ("SIS User ID", "SIS Login ID", "Integration ID")
_TEST_STUDENT = frozenset(("student, test", "test student"))
_LEFT_ALONE = {
    "ex": "excused in Canvas",
    "n/a": "the assignment is not assigned to this student in Canvas",
}


def is_canvas(table: Table) -> bool:
    """Whether a table has the header that Canvas writes."""
    header = table.header()
    first = header[0].strip()
    student = first == "Student" and header[1].strip() == "ID"
    split = [text.strip() for text in header[:3]] == ["LastName", "FirstName", "ID"]
    return (student or split) and "Section" in map(str.strip, header)


def canvas_layout(table: Table, column: str | None, assignment: tuple[str, str]) -> Layout:
    """Find the students, and the assignment's column by name, by id, or by the assignment's own.

    ``assignment`` is the id and the title. Raises :class:`InputError`.
    """
    header = [text.strip() for text in table.header()]
    section = header.index("Section")
    points = next(
        (r for r in range(1, len(table.rows)) if table.value(r, 0).startswith(_POINTS)), None
    )
    grades = tuple(
        c
        for c in range(section + 1, len(header))
        if _ASSIGNMENT.fullmatch(header[c]) and not _read_only(table, points, c)
    )
    if not grades:
        raise table.error("Canvas exported no assignment whose grades may be changed", 0)
    chosen = _assignment_column(table, header, grades, column, assignment)
    id_columns = [c for c in range(section) if header[c] in _IDS]
    name_columns = (1, 0) if header[0] == "LastName" else (0,)
    user = header.index("ID")
    students = []
    locked = {}
    for row in range(1, len(table.rows)):
        if blank(table, row) or row == points or _is_note(table, row):
            continue
        name = " ".join(table.value(row, c) for c in name_columns).strip()
        if folded(name) in _TEST_STUDENT or not (name or table.value(row, user)):
            continue
        ids = tuple(text for c in id_columns if (text := table.value(row, c)))
        students.append(Student(row, table.value(row, user), ids, name))
        if reason := _LEFT_ALONE.get(table.value(row, chosen).casefold()):
            locked[row] = reason
    most = number_in(table.value(points, chosen)) if points is not None else None
    maximum = {student.row: most for student in students} if most else {}
    return Layout("canvas", tuple(students), chosen, (chosen,), maximum, locked)


def _is_note(table: Table, row: int) -> bool:
    return all(_NOTE.fullmatch(cell.value) for cell in table.rows[row])


def _read_only(table: Table, points: int | None, column: int) -> bool:
    return points is not None and table.value(points, column).startswith("(")


def _assignment_column(
    table: Table,
    header: list[str],
    grades: tuple[int, ...],
    column: str | None,
    assignment: tuple[str, str],
) -> int:
    wanted = (column,) if column is not None else assignment
    for text in wanted:
        form = folded(text)
        found = []
        for c in grades:
            parts = _ASSIGNMENT.fullmatch(header[c])
            assert parts is not None
            if form in (folded(header[c]), folded(parts["name"]), parts["id"]):
                found.append(c)
        if len(found) == 1:
            return found[0]
        if found:
            raise no_column(table, f"several assignments are called `{text}`", tuple(found))
    if column is not None:
        return named_column(table, column, grades)
    message = f"no column is named like the assignment `{assignment[0]}` or its title"
    raise no_column(table, message, grades)
