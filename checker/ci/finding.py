"""What a CI job has to grade: the submissions, and the assignment they are graded against.

A folder's submission is the file that is named so (``submission.yaml`` or ``answers.yaml``), or
else every YAML file that has ``answers:`` at its top, because a repository has other YAML files
too. The assignment is the one that is named, or ``$CHECKER_ASSIGNMENT``, or one that came with the
teacher's own files, or the shipped one that the submissions name; never a file that the student
could have put there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.ci import platforms
from checker.ci.format import Environ
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import Limits, read_bytes

NAMES = ("submission.yaml", "submission.yml", "answers.yaml", "answers.yml")
"""The names by which a folder's submission is known; the first that is there counts."""

ASSIGNMENT_VARIABLE = "CHECKER_ASSIGNMENT"

_LOOKS_LIKE_ANSWERS = re.compile(rb"^(?:\xef\xbb\xbf)?['\"]?answers['\"]?[ \t]*:", re.MULTILINE)
_READ_AT_MOST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """The submissions of a job. ``root`` is what their names in reports start from.

    ``refused`` are links that lead out of the folder; ``missing`` says why there is nothing.
    """

    root: Path
    paths: tuple[Path, ...]
    refused: tuple[Path, ...] = ()
    missing: Problem | None = None

    @property
    def resolved(self) -> list[Path]:
        """The paths of the submissions, with the links on the way to them followed."""
        return [path.parent.resolve() / path.name for path in self.paths]

    def refusals(self) -> Iterator[Problem]:
        """Yield what is said of each link that leads out of the folder."""
        for path in self.refused:
            place = Place(_name(path, self.root))
            yield Problem("this is a link that leads out of the folder", place)


def find(path: Path, environ: Environ) -> Found:
    """Find the submissions at a path: the file itself, or those of a folder."""
    from checker.folder.finding import find_submissions, leads_out  # noqa: PLC0415

    folder = path if path.is_dir() else path.parent
    root = _root(folder, environ)
    if path.is_dir():
        paths = _submissions_of(folder, find_submissions(folder))
    else:
        paths = [path] if os.path.lexists(path) else []
    outside = tuple(p for p in paths if leads_out(p, folder))
    inside = tuple(p for p in paths if p not in outside)
    missing = None
    if not paths:
        wanted = f"`{NAMES[0]}`, or a YAML file with `answers:` at its top"
        if path.is_dir():
            missing = Problem("no submission was found", Place(_name(path, root)), wanted)
        else:
            missing = Problem("there is no such file", Place(_name(path, root)), "a submission")
    return Found(root, inside, outside, missing)


def _submissions_of(folder: Path, paths: Sequence[Path]) -> list[Path]:
    named = {path.name.lower(): path for path in paths if path.parent == folder}
    for name in NAMES:
        if name in named:
            return [named[name]]
    answers = [path for path in paths if _looks_like_answers(path)]
    return answers or (list(paths) if len(paths) == 1 else [])


def _looks_like_answers(path: Path) -> bool:
    if path.name.lower() in NAMES:
        return True
    try:
        data = read_bytes(path, limits=Limits(bytes=_READ_AT_MOST))
    except InputError:
        return True  # It may be one: grading says what keeps it from being read.
    return _LOOKS_LIKE_ANSWERS.search(data) is not None


def _root(folder: Path, environ: Environ) -> Path:
    """Return what a place's reports take paths from: the repository, if the folder is in it."""
    for root in (platforms.repository(environ), Path.cwd()):
        if root is not None and folder.resolve().is_relative_to(root.resolve()):
            return root.resolve()
    return folder.resolve()


def _name(path: Path, root: Path) -> str:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links
    resolved = path.parent.resolve() / path.name
    for candidate in (whole, resolved):
        if candidate.is_relative_to(root):
            return candidate.relative_to(root).as_posix()
    return path.as_posix()


def find_assignment_for(found: Found, said: str | None, environ: Environ) -> Path:
    """Return the assignment to grade against. Raises :class:`InputError`."""
    from checker.folder.finding import assignment_of  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment, shipped_assignments  # noqa: PLC0415

    said = said or environ.get(ASSIGNMENT_VARIABLE)
    if said:
        # The job stands in the student's folder, which may have a file of the same name.
        return shipped_assignments().get(said) or find_assignment(said)
    if bundled := platforms.bundled_assignment(environ):
        return bundled
    if found.missing is not None:
        raise InputError([found.missing])
    paths = found.resolved
    refused = list(found.refusals())
    if refused and not paths:
        raise InputError(refused)
    try:
        return assignment_of(paths, found.root)
    except InputError as error:
        unread = dict(_reading(paths, found.root))
        first = [*refused, *(problem for problems in unread.values() for problem in problems)]
        if first and len(unread) == len(paths):
            # What can't be read can't name its assignment: that alone is what is to be mended.
            raise InputError(first) from None
        root = found.root.as_posix()
        others = [
            replace(problem, place=Place(".")) if problem.place.file == root else problem
            for problem in error.problems
        ]
        raise InputError([*first, *others]) from None


def _reading(paths: Sequence[Path], root: Path) -> Iterator[tuple[Path, tuple[Problem, ...]]]:
    """Yield the submissions that can't be read, and why: they don't say their assignment."""
    from submissions_schema.yaml_reader import read_document  # noqa: PLC0415

    for path in paths:
        try:
            read_document(path, name=_name(path, root))
        except InputError as error:
            yield path, tuple(error.problems)
