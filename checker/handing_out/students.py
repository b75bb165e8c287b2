"""The students of a class, from a list: one id a line, or a table with a column of ids."""

from __future__ import annotations

import csv
from pathlib import Path

from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.submission import MAX_ID_LENGTH
from submissions_schema.yaml_reader import read_bytes

_HEADS = ("id", "student", "studentid", "sisid", "sisuserid", "username", "idnumber", "loginid")


def read_students(path: Path) -> list[str]:
    """Return the ids of a list, each once, in order.

    The column is the first that is called ``id``, ``student`` or alike; without such a head it is
    the first one. Raises :class:`InputError`.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = Problem("the list of students is not in UTF-8", Place(str(path)))
        raise InputError([problem]) from None
    first = text.partition("\n")[0]
    delimiter = next((sign for sign in "\t;" if sign in first), ",")
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    heads = ["".join(filter(str.isalnum, cell)).casefold() for cell in rows[0]] if rows else []
    column = next((heads.index(head) for head in _HEADS if head in heads), None)
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for line, row in enumerate(rows, start=1):
        if (column is not None and line == 1) or not any(cell.strip() for cell in row):
            continue
        place = Place(str(path), line)
        id = row[column or 0].strip() if len(row) > (column or 0) else ""
        if not id or len(id) > MAX_ID_LENGTH:
            expected = f"an id of 1 to {MAX_ID_LENGTH} characters"
            problems.append(Problem("this line has no usable id", place, expected, f"`{id[:20]}`"))
        elif id in found:
            message = f"the student `{id}` is listed twice, first in line {found[id]}"
            problems.append(Problem(message, place))
        else:
            found[id] = line
    if not problems and not found:
        problems.append(Problem("there are no students in the list", Place(str(path))))
    if problems:
        raise InputError(problems)
    return list(found)
