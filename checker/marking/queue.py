"""The queue: the answers that wait for a person, as a file to fill in.

Marks that were given stay in it, so that no work of a person is lost by writing it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checker.marking.marks import QUEUE, Asked, Mark, Marks, text_hash
from checker.marking.split import Queue
from checker.marking.yaml_text import Block, Value, dumped, dumped_item
from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.reports.overview import Overview, overview
from checker.reports.wording import waiting_sentence

_HEAD = """\
# Answers for a person to mark. Fill in `points:`, and `comment:` for the student if you like, then:
#     checker grade FOLDER --marks {name}
# Each hash belongs to the text above it: a mark is used only for the text that was marked.
"""


class UngradedFile:
    """The answers that a person marks as YAML, submission by submission; empty if there are none.

    ``questions`` are what the sheet says of the questions in which a person marks something. Marks
    that were given stay, those of ``kept`` in turn: at their answers, or at the end where there is
    no such answer any more. So no work of a person is lost by writing the file again.
    """

    def __init__(
        self, assignment: str, questions: Mapping[str, Asked], *kept: Marks, name: str = QUEUE
    ) -> None:
        self._given: dict[tuple[object, ...], Mark] = {}
        self._asked: set[tuple[object, ...]] = set()
        for mark in (mark for marks in kept for mark in marks.marks if mark.given):
            known = self._given.get((mark.key, mark.hash))
            if known is None or (known.points is None and mark.points is not None):
                self._given[mark.key, mark.hash] = mark
        head: dict[str, object] = {"assignment": assignment}
        if questions:
            head["questions"] = {id: asked.model_dump() for id, asked in questions.items()}
        self._opening = _HEAD.format(name=name) + dumped(head) + "marks:\n\n"

    def of(self, submission: SubmissionReport) -> str:
        """Return the part of a submission, with the beginning of the file if it is the first."""
        entries = []
        for answer in submission.answers:
            if answer.for_person:
                key = (submission.student, answer.question, answer.answer)
                found = (key, text_hash(answer.written))
                mark = self._given.get(found)
                if mark is not None:
                    self._asked.add(found)
                entries.append(_entry(submission, answer, found[1], mark))
        return self._written(entries)

    def rest(self) -> str:
        """Return the marks that were given for what is there no more."""
        left = (mark for found, mark in self._given.items() if found not in self._asked)
        return self._written(map(_kept, left))

    def _written(self, entries: Iterable[Mapping[str, Value]]) -> str:
        parts = []
        for entry in entries:
            parts += [self._opening, dumped_item(entry)]
            self._opening = "\n"
        return "".join(parts)


def queue_yaml(run: RunReport, *kept: Marks, name: str = QUEUE) -> str:
    """Return the answers that a person marks as YAML; nothing if there are none."""
    file = UngradedFile(run.assignment, asked(overview(run)), *kept, name=name)
    return "".join(map(file.of, run.submissions)) + file.rest()


def asked(whole: Overview) -> dict[str, Asked]:
    """Return what the sheet says of the questions in which a person marks something."""
    return {
        column.id: Asked(title=column.title, prompt=column.prompt)
        for column in whole.columns
        if column.prompt is not None
    }


def marker_yaml(queue: Queue) -> str:
    """Return one marker's queue as YAML."""
    head = {
        "assignment": queue.assignment,
        "split": queue.split,
        "marker": queue.marker,
        "blind": queue.blind,
        "questions": {id: asked.model_dump() for id, asked in queue.questions.items()},
    }
    entries = (dumped_item(_kept(mark)) for mark in queue.marks)
    return f"{dumped(head)}marks:\n\n" + "\n".join(entries)


def queue_summary(whole: Overview) -> str:
    """Return ``3 answers of 2 students wait for a person``, or nothing."""
    return waiting_sentence(*whole.waiting)


def _entry(
    submission: SubmissionReport, answer: AnswerReport, found: str, mark: Mark | None
) -> dict[str, Value]:
    return _fields(
        (submission.student, submission.name or None, answer.question, answer.answer),
        answer.written,
        answer.max_points,
        found,
        mark.points if mark is not None else None,
        mark.comment if mark is not None else None,
    )


def _kept(mark: Mark) -> dict[str, Value]:
    who = (mark.student, mark.name, mark.question, mark.answer)
    return _fields(who, mark.text or "", mark.max_points, mark.hash, mark.points, mark.comment)


def _fields(  # noqa: PLR0913, PLR0917 - one argument for each field
    who: tuple[str, str | None, str, str],
    text: str,
    max_points: float | None,
    found: str,
    points: float | None,
    comment: str | None,
) -> dict[str, Value]:
    student, name, question, answer = who
    named: Iterable[tuple[str, Value]] = (("name", name),) if name else ()
    return {
        "student": student,
        **dict(named),
        "question": question,
        "answer": answer,
        "text": Block(text),
        "hash": found,
        "max_points": _shown(max_points),
        "points": _shown(points),
        "comment": comment,
    }


def _shown(value: float | None) -> Value:
    return int(value) if value is not None and value == int(value) else value
