"""What ``checker grade`` does with gradebooks, marks and feedback: from files to files.

Everything is worked out before anything is put in place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checker.files import Content
from checker.folder.finding import OUTPUTS
from checker.folder.run import GradedClass
from checker.lms.downloads import Submitter
from checker.lms.options import GradebookOptions
from checker.marking.marks import QUEUE, Marks
from checker.marking.queue import UngradedFile, asked, queue_summary
from checker.marking.several import load_marks
from checker.report import RunReport
from checker.reports.overview import Overview
from checker.reports.wording import percent, plural
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import Limits, read_bytes


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of ``checker grade`` that are about learning platforms."""

    marks: tuple[Path, ...] = ()
    gradebook: Path | None = None
    gradebook_out: Path | None = None
    moodle_feedback: Path | None = None
    options: GradebookOptions = field(default_factory=GradebookOptions)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be written beside the reports, contents by path, and what to say.

    ``queue`` is ``ungraded.yaml``, which belongs to the other outputs. ``said`` goes to standard
    output, ``remarks`` to standard error.
    """

    queue: UngradedFile
    files: Mapping[Path, Content]
    said: tuple[str, ...]
    remarks: tuple[str, ...]


def look_ahead(wishes: Wishes, out: Path) -> None:
    """Refuse what can't be used before a class is graded for it. Raises :class:`InputError`."""
    if wishes.gradebook is not None:
        from checker.lms.table import MAX_BYTES, read_table  # noqa: PLC0415

        data = read_bytes(wishes.gradebook, limits=Limits(bytes=MAX_BYTES))
        read_table(data, str(wishes.gradebook))
    elif wishes.gradebook_out is not None or wishes.options != GradebookOptions():
        message = "--gradebook-out, --column, --id-column, --scale and --provisional say what to do"
        raise InputError([Problem(f"{message} with a gradebook", Place("--gradebook"), "a file")])
    load_marks(wishes.marks)
    taken = {os.path.realpath(out / name) for name in OUTPUTS}
    for path in (_filled_path(wishes, out), wishes.moodle_feedback):
        if path is None:
            continue
        if os.path.realpath(path) in taken:
            raise InputError([Problem("two outputs can't have one path", Place(str(path)))])
        taken.add(os.path.realpath(path))


def _filled_path(wishes: Wishes, out: Path) -> Path | None:
    if wishes.gradebook is None:
        return None
    return wishes.gradebook_out or out / f"{wishes.gradebook.stem}-filled.csv"


def prepare(  # noqa: PLR0913, PLR0917 - what came out, of whom, and what is wished for
    graded: GradedClass,
    whole: Overview,
    given: Marks | None,
    wishes: Wishes,
    out: Path,
    submitters: Mapping[str, Sequence[Submitter]] | None = None,
) -> Prepared:
    """Work out what is to be written. Raises :class:`InputError`; writes nothing."""
    said: list[str] = []
    remarks: list[str] = []
    files: dict[Path, Content] = {}
    run = graded.run
    before = _marks_before(out / QUEUE, run.assignment)
    if given is not None:
        named = ", ".join(map(str, wishes.marks))
        said.append(f"{plural(graded.used, 'mark')} of {named} used.")
        said += _progress(run)
    elif before is not None and any(mark.given for mark in before.marks):
        said.append(f"Marks by a person stand in {out / QUEUE}; they count with --marks.")
    marks = (marks for marks in (given, before) if marks is not None)
    queue = UngradedFile(run.assignment, asked(whole), *marks)
    if waiting := queue_summary(whole):
        said.append(f"{waiting}: {out / QUEUE}")
    participants: Mapping[str, tuple[str, str]] = {}
    target = _filled_path(wishes, out)
    if wishes.gradebook is not None and target is not None:
        from checker.lms.gradebook import fill_gradebook  # noqa: PLC0415
        from checker.lms.table import MAX_BYTES  # noqa: PLC0415

        data = read_bytes(wishes.gradebook, limits=Limits(bytes=MAX_BYTES))
        filled = fill_gradebook(run, data, str(wishes.gradebook), wishes.options, submitters)
        files[target] = filled.data
        participants = filled.participants
        said.append(f"{filled.summary}: {target}")
        remarks += filled.remarks
    if wishes.moodle_feedback is not None:
        from checker.lms.feedback_zip import feedback_zip  # noqa: PLC0415

        pages = (graded.pages(position)[0].read_bytes() for position in range(len(run.submissions)))
        feedback = feedback_zip(run, pages, participants, submitters)
        files[wishes.moodle_feedback] = feedback.data
        said.append(f"Feedback of {plural(feedback.students, 'student')}: {wishes.moodle_feedback}")
        remarks += feedback.remarks
    return Prepared(queue, files, tuple(said), tuple(remarks))


def _marks_before(path: Path, assignment: str) -> Marks | None:
    """Return what a person wrote into the queue of an earlier run, which must not be lost."""
    if not path.exists():
        return None
    marks = load_marks([path])
    assert marks is not None
    if marks.assignment == assignment:
        return marks
    if not any(mark.given for mark in marks.marks):
        return None
    problem = Problem(
        "marks for another assignment stand here, which would be lost; move the file away, or "
        "choose another folder with --out",
        marks.document.place(("assignment",)),
        f"`{assignment}`",
        f"`{marks.assignment}`",
    )
    raise InputError([problem])


def _progress(run: RunReport) -> Iterator[str]:
    for marker in run.markers:
        of = f" of {marker.assigned}" if marker.assigned is not None else ""
        share = "" if marker.share is None else f", mean {percent(marker.share)}"
        yield f"Marker {marker.name}: {marker.marked}{of} marked{share}."
