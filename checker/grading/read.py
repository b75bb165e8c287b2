"""The first stage: which part of a submission answers what, and what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from checker.answer_kinds import kind_of
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.kind import ComputedKind, Settled, Taken
from checker.answer_kinds.reading.written import (
    Unreadable,
    WrittenArray,
    is_missing,
    joined_remarks,
    text_of,
)
from checker.diagnosis.said import is_guess, is_plain
from checker.grading.key import Key
from checker.grading.locating import Located, locate
from checker.matching import ends_there, last_places
from reference_solutions.assignment import Asked
from reference_solutions.graph import Array
from submissions_schema.grading_settings import Matching
from submissions_schema.problems import Place
from submissions_schema.submission import LoadedSubmission
from submissions_schema.yaml_reader import Document, Tree, TreePath

_MOST_DIGITS = 15
"""More digits than floats have are none."""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """What stands for one answer: None for ``content`` where nothing was written.

    ``position`` is its number in the layout, -1 where nothing is computed. ``remark`` says what was
    read otherwise than it stands there.
    """

    asked: Asked
    position: int
    content: WrittenArray | Settled | Unreadable | None
    text: str
    place: Place | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A submission that was read: an answer for each that is asked, and remarks on the rest."""

    answers: Sequence[WrittenAnswer]
    remarks: Sequence[str]


def read(key: Key, loaded: LoadedSubmission) -> Written:
    """Read every answer that is asked for."""
    found, problems = locate(loaded.document, loaded.submission.answers, key.answer_ids)
    answers = [_answer(key, asked, found, loaded.document) for asked in key.assignment.asked]
    return Written(answers, [str(problem) for problem in (*loaded.document.remarks, *problems)])


def _answer(
    key: Key, asked: Asked, found: Mapping[tuple[str, str], Located], document: Document
) -> WrittenAnswer:
    asks = (asked.question, asked.answer)
    position = key.position.get(asks, -1)
    located = found.get(asks)
    if located is None:
        return WrittenAnswer(asked, position, None, "", None)
    taken = _taken(key, asked, located, document)
    place, remark = document.place(located.path), joined_remarks(located.remark, taken.remark)
    return WrittenAnswer(asked, position, taken.content, taken.text, place, remark)


def _taken(key: Key, asked: Asked, located: Located, document: Document) -> Taken:
    """Read what stands for an answer.

    Many students write the same, so what is costly to read is kept.
    """
    tree = located.tree
    if not kind_of(asked.spec).remembered:
        return _taken_anew(key, asked, located, document)
    same = (asked.question, asked.answer, repr(tree))
    before = key.read_before.get(same)
    if before is not None:
        return before
    taken = _taken_anew(key, asked, located, document)
    # What can't be read says where it stands, and blanks may part the numbers of a list.
    if isinstance(taken.content, Unreadable) or (taken.remark and isinstance(tree, list)):
        return taken
    return key.read_before.keep(same, taken)


def _taken_anew(key: Key, asked: Asked, located: Located, document: Document) -> Taken:
    tree = located.tree
    if is_missing(tree, key.placeholders):
        return Taken(None, text_of(tree))
    content = content_of(key, asked, tree, located.path, document)
    text = content.written if isinstance(content, Settled) else None
    remark = content.remark if isinstance(content, WrittenArray) else ""
    return Taken(content, text_of(tree) if text is None else text, remark)


def content_of(
    key: Key, asked: Asked, tree: Tree, path: TreePath, document: Document
) -> WrittenArray | Settled | Unreadable:
    """Read an answer that isn't missing."""
    kind = kind_of(asked.spec)
    node, shape = None, ()
    if asked.target is not None:
        node = asked.target.node
        shape = key.layout.shapes[key.position[asked.question, asked.answer]]
    question = key.assignment.file.questions[asked.question]
    words = f"{question.title} {question.prompt}"
    content = kind.take(Reading(asked.spec, tree, path, document, key.sheet, shape, node, words))
    if isinstance(content, WrittenArray) and isinstance(kind, ComputedKind) and kind.rounds:
        right = key.layout.values[key.position[asked.question, asked.answer]]
        return _with_digits(content, asked.matching, right)
    return content


def _with_digits(written: WrittenArray, matching: Matching, right: Array) -> WrittenArray:
    """Return numbers with the places up to which they were determined, and the digits they show."""
    units = last_places(written.values, written.half_units, matching)
    guess = is_guess(written.texts, written.values, units)
    digits = _digits_shown(written, units, right)
    return replace(written, half_units=units, digits=digits, guess=guess)


def _digits_shown(written: WrittenArray, half_units: Array, right: Array) -> int | None:
    """Return how many significant digits the entries have, typically; None where none shows any.

    A zero has none, and arithmetic that was typed has those of its parts, whatever it comes to. A
    right value that ends by itself shows nothing of how others are rounded.
    """
    sizes = np.abs(written.values)
    telling = (sizes > 0) & [is_plain(text) for text in written.texts]
    telling &= ~ends_there(written.values, half_units, right)
    units = 2.0 * half_units[telling]
    sizes = sizes[telling]
    if not sizes.size:
        return None
    # A computed float has no last place: it shows all digits that floats have.
    digits = np.log10(sizes / np.maximum(units, sizes * 10.0**-_MOST_DIGITS)) + 1.0
    typical = median(np.floor(digits + 1e-9).tolist())
    return int(min(max(typical, 1), _MOST_DIGITS))
