"""The queue: the answers that wait for a person, as a file to fill in.

Marks that were given stay in it, so that no work of a person is lost by writing it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checker.marking.marks import QUEUE, Asked, Mark, Marks, text_hash
from checker.marking.split import Queue
from checker.marking.yaml_text import Block, dumped
from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.reports.wording import plural
from checker.texts import Texts, distinct

_HEAD = """\
# Answers for a person to mark. Fill in `points:`, and `comment:` for the student if you like, then:
#     checker grade FOLDER --marks {name}
# Each hash belongs to the text above it: a mark is used only for the text that was marked.
"""


def queue_yaml(run: RunReport, *kept: Marks, name: str = QUEUE) -> str:
    """Return the answers that a person marks as YAML; nothing if there are none."""
    return "".join(queue_chunks(run, *kept, name=name))


def queue_chunks(run: RunReport, *kept: Marks, name: str = QUEUE) -> Iterator[str]:
    """Yield the answers that a person marks as YAML, answer by answer; nothing if there are none.

    Marks that were given stay, those of ``kept`` in turn: at their answers, or at the end where
    there is no such answer any more. So no work of a person is lost by writing the file again.
    """
    given: dict[tuple[object, ...], Mark] = {}
    for mark in (mark for marks in kept for mark in marks.marks if mark.given):
        known = given.get((mark.key, mark.hash))
        if known is None or (known.points is None and mark.points is not None):
            given[mark.key, mark.hash] = mark
    head: dict[str, object] = {"assignment": run.assignment}
    if questions := _asked(run):
        head["questions"] = {id: asked.model_dump() for id, asked in questions.items()}
    opening = _HEAD.format(name=name) + dumped(head) + "marks:\n\n"
    for entry in _entries(run, given):
        yield opening + dumped([entry])
        opening = "\n"


def marker_yaml(queue: Queue) -> str:
    """Return one marker's queue as YAML."""
    head = {
        "assignment": queue.assignment,
        "split": queue.split,
        "marker": queue.marker,
        "blind": queue.blind,
        "questions": {id: asked.model_dump() for id, asked in queue.questions.items()},
    }
    entries = (dumped([_kept(mark)]) for mark in queue.marks)
    return f"{dumped(head)}marks:\n\n" + "\n".join(entries)


def _asked(run: RunReport) -> dict[str, Asked]:
    """Return what the sheet says of the questions in which a person marks something."""
    order: dict[str, None] = {}
    found: dict[str, Asked] = {}
    for submission in run.submissions:
        for question in submission.questions:
            order[question.id] = None
            if question.id not in found and any(a.for_person for a in question.answers):
                found[question.id] = Asked(title=question.title, prompt=question.prompt)
    return {id: found[id] for id in order if id in found}


def _entries(
    run: RunReport, given: Mapping[tuple[object, ...], Mark]
) -> Iterator[dict[str, _Value]]:
    asked: set[tuple[object, ...]] = set()
    for submission in run.submissions:
        for answer in submission.answers:
            if answer.for_person:
                key = (submission.student, answer.question, answer.answer)
                found = (key, text_hash(answer.written))
                mark = given.get(found)
                if mark is not None:
                    asked.add(found)
                yield _entry(submission, answer, found[1], mark)
    yield from (_kept(mark) for key, mark in given.items() if key not in asked)


def queue_summary(run: RunReport) -> str:
    """Return ``3 answers of 2 students wait for a person``, or nothing."""
    answers, students = 0, Texts()
    for submission in run.submissions:
        waiting = sum(answer.points is None for answer in submission.answers)
        if waiting:
            answers += waiting
            students.append(submission.student)
    if not answers:
        return ""
    of = plural(distinct(students), "student")
    return f"{plural(answers, 'answer')} of {of} {'waits' if answers == 1 else 'wait'} for a person"


_Value = str | float | None


def _entry(
    submission: SubmissionReport, answer: AnswerReport, found: str, mark: Mark | None
) -> dict[str, _Value]:
    return _fields(
        (submission.student, submission.name or None, answer.question, answer.answer),
        answer.written,
        answer.max_points,
        found,
        mark.points if mark is not None else None,
        mark.comment if mark is not None else None,
    )


def _kept(mark: Mark) -> dict[str, _Value]:
    who = (mark.student, mark.name, mark.question, mark.answer)
    return _fields(who, mark.text or "", mark.max_points, mark.hash, mark.points, mark.comment)


def _fields(  # noqa: PLR0913, PLR0917 - one argument for each field
    who: tuple[str, str | None, str, str],
    text: str,
    max_points: float | None,
    found: str,
    points: float | None,
    comment: str | None,
) -> dict[str, _Value]:
    student, name, question, answer = who
    named: Iterable[tuple[str, _Value]] = (("name", name),) if name else ()
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


def _shown(value: float | None) -> _Value:
    return int(value) if value is not None and value == int(value) else value
