"""What is known of a submission only beside the others: notes for the teacher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from checker.lms.downloads import Identified, Kind, telling
from checker.report import SubmissionReport

LISTED = 10
"""So many files of one student are named; more are counted."""


@dataclass(frozen=True, slots=True)
class ClassNotes:
    """How often a file's name said the same student as the file, and who handed in several files.

    ``several`` are notes by student, ``alike`` says of a report whose answers it seems to have.
    """

    agreed: Mapping[tuple[Kind, bool | None], int]
    several: Mapping[str, str] = field(default_factory=dict)
    alike: Callable[[SubmissionReport], str] | None = None

    def added_to(self, found: Identified) -> SubmissionReport:
        """Return a report with the notes that the class adds to it."""
        report = found.report
        more = [found.doubt] if found.doubt and telling(found.kind, self.agreed) else []
        if note := self.several.get(report.student):
            more.append(note)
        if self.alike is not None and (note := self.alike(report)):
            more.append(note)
        return replace(report, notes=(*report.notes, *more)) if more else report


def class_notes(
    found: Iterable[Identified],
    agreed: Mapping[tuple[Kind, bool | None], int],
    several: Collection[int] = (),
) -> ClassNotes:
    """Return the notes of a class, whose submissions are gone through once, in order.

    ``several`` has the hashes of the students with several files, and perhaps of others.
    """
    files: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for item in found if several else ():
        student = item.report.student
        if hash(student) in several:
            counts[student] += 1
            if counts[student] <= LISTED:
                files.setdefault(student, []).append(item.report.file)
    return ClassNotes(
        agreed,
        {
            student: _several(student, own, counts[student])
            for student, own in files.items()
            if counts[student] > 1
        },
    )


def _several(student: str, files: list[str], count: int) -> str:
    more = f", … and {count - len(files)} more" if count > len(files) else ""
    return f"{count} submissions are from `{student}`: {', '.join(files)}{more}"
