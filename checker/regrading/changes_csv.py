"""What changed since an earlier run, as a table: a line for each answer with other points."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from checker.regrading.comparing import AnswerChange
from checker.reports.gradebook_csv import cell_number, cell_text

CHANGES = "changes.csv"
HEAD = (
    "student",
    "name",
    "file",
    "question",
    "answer",
    "before",
    "after",
    "max_points",
    "reasons",
)


def changes_rows(changes: Iterable[AnswerChange]) -> Iterator[str]:
    """Yield the table line by line; a file that is new or gone has one without an answer."""
    yield _line(HEAD)
    for change in changes:
        yield _line(
            (
                *map(cell_text, (change.student, change.name, change.file)),
                cell_text(change.question),
                cell_text(change.answer),
                cell_number(change.before),
                cell_number(change.after),
                cell_number(change.max_points),
                cell_text("; ".join(change.reasons)),
            )
        )


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
