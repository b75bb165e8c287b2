"""What every kind of gradebook comes down to: its students, and the column of the grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.lms.downloads import Kind
from checker.lms.people import folded
from checker.lms.roster import Student
from checker.lms.table import Table
from submissions_schema.problems import InputError


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in a gradebook.

    ``like`` are the columns whose numbers show how grades are written, the first the best witness.
    ``maximum`` is the most points by row, where the file says it. ``locked`` says why a row's grade
    must be left alone.
    """

    kind: Kind
    students: tuple[Student, ...]
    column: int
    like: tuple[int, ...]
    maximum: Mapping[int, float] = field(default_factory=dict)
    locked: Mapping[int, str] = field(default_factory=dict)
    strict_maximum: bool = False
    """Whether the platform drops a grade above the maximum, without a word."""


def blank(table: Table, row: int) -> bool:
    """Whether a row holds nothing."""
    return not any(cell.value.strip() for cell in table.rows[row])


def named_column(table: Table, wanted: str, columns: tuple[int, ...] | None = None) -> int:
    """Return the column with a header that was asked for. Raises :class:`InputError`."""
    header = table.header()
    allowed = range(len(header)) if columns is None else columns
    for form in (str.strip, folded):
        found = [c for c in allowed if form(header[c]) == form(wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            raise table.error(f"several columns are called `{wanted}`", 0)
    raise no_column(table, f"there is no column `{wanted}`", tuple(allowed))


def no_column(table: Table, message: str, columns: tuple[int, ...]) -> InputError:
    """Return the error that lists the columns that could be meant."""
    names = ", ".join(f"`{table.header()[column].strip()}`" for column in columns[:20])
    more = f" and {len(columns) - 20} more" if len(columns) > 20 else ""
    return table.error(message, 0, expected=f"--column with one of {names}{more}")
