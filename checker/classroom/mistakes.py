"""The mistakes of a class: each with its places in the sheet and with who made it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from checker.report import SubmissionReport


@dataclass(frozen=True, slots=True)
class MistakePlace:
    """One mistake at one place of the sheet; ``message`` is what was said of it most.

    ``students`` are the positions of the submissions, in order, and ``answers`` for each of them
    the first answer in which it shows, as a position in the assignment.
    """

    where: str
    message: str
    students: Sequence[int]
    answers: Sequence[int]


@dataclass(frozen=True, slots=True)
class ClassMistake:
    """One mistake over a class: its places, most students first, and how many made it.

    ``by_question`` is how many students show it in each question.
    """

    id: str
    students: int
    places: tuple[MistakePlace, ...]
    by_question: dict[str, int]

    @property
    def message(self) -> str:
        """What was said of it at its commonest place."""
        return self.places[0].message


@dataclass(slots=True)
class _Place:
    messages: Counter[str] = field(default_factory=Counter)
    students: array[int] = field(default_factory=lambda: array("I"))
    answers: array[int] = field(default_factory=lambda: array("I"))


@dataclass(slots=True)
class _Mistake:
    places: dict[str, _Place] = field(default_factory=dict)
    by_question: Counter[str] = field(default_factory=Counter)
    students: int = 0


class ClassMistakes:
    """Counts mistakes, one submission after another."""

    def __init__(self) -> None:
        self._mistakes: dict[str, _Mistake] = {}

    def add(self, position: int, submission: SubmissionReport) -> None:
        """Take the mistakes of the submission at a position of the run."""
        made: set[str] = set()
        shown: set[tuple[str, str]] = set()
        for number, answer in enumerate(submission.answers):
            for mistake in answer.mistakes:
                known = self._mistakes.setdefault(mistake.id, _Mistake())
                if mistake.id not in made:
                    made.add(mistake.id)
                    known.students += 1
                if (mistake.id, answer.question) not in shown:
                    shown.add((mistake.id, answer.question))
                    known.by_question[answer.question] += 1
                place = known.places.setdefault(mistake.where, _Place())
                place.messages[mistake.message] += 1
                if not place.students or place.students[-1] != position:
                    place.students.append(position)
                    place.answers.append(number)

    def found(self) -> tuple[ClassMistake, ...]:
        """Return all mistakes, those that most made first."""
        mistakes = (
            ClassMistake(
                id,
                known.students,
                tuple(
                    MistakePlace(
                        where, place.messages.most_common(1)[0][0], place.students, place.answers
                    )
                    for where, place in sorted(
                        known.places.items(), key=lambda item: (-len(item[1].students), item[0])
                    )
                ),
                dict(known.by_question),
            )
            for id, known in self._mistakes.items()
        )
        return tuple(sorted(mistakes, key=lambda mistake: (-mistake.students, mistake.id)))
