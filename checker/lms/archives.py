"""Opening zip archives that strangers made: bounded, nothing outside, nothing but YAML.

Only what may be a submission is taken out, under its own path; an archive within the archive
becomes a folder of its name. What has to be refused is named, so that nobody goes missing.
"""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from checker.lms.downloads import METADATA_LIMITS, Origins, is_metadata, owner
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import DEFAULT, shown

SUBMISSIONS = (".yaml", ".yml")
_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_SEEN = re.compile(r"[\s.\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060\ufeff]+$")
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
"""What zipfile raises at a broken, an encrypted or a strangely packed entry."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How large an archive may be: its own bytes, and the entries that it lists."""

    bytes: int = 1 << 36
    entries: int = 1_000_000


@dataclass(frozen=True, slots=True)
class StudentLimits:
    """How much may be taken out for one student, with all archives within archives."""

    files: int = 200
    total: int = 32 << 20


ARCHIVE_LIMITS = ArchiveLimits()
NESTED_LIMITS = ArchiveLimits(bytes=32 << 20, entries=10_000)
"""For an archive that a student handed in."""

STUDENT_LIMITS = StudentLimits()
DEPTH = 3
_OUTER = ("", "the student whose archive this is")
_NUL = "\u2400"
"""Stands for a NUL in what is shown."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in an archive that may be a submission and can't be taken out."""

    file: str
    problem: Problem


class _TooMuchError(Exception):
    """An archive that goes beyond its limits; none of it is used."""

    def __init__(self, message: str, expected: str) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected

    def problem(self, name: str) -> Problem:
        return Problem(self.message, Place(name), self.expected)


class _StudentsTooMuchError(_TooMuchError):
    """A student who goes beyond their limits; nothing of theirs is used."""


@dataclass(slots=True)
class _Taken:
    """What was taken out for one student so far, and what was refused."""

    files: int = 0
    total: int = 0
    paths: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    too_much: bool = False

    def add(self, limits: StudentLimits, files: int, size: int) -> None:
        self.files += files
        self.total += size
        if self.files > limits.files:
            raise _StudentsTooMuchError(
                "one student handed in too many files", f"at most {limits.files}"
            )
        if self.total > limits.total:
            raise _StudentsTooMuchError(
                "one student handed in too much", f"at most {limits.total} bytes"
            )


@dataclass(slots=True)
class _Unpacking:
    """What was taken out so far, into a folder, each student within their own limits."""

    into: Path
    limits: StudentLimits
    others: list[str]
    taken: defaultdict[tuple[str, str], _Taken] = field(default_factory=lambda: defaultdict(_Taken))

    @property
    def refused(self) -> tuple[Refused, ...]:
        return tuple(item for taken in self.taken.values() for item in taken.refused)

    def drop(self, taken: _Taken, file: str, error: _TooMuchError) -> None:
        """Take back what there is of a student, and refuse the rest."""
        taken.too_much = True
        for path in taken.paths:
            (self.into / path).unlink(missing_ok=True)
        taken.paths.clear()
        taken.refused[:] = [Refused(file, error.problem(file))]


def is_archive(path: Path) -> bool:
    """Whether a path is a file that is named as a zip archive, or begins like one."""
    if not path.is_file():
        return False
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a path is what no one looks at: dot files, and what a Mac adds to archives."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def is_submission(name: str) -> bool:
    """Whether a file is named as a submission."""
    return name.lower().endswith(SUBMISSIONS)


def almost_a_submission(name: str) -> str:
    """Say why a file is none whose name would be a submission's but for what can't be seen."""
    if "\0" in name or _NUL in name:
        if any(is_submission(part) for part in re.split(f"[\0{_NUL}]", name)):
            return "its name holds a NUL character: expected a name that ends in .yaml"
        return ""
    seen = _NOT_SEEN.sub("", name)
    if seen != name and is_submission(seen):
        return "its name ends in what can't be seen: expected a name that ends in .yaml"
    return ""


def unpack(  # noqa: PLR0913 - what, where to, and within which limits
    source: Path,
    into: Path,
    *,
    name: str = "",
    limits: ArchiveLimits = ARCHIVE_LIMITS,
    each: StudentLimits = STUDENT_LIMITS,
    others: list[str] | None = None,
) -> tuple[Refused, ...]:
    """Take the YAML files out of an archive, into an empty folder; return what was refused.

    However many students there are, ``each`` has the same limits. ``others`` takes the names of
    what is no YAML file. Raises :class:`InputError` if the archive as a whole can't be used.
    """
    state = _Unpacking(into, each, [] if others is None else others)
    problem = _unpack_file(source, PurePosixPath(), 1, state, name or str(source), limits)
    if problem is not None:
        raise InputError([problem])
    return state.refused


def unpack_handed_in(
    source: Path, name: str, into: Path, *, others: list[str] | None = None
) -> tuple[Refused, ...]:
    """Take out an archive that a student handed in, into the folder ``name`` below ``into``."""
    found: list[str] = [] if others is None else others
    state = _Unpacking(into, STUDENT_LIMITS, found)
    problem = _unpack_file(source, PurePosixPath(name), 2, state, name, NESTED_LIMITS)
    if problem is not None:
        shutil.rmtree(into / name, ignore_errors=True)
        return (Refused(name, problem),)
    return state.refused


def _unpack_file(  # noqa: PLR0913, PLR0917 - what, where to, and within which limits
    source: Path,
    prefix: PurePosixPath,
    depth: int,
    state: _Unpacking,
    name: str,
    limits: ArchiveLimits,
) -> Problem | None:
    try:
        with source.open("rb") as stream:
            if source.stat().st_size > limits.bytes:
                raise _TooMuchError("the archive is too large", f"at most {limits.bytes} bytes")
            _unpack(stream, prefix, depth, state, limits)
    except _TooMuchError as error:
        return error.problem(name)
    except _FAULTS as error:
        return Problem(_fault(error, "the archive can't be read"), Place(name))
    return None


def _fault(error: Exception, what: str) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{what}: {error.strerror}"
    return f"{what}: it is damaged, or packed in an unknown way"


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of an archive that may be a submission or hold some; ``written`` is its name."""

    info: zipfile.ZipInfo
    written: str
    file: str
    why_not: str

    @property
    def nested(self) -> bool:
        return self.written.lower().endswith(".zip")


def _unpack(
    stream: IO[bytes],
    prefix: PurePosixPath,
    depth: int,
    state: _Unpacking,
    limits: ArchiveLimits,
) -> None:
    if _records(stream) > limits.entries:
        raise _TooMuchError("the archive holds too many files", f"at most {limits.entries}")
    with zipfile.ZipFile(stream) as archive:
        entries = list(_entries(archive, prefix, state.others))
        known = Origins(entry.file for entry in entries)
        for entry in entries:
            whose = owner(entry.file, known[entry.file]) if depth == 1 else _OUTER
            taken = state.taken[whose]
            if taken.too_much:
                continue
            try:
                message = entry.why_not or _taken_out(archive, entry, depth, state, taken)
                if message:
                    taken.add(state.limits, 1, 0)
                    problem = Problem(message, Place(entry.file))
                    taken.refused.append(Refused(entry.file, problem))
            except _StudentsTooMuchError as error:
                if depth > 1:
                    raise
                state.drop(taken, entry.file, error)


def _entries(
    archive: zipfile.ZipFile, prefix: PurePosixPath, others: list[str]
) -> Iterator[_Entry]:
    for info in archive.infolist():
        # zipfile ends a name at a NUL, so that one could hide behind it.
        whole = info.orig_filename.replace("\\", "/")
        written = whole if "\0" in whole else info.filename.replace("\\", "/")
        path = PurePosixPath(written.replace("\0", _NUL))
        if written.endswith("/") or is_hidden(_harmless(path)):
            continue
        file = (prefix / _harmless(path)).as_posix()
        entry = _Entry(info, written, file, almost_a_submission(written) or _unsafe(info, written))
        if entry.nested or is_submission(written) or almost_a_submission(written):
            yield entry
        if not is_submission(written):
            others.append(file)


def _taken_out(
    archive: zipfile.ZipFile, entry: _Entry, depth: int, state: _Unpacking, taken: _Taken
) -> str:
    """Take an entry out; say why not, if it can't be."""
    try:
        if entry.nested:
            return _nested(archive, entry, depth, state, taken)
        return _take(archive, entry, state, taken)
    except _FAULTS as error:
        return _fault(error, "it can't be taken out of the archive")


def _records(stream: IO[bytes]) -> int:
    """Return how many entries an archive lists at most, before a table of them is built."""
    count, end = 0, b""
    while chunk := stream.read(1 << 20):
        count += (end + chunk).count(b"PK\x01\x02")
        end = chunk[-3:]
    stream.seek(0)
    return count


def _harmless(path: PurePosixPath) -> PurePosixPath:
    """Return the path without what would lead out; for a message, never for writing."""
    return PurePosixPath(*(part for part in path.parts if part not in ("/", "//", "..")))


def _unsafe(entry: zipfile.ZipInfo, written: str) -> str:
    """Say why an entry must not be taken out; nothing if it may be."""
    if written.startswith("/") or ".." in written.split("/") or _DRIVE.match(written):
        return f"its path in the archive leads out of it: {shown(written)}"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "it is a link in the archive, not a file"
    if entry.flag_bits & 1:
        return "it is encrypted in the archive"
    return ""


def _take(archive: zipfile.ZipFile, entry: _Entry, state: _Unpacking, taken: _Taken) -> str:
    """Write an entry out, one byte more than the limit at most, whatever size it says it has."""
    limit = METADATA_LIMITS.bytes if is_metadata(entry.file) else DEFAULT.bytes
    with archive.open(entry.info) as stream:
        data = stream.read(limit + 1)
    if not is_metadata(entry.file):
        taken.add(state.limits, 1, len(data))
    target = state.into / entry.file
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            out.write(data)
    except FileExistsError:
        return "this path is in the archive more than once"
    taken.paths.append(entry.file)
    return ""


def _nested(
    archive: zipfile.ZipFile, entry: _Entry, depth: int, state: _Unpacking, taken: _Taken
) -> str:
    if depth >= DEPTH:
        return f"archives are nested too deeply: expected at most {DEPTH} levels"
    limits = NESTED_LIMITS
    with archive.open(entry.info) as stream:
        data = stream.read(limits.bytes + 1)
    if len(data) > limits.bytes:
        return f"the archive is too large: expected at most {limits.bytes} bytes"
    inner = _Unpacking(state.into, state.limits, state.others)
    inner.taken[_OUTER] = taken
    try:
        _unpack(BytesIO(data), PurePosixPath(entry.file), depth + 1, inner, limits)
    except _StudentsTooMuchError:
        raise
    except _TooMuchError as error:
        return f"{error.message}: expected {error.expected}"
    return ""
