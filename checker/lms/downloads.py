"""Who handed a file in, from the names that a learning platform's bulk download gives it.

- Moodle: ``Ada Example_12345_assignsubmission_file/mine.yaml``, or flat, with one more underscore
- Canvas: ``exampleada_LATE_4321_98765_mine.yaml``, or ``anon_aB3dE_98765_mine.yaml``
- Gradescope: ``submission_98765/mine.yaml``, and who that is in ``submission_metadata.yml``
- anything else: one folder for each student, or one file

The student's own ``student.id`` counts first. What the names say fills the gap where a file says
nothing, and is compared where it says something.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import ValidationError

from checker.lms.people import folded, names_agree
from checker.report import SubmissionReport
from checker.texts import Texts, counts, distinct
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.submission import MAX_ID_LENGTH, MAX_NAME_LENGTH, Student
from submissions_schema.yaml_reader import Limits, read_document

Kind = Literal["moodle", "canvas", "gradescope", "folder", "file"]

METADATA = "submission_metadata.yml"
"""What Gradescope calls the list of its export; it is no submission."""

METADATA_LIMITS = Limits(
    bytes=32 << 20, depth=50, nodes=2_000_000, scalar_length=1 << 20, references=True
)

_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.DOTALL
)
_CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?P<user>anon_[0-9A-Za-z]+|\d{2,})"
    r"_(?P<attachment>\d{2,})_(?P<file>.+)",
    re.DOTALL,
)
_GRADESCOPE = re.compile(r"submission_(?P<user>\d+)")
_HIDDEN_NAMES = frozenset(("participant", "teilnehmer/in", "teilnehmer in", "participante"))
"""What stands in the place of a name where marking is blind."""

_PLATFORMS: Mapping[Kind, str] = {
    "moodle": "Moodle",
    "canvas": "Canvas",
    "gradescope": "Gradescope",
    "folder": "its folder's name",
    "file": "its file's name",
}


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who handed in, as a list that comes with a download says."""

    name: str = ""
    id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What names say of who handed a file in.

    ``user`` is the platform's own number (Moodle's participant, Canvas's user, Gradescope's
    submission). ``name`` may be squeezed (``exampleada``). ``part`` is the part of the path that
    says it.
    """

    kind: Kind
    part: str
    user: str = ""
    name: str = ""
    submitters: tuple[Submitter, ...] = ()
    late: bool = False

    @property
    def student(self) -> str:
        """The id to use where the file says none."""
        for submitter in self.submitters:
            return submitter.id or submitter.email or submitter.name or self.part
        return self.user if self.kind in ("moodle", "canvas") else self.part

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who may have handed in; a group has several."""
        return tuple(s.name for s in self.submitters if s.name) or ((self.name,) * bool(self.name))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that may be a student's own: not the platform's number."""
        return tuple(text for s in self.submitters for text in (s.id, s.email) if text)

    def __str__(self) -> str:
        who = ", ".join(
            f"{s.name} ({s.id or s.email})" if s.name and (s.id or s.email) else s.name or s.id
            for s in self.submitters
        )
        if who:
            return who
        if self.name:
            return f"{self.name} ({self.user})" if self.user else self.name
        return self.user or self.part


# --- names ------------------------------------------------------------------------------------


def is_metadata(file: str) -> bool:
    """Whether a file is Gradescope's list of an export, and not a student's."""
    path = PurePosixPath(file)
    return path.name == METADATA and not any(map(_names_a_student, path.parts[:-1]))


def is_handed_in_archive(file: str) -> bool:
    """Whether an archive in a folder is one that a student handed in, by its name."""
    path = PurePosixPath(file)
    return any(map(_names_a_student, path.parts[:-1])) or (
        _moodle(path.name) is not None or _canvas(path.name) is not None
    )


def _names_a_student(part: str) -> bool:
    return _moodle(part) is not None or _GRADESCOPE.fullmatch(part) is not None


def _moodle(part: str) -> Origin | None:
    found = _MOODLE.fullmatch(part)
    if found is None:
        return None
    name = "" if folded(found["name"]) in _HIDDEN_NAMES else found["name"].strip()
    return Origin("moodle", part, found["user"], name)


def _canvas(part: str) -> Origin | None:
    found = _CANVAS.fullmatch(part)
    if found is None or (found["name"] or "") != (found["name"] or "").lower():
        return None
    return Origin(
        "canvas", part, found["user"], found["name"] or "", late=found["late"] is not None
    )


class Origins(Mapping[str, Origin]):
    """What names say of each file. A plain name is read in the light of those beside it.

    What holds for all is worked out once; a file's origin is worked out when it is asked for.
    ``submitters`` are Gradescope's, by their folder.
    """

    def __init__(
        self, files: Iterable[str], submitters: Mapping[str, Sequence[Submitter]] | None = None
    ) -> None:
        self._files = Texts(files)
        self._submitters = submitters or {}
        unknown = Texts(file for file in self._files if self._by_its_own_name(file) is None)
        self._canvas = frozenset(_folders_of_canvas(unknown))
        plain = Texts(file for file in unknown if self._from_canvas(file) is None)
        self._common, self._each_has_a_folder = _plain_form(plain)

    def __getitem__(self, file: str) -> Origin:
        return self._by_its_own_name(file) or self._from_canvas(file) or self._plain(file)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def _by_its_own_name(self, file: str) -> Origin | None:
        parts = file.split("/")
        for depth, part in enumerate(parts):
            origin = _moodle(part)
            if origin is not None:
                return origin
            match = _GRADESCOPE.fullmatch(part)
            if match is not None and depth + 1 < len(parts):
                known = self._submitters.get("/".join(parts[: depth + 1]))
                if known is not None or len(match["user"]) > 3:
                    return Origin("gradescope", part, match["user"], "", tuple(known or ()))
        return None

    def _from_canvas(self, file: str) -> Origin | None:
        folder, part = _where_canvas_may_be(file)
        return _canvas(part) if folder in self._canvas else None

    def _plain(self, file: str) -> Origin:
        parts = file.split("/")
        if self._each_has_a_folder and len(parts) > self._common + 1:
            return Origin("folder", parts[self._common])
        return Origin("file", PurePosixPath(parts[-1]).stem)


def _where_canvas_may_be(file: str) -> tuple[str, str]:
    """Return the first part of a path that looks like Canvas's, or the last, and its folder."""
    parts = file.split("/")
    for depth, part in enumerate(parts):
        if depth + 1 == len(parts) or _canvas(part) is not None:
            return "/".join(parts[:depth]), part
    raise AssertionError  # pragma: no cover - a path has a last part


def _folders_of_canvas(files: Iterable[str]) -> Iterator[str]:
    """Yield the folders in which most of what lies side by side looks like Canvas's.

    ``task_3_10_12_ada.yaml`` looks so as well, but the number of a file in Canvas is unique.
    """
    looks: defaultdict[str, set[str]] = defaultdict(set)
    others: Counter[str] = Counter()
    for file in files:
        folder, part = _where_canvas_may_be(file)
        if _canvas(part) is None:
            others[folder] += 1
        else:
            looks[folder].add(part)
    for folder, parts in looks.items():
        attachments = {match["attachment"] for part in parts if (match := _CANVAS.fullmatch(part))}
        if len(attachments) == len(parts) > others[folder]:
            yield folder


def _plain_form(files: Sequence[str]) -> tuple[int, bool]:
    """Return how many folders all files are in, and whether below them each student has one."""
    common: list[str] | None = None
    for file in files:
        folders = file.split("/")[:-1]
        if common is None:
            common = folders
        same = (one == other for one, other in zip(common, folders, strict=False))
        common = common[: next((n for n, agree in enumerate(same) if not agree), len(folders))]
    depth = len(common or ())
    parts_of = (file.split("/") for file in files)
    sizes = counts(parts[depth] for parts in parts_of if len(parts) > depth + 1)
    if len(sizes) < 2:
        return depth, False
    same_names = distinct(file.rpartition("/")[2] for file in files) < len(sizes)
    return depth, same_names or max(sizes) == 1


def without_submission(files: Iterable[str], others: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the ``others`` of each of those who handed in nothing else.

    ``files`` are submissions. Only what a platform named is somebody's.
    """
    named = [file for file in others if any(map(_may_name_a_student, PurePosixPath(file).parts))]
    if not named:
        return []
    graded = set(files)
    known = Origins([*graded, *named])
    have = {owner(file, known[file]) for file in graded}
    lone: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for file in sorted(set(named) - graded):
        origin = known[file]
        if origin.kind not in ("folder", "file") and owner(file, origin) not in have:
            lone[owner(file, origin)].append(file)
    return [tuple(found) for found in lone.values()]


def owner(file: str, origin: Origin) -> tuple[str, str]:
    """Return a key for who a file is from, within what was downloaded together."""
    parts = PurePosixPath(file).parts
    where = "/".join(parts[: parts.index(origin.part)]) if origin.part in parts else ""
    return where, f"{origin.kind} {origin.user or origin.part}"


def _may_name_a_student(part: str) -> bool:
    return _names_a_student(part) or _canvas(part) is not None


# --- Gradescope's list ------------------------------------------------------------------------


def read_metadata(path: Path, name: str) -> dict[str, tuple[Submitter, ...]]:
    """Return who handed in each folder of a Gradescope export. Raises :class:`InputError`."""
    data = read_document(path, limits=METADATA_LIMITS, name=name).data
    if not isinstance(data, dict):
        problem = Problem("this is no list of a Gradescope export", Place(name), "a mapping")
        raise InputError([problem])
    parent = PurePosixPath(name).parent
    found: dict[str, tuple[Submitter, ...]] = {}
    for folder, entry in data.items():
        people = entry.get(":submitters") if isinstance(entry, dict) else None
        if isinstance(people, list):
            found[(parent / folder).as_posix()] = tuple(
                Submitter(*(_said(person, key) for key in (":name", ":sid", ":email")))
                for person in people
                if isinstance(person, dict)
            )
    return found


def _said(person: Mapping[str, object], key: str) -> str:
    value = person.get(key)
    return value.strip() if isinstance(value, str) else ""


# --- reports ----------------------------------------------------------------------------------


def student_of(origin: Origin) -> Student | None:
    """Return who handed in a file that doesn't say, as its name tells."""
    try:
        return Student(id=_in_one_line(origin.student)[:MAX_ID_LENGTH], name=_name_of(origin))
    except ValidationError:
        return None


def note_unsaid(file: str, origin: Origin) -> str:
    """Return what to tell the teacher of a file that doesn't say from whom it is."""
    return f"{file}: the file doesn't say from whom it is; {_where(origin.kind)} says {origin}"


def _name_of(origin: Origin) -> str:
    return _in_one_line(", ".join(origin.names))[:MAX_NAME_LENGTH]


def _in_one_line(text: str) -> str:
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Identified:
    """A report with what its file's name adds.

    ``agreed`` is whether file and name say the same student. ``doubt`` is the note to add if they
    don't, and names of this ``kind`` tell (see :func:`telling`).
    """

    report: SubmissionReport
    kind: Kind
    agreed: bool | None
    doubt: str = ""


def identify(report: SubmissionReport, origin: Origin, *, says_student: bool = True) -> Identified:
    """Return a report with what the name of its file adds.

    A file that can't be read is its submitter's, not nobody's. One that was late gets a remark.
    """
    if origin.late:
        late = f"{report.file}: handed in late, as {_where(origin.kind)} says"
        report = replace(report, problems=(*report.problems, late))
    if report.status == "unreadable":
        name = report.name or _name_of(origin)
        report = replace(report, student=origin.student[:MAX_ID_LENGTH], name=name)
        return Identified(report, origin.kind, None)
    if not says_student:
        return Identified(report, origin.kind, None)
    agreed = _agrees(report, origin)
    said = f"`{report.student}`" + (f" ({report.name})" if report.name else "")
    doubt = (
        f"{report.file}: the file says that it is from {said}, "
        f"but {_where(origin.kind)} says {origin}"
        if agreed is False
        else ""
    )
    return Identified(report, origin.kind, agreed, doubt)


def telling(kind: Kind, counts: Mapping[tuple[Kind, bool | None], int]) -> bool:
    """Whether a name that says another student than its file is worth a note.

    ``counts`` is how often names of a kind agreed. A file's or a folder's name is a student's id
    only where it is so for most.
    """
    agreed = counts.get((kind, True), 0)
    return kind not in ("folder", "file") or agreed > max(1, counts.get((kind, False), 0))


def _where(kind: Kind) -> str:
    platform = _PLATFORMS[kind]
    return platform if kind in ("folder", "file") else f"the download from {platform}"


def _agrees(report: SubmissionReport, origin: Origin) -> bool | None:
    """Whether a file and its name say the same student; ``None`` where they can't be compared."""
    own = {folded(report.student), folded(report.student.partition("@")[0])}
    if origin.kind in ("folder", "file"):
        part = folded(origin.part)
        return part in own or names_agree(origin.part, report.name) is True
    ids = {folded(origin.user), *map(folded, origin.ids)}
    ids |= {text.partition("@")[0] for text in ids}
    if own & ids:
        return True
    said = report.name or report.student
    answers = [names_agree(said, name) for name in origin.names]
    if True in answers:
        return True
    if report.name and False in answers:
        return False
    # Without a name only an id of the same kind can say no.
    return False if any(s.id for s in origin.submitters) else None
