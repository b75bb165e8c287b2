"""Marks of several people: files and folders read together, and pseudonyms resolved.

Everything that is wrong with any of them is said at once: files that can't be read, blind queues
without their key, two marks of one answer that differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from checker.marking.key import KeyFile, is_key
from checker.marking.marks import (
    MARKS_LIMITS,
    Given,
    Marks,
    MarksFile,
    contradictions,
    of_another,
    read_marks,
)
from checker.report import MarkerReport
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.validation import did_you_mean, validate
from submissions_schema.yaml_reader import Document, parse_document, read_bytes

_ENDINGS = (".yaml", ".yml")


def marks_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that paths name: themselves, and all ``*.yaml`` and ``*.yml`` in folders.

    Raises :class:`InputError` for a folder without any.
    """
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        inside = sorted(
            one
            for one in path.iterdir()
            if one.name.lower().endswith(_ENDINGS) and not one.name.startswith(".")
        )
        if not inside:
            problems.append(
                Problem("there are no marks in this folder", Place(str(path)), "*.yaml")
            )
        found.update(dict.fromkeys(inside))
    if problems:
        raise InputError(problems)
    return list(found)


def load_marks(paths: Sequence[Path], *, assignment: str | None = None) -> Marks | None:
    """Read marks, for an assignment; None where no file is named.

    Raises :class:`InputError` with every problem.
    """
    problems: list[Problem] = []
    keys: dict[str, KeyFile] = {}
    files: list[tuple[MarksFile, Marks]] = []
    assigned: Counter[str] = Counter()
    for path in marks_files(paths):
        try:
            document = parse_document(
                read_bytes(path, limits=MARKS_LIMITS), str(path), MARKS_LIMITS
            )
            if is_key(document):
                key = validate(KeyFile, document)
                keys.update(dict.fromkeys(key.splits, key))
                assigned.update(key.markers)
            else:
                file, marks = read_marks(document)
                files.append((file, marks))
                problems += of_another(marks, assignment)
        except InputError as error:
            problems += error.problems
    given: list[Given] = []
    for file, marks in files:
        named, wrong = _named(file, marks, keys)
        given += named
        problems += wrong
    problems += contradictions(given)
    if problems:
        raise InputError(problems)
    if not files:
        return None
    first = files[0][1]
    questions = {id: one for _, marks in files for id, one in marks.questions.items()}
    return Marks(first.assignment, tuple(given), first.document, questions, dict(assigned))


def _named(
    file: MarksFile, marks: Marks, keys: dict[str, KeyFile]
) -> tuple[list[Given], list[Problem]]:
    """Return marks with students in place of pseudonyms."""
    if not file.blind:
        return list(marks.given), []
    document = marks.document
    key = keys.get(file.split or "")
    if key is None:
        place = document.place(("split",))
        message = "these marks have pseudonyms, and the key to them was not named"
        expected = (
            "the `key.yaml` that was written with the queues, or its folder, with --marks too"
        )
        return [], [Problem(message, place, expected)]
    named: list[Given] = []
    problems: list[Problem] = []
    for given in marks.given:
        student = key.pseudonyms.get(given.mark.student)
        if student is None:
            problems.append(_unknown(given, key, document))
            continue
        mark = given.mark.model_copy(update={"student": student, "name": None})
        named.append(replace(given, mark=mark))
    return named, problems


def _unknown(given: Given, key: KeyFile, document: Document) -> Problem:
    pseudonym = given.mark.student
    hint = did_you_mean(pseudonym, key.pseudonyms)
    return Problem(f"the key has no pseudonym `{pseudonym}`{hint}", given.place("student"))


def markers(marks: Marks) -> tuple[MarkerReport, ...]:
    """Return how far each marker is."""
    done: dict[str, list[Given]] = {marker: [] for marker in marks.assigned}
    for given in marks.given:
        if given.marker and given.mark.points is not None:
            done.setdefault(given.marker, []).append(given)
    return tuple(
        MarkerReport(marker, len(theirs), marks.assigned.get(marker), _mean_share(theirs))
        for marker, theirs in done.items()
    )


def _mean_share(marked: Sequence[Given]) -> float | None:
    shares = [
        given.mark.points / given.mark.max_points
        for given in marked
        if given.mark.points is not None and given.mark.max_points
    ]
    return fmean(shares) if shares else None
