"""The first stage: which part of a submission answers what, and what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from checker.answer_kinds import kind_of
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.kind import ComputedKind, Settled
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

    ``remark`` says what was read otherwise than it stands there.
    """

    asked: Asked
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
    known = {
        question: [asked.answer for asked in answers]
        for question, answers in key.assignment.by_question.items()
    }
    found, problems = locate(loaded.document, loaded.submission.answers, known)
    answers = [_answer(key, asked, found, loaded.document) for asked in key.assignment.asked]
    return Written(answers, [str(problem) for problem in (*loaded.document.remarks, *problems)])


def _answer(
    key: Key, asked: Asked, found: Mapping[tuple[str, str], Located], document: Document
) -> WrittenAnswer:
    located = found.get((asked.question, asked.answer))
    if located is None:
        return WrittenAnswer(asked, None, "", None)
    tree, place = located.tree, document.place(located.path)
    if is_missing(tree, key.placeholders):
        return WrittenAnswer(asked, None, text_of(tree), place)
    content = content_of(key, asked, tree, located.path, document)
    text = content.written if isinstance(content, Settled) else None
    read_so = content.remark if isinstance(content, WrittenArray) else ""
    remark = joined_remarks(located.remark, read_so)
    return WrittenAnswer(asked, content, text_of(tree) if text is None else text, place, remark)


def content_of(
    key: Key, asked: Asked, tree: Tree, path: TreePath, document: Document
) -> WrittenArray | Settled | Unreadable:
    """Read what stands for an answer.

    Many students write the same, so what is costly to read is kept.
    """
    kind = kind_of(asked.spec)
    same = (asked.question, asked.answer, repr(tree)) if kind.remembered else None
    before = key.read_before.get(same) if same is not None else None
    if before is not None:
        return before
    node, shape = None, ()
    if asked.target is not None:
        node = asked.target.node
        shape = key.layout.shapes[key.position[asked.question, asked.answer]]
    question = key.assignment.file.questions[asked.question]
    words = f"{question.title} {question.prompt}"
    content = kind.take(Reading(asked.spec, tree, path, document, key.sheet, shape, node, words))
    if isinstance(content, WrittenArray) and isinstance(kind, ComputedKind) and kind.rounds:
        right = key.layout.values[key.position[asked.question, asked.answer]]
        content = _with_digits(content, asked.matching, right)
    # Only what can't be read says where it stands.
    if same is None or isinstance(content, Unreadable):
        return content
    return key.read_before.keep(same, content)


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
