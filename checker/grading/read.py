"""The first stage: which part of a submission answers what, and what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.answer_kinds import kind_of
from checker.answer_kinds.kind import Reading, Settled
from checker.answer_kinds.reading.written import (
    Unreadable,
    WrittenArray,
    is_missing,
    joined_remarks,
    text_of,
)
from checker.grading.key import Key
from checker.grading.locating import Located, locate
from reference_solutions.assignment import Asked
from submissions_schema.problems import Place
from submissions_schema.submission import LoadedSubmission
from submissions_schema.yaml_reader import Document, Tree, TreePath

_REMEMBERED = 5_000
"""How many of the texts that were costly to read are kept for the next submission."""


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
    same = (asked.question, asked.answer, tree) if isinstance(tree, str) else None
    if kind.remembered and same in key.read_before:
        return key.read_before[same]
    node, shape = None, ()
    if asked.target is not None:
        node = asked.target.node
        shape = key.layout.shapes[key.position[asked.question, asked.answer]]
    question = key.assignment.file.questions[asked.question]
    words = f"{question.title} {question.prompt}"
    content = kind.take(Reading(asked.spec, tree, path, document, key.sheet, shape, node, words))
    # Only what can't be read says where it stands.
    costly = kind.remembered and len(key.read_before) < _REMEMBERED
    if costly and same is not None and not isinstance(content, Unreadable):
        key.read_before[same] = content
    return content
