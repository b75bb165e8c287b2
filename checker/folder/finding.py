"""Finding what was handed in: the submissions of a folder, and the assignment that they name."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, islice
from pathlib import Path

from checker.marking.marks import QUEUE
from checker.texts import Texts, sorted_texts
from reference_solutions.shipped import shipped_assignments
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.validation import did_you_mean
from submissions_schema.yaml_reader import parse_document, read_document

SUBMISSIONS = (".yaml", ".yml")
"""How the name of a submission ends."""

FEEDBACK = "feedback"
"""The folder of the students' reports among the outputs."""

DECISIONS = ".decisions.yaml"
"""How the name of a file of decisions ends that stands beside its assignment."""

OUTPUTS = ("results.json", "gradebook.csv", "answers.csv", "changes.csv", "index.html", QUEUE)
"""What is written beside the folder of feedback."""


def find_submissions(folder: Path) -> list[Path]:
    """Every ``*.yaml`` and ``*.yml`` below ``folder``, sorted by path; hidden ones are left out."""
    names = names_below(folder)
    return [folder / name for name in names if name.lower().endswith(SUBMISSIONS)]


def names_below(folder: Path, outputs: Path | None = None) -> Sequence[str]:
    """Return the paths of all files below a folder, from there, with forward slashes, sorted.

    Hidden ones are left out, and ``outputs``, a folder in which an earlier run wrote its reports;
    where that is the folder itself, just the reports.
    """
    skipped = None if outputs is None else os.path.realpath(outputs)
    return sorted_texts(_names(os.path.realpath(folder), skipped))


def _names(top: str, skipped: str | None) -> Iterator[str]:
    waiting = [iter(("",))]
    while waiting:
        below = next(waiting[-1], None)
        if below is None:
            waiting.pop()
            continue
        directory = os.path.join(top, below) if below else top  # noqa: PTH118
        ours = (FEEDBACK, *OUTPUTS) if directory == skipped else ()
        folders = Texts()
        for name, is_folder in _entries(directory):
            path = f"{below}/{name}" if below else name
            if name.startswith(".") or name in ours:
                continue
            if not is_folder:
                yield path
            elif name != "__MACOSX" and os.path.join(directory, name) != skipped:  # noqa: PTH118
                folders.append(path)
        waiting.append(iter(folders))


def _entries(folder: str) -> Iterator[tuple[str, bool]]:
    """Yield what is in a folder, and whether it is one; nothing of a folder that can't be read.

    A link to a folder is neither.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            if not (is_folder and entry.is_symlink()):
                yield entry.name, is_folder


def decisions_beside(assignment: Path, data: bytes) -> list[Path]:
    """Return the file of decisions that stands beside an assignment's, if there is one.

    It is called after the assignment's id: ``ID.decisions.yaml``. ``data`` are the bytes of the
    assignment's file, which may be unusable.
    """
    found = {path.name: path for path in assignment.parent.glob(f"*{DECISIONS}")}
    if not found:
        return []
    try:
        tree = parse_document(data, str(assignment)).data
    except InputError:
        return []
    id = tree.get("assignment") if isinstance(tree, dict) else None
    path = found.get(f"{id}{DECISIONS}")
    return [path] if path is not None else []


def leads_out(path: Path, root: Path) -> bool:
    """Whether a path is a link out of the folder: it would put this machine's files in reports."""
    if _no_link_below(str(path), str(root)):
        return False
    # Unlike resolve(), realpath() takes a link that leads to itself as it stands.
    real, inside = (os.path.normcase(os.path.realpath(one)) for one in (path, root))
    return real != inside and not real.startswith(os.path.join(inside, ""))  # noqa: PTH118


def _no_link_below(path: str, root: str) -> bool:
    """Whether a path leads to below a folder by no link, where links are plain to see."""
    above = os.path.join(root, "")  # noqa: PTH118
    if os.name != "posix" or not path.startswith(above):
        return False
    parts = path[len(above) :].split("/")
    ways = accumulate(parts, os.path.join, initial=above)
    return ".." not in parts and not any(map(os.path.islink, islice(ways, 1, None)))


def assignment_of(paths: Sequence[Path], root: Path) -> Path:
    """Return the assignment that submissions say they answer. Raises :class:`InputError`.

    Files that can't be read have no say; all others must agree.
    """
    said: Counter[str] = Counter()
    first: dict[str, Place] = {}
    for path in paths:
        if leads_out(path, root):
            continue
        try:
            document = read_document(path, name=name_of(path, root))
        except InputError:
            continue
        data = document.data
        id = data.get("assignment") if isinstance(data, dict) else None
        if isinstance(id, str) and id.strip():
            said[id.strip()] += 1
            first.setdefault(id.strip(), document.place(("assignment",)))
    if len(said) == 1:
        id = next(iter(said))
        # Only an id: a student who could name a file would bring an assignment of their own.
        shipped = shipped_assignments()
        if id in shipped:
            return shipped[id]
        hint = did_you_mean(id, shipped).rstrip("?")
        message = f"there is no assignment `{id}`{hint}; a file of your own is named with"
        expected = f"one of {', '.join(shipped)}"
        raise InputError([Problem(f"{message} --assignment", first[id], expected, None)])
    place = Place(name_of(paths[0], root) if len(paths) == 1 else root.as_posix())
    if not said:
        raise InputError(
            [
                Problem(
                    "no submission says which assignment it answers", place, "--assignment ID", None
                )
            ]
        )
    counts = ", ".join(f"`{id}` ({count})" for id, count in sorted(said.items()))
    raise InputError(
        [
            Problem(
                "the submissions answer several assignments",
                place,
                "--assignment with one of them",
                counts,
            )
        ]
    )


def name_of(path: Path, root: Path) -> str:
    """Return what reports call a file: its path from a folder, if it is in it."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
