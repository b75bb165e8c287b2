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
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from checker.lms.downloads import METADATA_LIMITS, is_metadata
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import DEFAULT, shown

SUBMISSIONS = (".yaml", ".yml")
_DRIVE = re.compile(r"[A-Za-z]:")
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
"""What zipfile raises at a broken, an encrypted or a strangely packed entry."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much may be taken out of an archive, with all archives within it."""

    bytes: int = 1 << 30
    entries: int = 100_000
    files: int = 20_000
    total: int = 512 << 20


ARCHIVE_LIMITS = ArchiveLimits()
NESTED_LIMITS = ArchiveLimits(bytes=32 << 20, entries=10_000, files=200, total=32 << 20)
"""For an archive that a student handed in: one student must not use up what is there for all."""

DEPTH = 3


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


@dataclass(slots=True)
class _Unpacking:
    """What was taken out so far, into a folder, under the limits of one archive."""

    into: Path
    limits: ArchiveLimits
    files: int = 0
    total: int = 0
    refused: list[Refused] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, files: int, size: int) -> None:
        self.files += files
        self.total += size
        if self.files > self.limits.files:
            raise _TooMuchError("the archive holds too many files", f"at most {self.limits.files}")
        if self.total > self.limits.total:
            raise _TooMuchError("the archive holds too much", f"at most {self.limits.total} bytes")


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


def unpack(
    source: Path,
    into: Path,
    *,
    name: str = "",
    limits: ArchiveLimits = ARCHIVE_LIMITS,
    others: list[str] | None = None,
) -> tuple[Refused, ...]:
    """Take the YAML files out of an archive, into an empty folder; return what was refused.

    ``others`` takes the names of what is no YAML file. Raises :class:`InputError` if the archive as
    a whole can't be used.
    """
    state = _Unpacking(into, limits, others=[] if others is None else others)
    problem = _unpack_file(source, PurePosixPath(), 1, state, name or str(source))
    if problem is not None:
        raise InputError([problem])
    return tuple(state.refused)


def unpack_handed_in(
    source: Path,
    name: str,
    into: Path,
    *,
    limits: ArchiveLimits = NESTED_LIMITS,
    others: list[str] | None = None,
) -> tuple[Refused, ...]:
    """Take out an archive that a student handed in, into the folder ``name`` below ``into``."""
    state = _Unpacking(into, limits, others=[] if others is None else others)
    problem = _unpack_file(source, PurePosixPath(name), 2, state, name)
    if problem is not None:
        shutil.rmtree(into / name, ignore_errors=True)
        return (Refused(name, problem),)
    return tuple(state.refused)


def _unpack_file(
    source: Path, prefix: PurePosixPath, depth: int, state: _Unpacking, name: str
) -> Problem | None:
    try:
        with source.open("rb") as stream:
            if source.stat().st_size > state.limits.bytes:
                raise _TooMuchError(
                    "the archive is too large", f"at most {state.limits.bytes} bytes"
                )
            _unpack(stream, prefix, depth, state)
    except _TooMuchError as error:
        return error.problem(name)
    except _FAULTS as error:
        return Problem(_fault(error, "the archive can't be read"), Place(name))
    return None


def _fault(error: Exception, what: str) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{what}: {error.strerror}"
    return f"{what}: it is damaged, or packed in an unknown way"


def _unpack(stream: IO[bytes], prefix: PurePosixPath, depth: int, state: _Unpacking) -> None:
    if _records(stream) > state.limits.entries:
        raise _TooMuchError("the archive holds too many files", f"at most {state.limits.entries}")
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            written = entry.filename.replace("\\", "/")
            path = PurePosixPath(written)
            if written.endswith("/") or is_hidden(_harmless(path)):
                continue
            nested = path.suffix.lower() == ".zip"
            file = (prefix / _harmless(path)).as_posix()
            if not path.name.lower().endswith(SUBMISSIONS):
                state.others.append(file)
                if not nested:
                    continue
            message = _unsafe(entry, written)
            try:
                if message:
                    pass
                elif nested:
                    message = _nested(archive, entry, file, depth, state)
                else:
                    message = _take(archive, entry, file, state)
            except _FAULTS as error:
                message = _fault(error, "it can't be taken out of the archive")
            if message:
                state.add(1, 0)
                state.refused.append(Refused(file, Problem(message, Place(file))))


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


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str, state: _Unpacking) -> str:
    """Write an entry out, one byte more than the limit at most, whatever size it says it has."""
    limit = METADATA_LIMITS.bytes if is_metadata(file) else DEFAULT.bytes
    with archive.open(entry) as stream:
        data = stream.read(limit + 1)
    state.add(1, len(data))
    target = state.into / file
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            out.write(data)
    except FileExistsError:
        return "this path is in the archive more than once"
    return ""


def _nested(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str, depth: int, state: _Unpacking
) -> str:
    if depth >= DEPTH:
        return f"archives are nested too deeply: expected at most {DEPTH} levels"
    limits = NESTED_LIMITS
    with archive.open(entry) as stream:
        data = stream.read(limits.bytes + 1)
    if len(data) > limits.bytes:
        return f"the archive is too large: expected at most {limits.bytes} bytes"
    inner = _Unpacking(state.into, limits)
    try:
        _unpack(BytesIO(data), PurePosixPath(file), depth + 1, inner)
    except _TooMuchError as error:
        shutil.rmtree(state.into / file, ignore_errors=True)
        return f"{error.message}: expected {error.expected}"
    finally:
        state.add(inner.files, len(data) + inner.total)
    state.refused.extend(inner.refused)
    state.others.extend(inner.others)
    return ""
