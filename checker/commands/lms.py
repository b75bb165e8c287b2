"""What ``checker grade`` does with bulk downloads, gradebooks and marks: from files to files.

Everything is worked out before anything is written, and files are put in place one by one, whole.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from checker.folder.folder import OUTPUTS, find_submissions, leads_out
from checker.lms.archives import (
    SUBMISSIONS,
    Refused,
    is_archive,
    is_hidden,
    unpack,
    unpack_handed_in,
)
from checker.lms.downloads import (
    Submitter,
    is_handed_in_archive,
    is_metadata,
    read_metadata,
    without_submission,
)
from checker.lms.feedback_zip import feedback_zip
from checker.lms.gradebook import GradebookOptions, fill_gradebook
from checker.lms.marks import (
    QUEUE,
    MarkedRun,
    Marks,
    load_marks,
    queue_summary,
    queue_yaml,
    with_marks,
)
from checker.lms.table import MAX_BYTES, read_table
from checker.report import RunReport
from checker.reports.wording import plural
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import DEFAULT, Limits, read_bytes

_LISTED = 5


@dataclass(frozen=True, slots=True)
class Collected:
    """The submissions of a folder or an archive, below ``root``.

    ``refused`` are files that can't be taken out of an archive; they are somebody's.
    ``submitters`` are whom Gradescope's list names, by folder.
    """

    root: Path
    paths: tuple[Path, ...]
    refused: tuple[Refused, ...] = ()
    submitters: Mapping[str, tuple[Submitter, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@contextmanager
def collected(source: Path) -> Iterator[Collected]:
    """Find the submissions of a folder or a zip archive, which is taken out for the time being.

    Archives that students handed in are opened too. Raises :class:`InputError` for an archive that
    can't be used.
    """
    if not is_archive(source):
        archives = _archives(source)
        others = _others(source)
        opened = [path for path in archives if is_handed_in_archive(_name(path, source))]
        remarks = tuple(
            f"{_name(path, source)}: this archive is not opened; grade it by itself"
            for path in archives
            if path not in opened
        )
        if not opened:
            yield _found(source, (), remarks, others)
            return
        with tempfile.TemporaryDirectory(prefix="checker-") as name:
            root = Path(name)
            _mirror(source, root)
            refused = [
                item
                for path in opened
                for item in unpack_handed_in(path, _name(path, source), root, others=others)
            ]
            yield _found(root, refused, remarks, others)
        return
    with tempfile.TemporaryDirectory(prefix="checker-") as name:
        root = Path(name)
        others = []
        yield _found(root, unpack(source, root, others=others), (), others)


def _found(
    root: Path, refused: Sequence[Refused], remarks: Sequence[str], others: Sequence[str]
) -> Collected:
    paths = []
    submitters: dict[str, tuple[Submitter, ...]] = {}
    remarks = list(remarks)
    for path in _all_yaml(root):
        name = _name(path, root)
        if not is_metadata(name):
            paths.append(path)
        elif not leads_out(path, root):
            try:
                submitters.update(read_metadata(path, name))
            except InputError as error:
                remarks.append(f"{error.problems[0]}; it says nothing of who handed in")
    kept = tuple(item for item in refused if not is_metadata(item.file))
    files = [*(_name(path, root) for path in paths), *(item.file for item in kept)]
    kept += tuple(_no_submission(lone) for lone in without_submission(files, others))
    return Collected(root, tuple(paths), kept, submitters, tuple(remarks))


def _no_submission(files: Sequence[str]) -> Refused:
    """Return the refusal for someone who handed in, but nothing that can be graded."""
    names = ", ".join(PurePosixPath(file).name for file in files[:_LISTED])
    got = names + (", ..." if len(files) > _LISTED else "")
    message = "there is no YAML file in what was handed in"
    return Refused(files[0], Problem(message, Place(files[0]), "a *.yaml file", got))


def _others(folder: Path) -> list[str]:
    """Return the names of what lies in a folder and is no submission."""
    return [
        _name(directory / name, folder)
        for directory, _, names in _walk(folder)
        for name in names
        if not name.startswith(".") and not name.lower().endswith(SUBMISSIONS)
    ]


def _all_yaml(root: Path) -> list[Path]:
    """Return the submissions, and Gradescope's list, which is none."""
    return [p for p in find_submissions(root) if not is_hidden(PurePosixPath(_name(p, root)))]


def _walk(root: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    for directory, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__MACOSX")
        yield Path(directory), folders, names


def _archives(folder: Path) -> list[Path]:
    return sorted(
        path
        for directory, _, names in _walk(folder)
        for name in names
        if name.lower().endswith(".zip") and not name.startswith(".")
        if not leads_out(path := directory / name, folder) and is_archive(path)
    )


def _mirror(source: Path, root: Path) -> None:
    """Copy the submissions of a folder, so that what is taken out of archives can lie among them.

    A link that leads out of the folder leads out of the copy as well, and is refused there.
    """
    for path in _all_yaml(source):
        target = root / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        limits = Limits(bytes=32 << 20) if is_metadata(_name(path, source)) else DEFAULT
        try:
            if not leads_out(path, source):
                target.write_bytes(read_bytes(path, limits=limits))
                continue
        except InputError:
            pass
        target.symlink_to(path.resolve())


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


# --- after grading ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of ``checker grade`` that are about learning platforms."""

    marks: Path | None = None
    gradebook: Path | None = None
    gradebook_out: Path | None = None
    moodle_feedback: Path | None = None
    options: GradebookOptions = field(default_factory=GradebookOptions)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run with its marks, and what is to be written: bytes by path, and what to say.

    ``queue`` is the text of ``ungraded.yaml``, which belongs to the other outputs; empty where no
    answer is for a person. ``said`` goes to standard output, ``remarks`` to standard error.
    """

    run: RunReport
    queue: str
    files: Mapping[Path, bytes]
    said: tuple[str, ...]
    remarks: tuple[str, ...]


def look_ahead(wishes: Wishes, out: Path) -> None:
    """Refuse what can't be used before a class is graded for it. Raises :class:`InputError`."""
    if wishes.gradebook is not None:
        data = read_bytes(wishes.gradebook, limits=Limits(bytes=MAX_BYTES))
        read_table(data, str(wishes.gradebook))
    elif wishes.gradebook_out is not None or wishes.options != GradebookOptions():
        message = "--gradebook-out, --column, --id-column, --scale and --provisional say what to do"
        raise InputError([Problem(f"{message} with a gradebook", Place("--gradebook"), "a file")])
    if wishes.marks is not None:
        load_marks(wishes.marks)
    taken = {(out / name).resolve() for name in OUTPUTS}
    for path in (_filled_path(wishes, out), wishes.moodle_feedback):
        if path is None:
            continue
        if path.resolve() in taken:
            raise InputError([Problem("two outputs can't have one path", Place(str(path)))])
        taken.add(path.resolve())


def _filled_path(wishes: Wishes, out: Path) -> Path | None:
    if wishes.gradebook is None:
        return None
    return wishes.gradebook_out or out / f"{wishes.gradebook.stem}-filled.csv"


def prepare(
    run: RunReport,
    wishes: Wishes,
    out: Path,
    submitters: Mapping[str, Sequence[Submitter]] | None = None,
) -> Prepared:
    """Work out everything that is to be written. Raises :class:`InputError`; writes nothing."""
    said: list[str] = []
    remarks: list[str] = []
    files: dict[Path, bytes] = {}
    given = load_marks(wishes.marks, assignment=run.assignment) if wishes.marks else None
    before = _marks_before(out / QUEUE, run.assignment)
    if given is not None:
        marked: MarkedRun = with_marks(run, given)
        run = marked.run
        remarks += marked.remarks
        said.append(f"{plural(marked.used, 'mark')} of {wishes.marks} used.")
    elif before is not None and any(mark.given for mark in before.marks):
        said.append(f"Marks by a person stand in {out / QUEUE}; they count with --marks.")
    kept = (marks for marks in (given, before) if marks is not None)
    queue = queue_yaml(run, *kept)
    if waiting := queue_summary(run):
        said.append(f"{waiting}: {out / QUEUE}")
    participants: Mapping[str, tuple[str, str]] = {}
    target = _filled_path(wishes, out)
    if wishes.gradebook is not None and target is not None:
        data = read_bytes(wishes.gradebook, limits=Limits(bytes=MAX_BYTES))
        filled = fill_gradebook(run, data, str(wishes.gradebook), wishes.options, submitters)
        files[target] = filled.data
        participants = filled.participants
        said.append(f"{filled.summary}: {target}")
        remarks += filled.remarks
    if wishes.moodle_feedback is not None:
        feedback = feedback_zip(run, participants, submitters)
        files[wishes.moodle_feedback] = feedback.data
        said.append(f"Feedback of {plural(feedback.students, 'student')}: {wishes.moodle_feedback}")
        remarks += feedback.remarks
    return Prepared(run, queue, files, tuple(said), tuple(remarks))


def _marks_before(path: Path, assignment: str) -> Marks | None:
    """Return what a person wrote into the queue of an earlier run, which must not be lost."""
    if not path.exists():
        return None
    marks = load_marks(path)
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
