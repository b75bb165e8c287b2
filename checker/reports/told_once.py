"""A submission's mistakes, numbered: each is explained where it first shows, and referred to after.

Also what else isn't right, so that a report can begin with what matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from checker.report import AnswerReport, MistakeReport, QuestionReport, SubmissionReport
from checker.reports.common import Shown, shown
from checker.reports.layout import answer_anchor, question_anchor

_OTHERS = ("imprecise", "partial", "wrong", "invalid", "missing")
_SENTENCE = re.compile(r"((?:`[^`]*`|[^`])*?[.?!])(?= [A-Z`]|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """One answer of a report, and its anchor in the page."""

    answer: AnswerReport
    anchor: str

    @property
    def name(self) -> str:
        """What the answer is called in the whole report."""
        return f"{self.answer.question} {self.answer.answer}"


@dataclass(frozen=True, slots=True)
class Told:
    """One mistake with its number, from 1, and the answers in which it shows, the first first."""

    number: int
    mistake: MistakeReport
    places: tuple[Place, ...]

    @property
    def first(self) -> Place:
        """Where it is explained in full."""
        return self.places[0]

    @property
    def counts_at(self) -> str:
        """The name of the answer at which it costs points; empty where it costs none."""
        return self.charged.name if self.charged else ""

    @property
    def charged(self) -> Place | None:
        """Where it costs points; None where it costs none."""
        return next((place for place in self.places if _charges(place.answer, self.mistake)), None)


class Link(NamedTuple):
    """Another answer of the report: its anchor in the page, and what it is called."""

    anchor: str
    name: str


class Reference(NamedTuple):
    """A mistake by its number, and where it is explained; None for right here."""

    number: int
    explained_at: Link | None


class Placed(NamedTuple):
    """An answer in its report: what is shown of it, its anchor, and what the others say for it.

    ``references`` are its mistakes. ``counts_at`` is where the first of them costs points.
    """

    answer: AnswerReport
    shown: Shown
    anchor: str
    references: tuple[Reference, ...] = ()
    counts_at: Link | None = None


class ToldOnce:
    """The mistakes of one submission."""

    def __init__(self, submission: SubmissionReport) -> None:
        self._submission = submission
        found: dict[tuple[str, str, str], list[Place]] = {}
        mistakes: dict[tuple[str, str, str], MistakeReport] = {}
        self.others: list[Place] = []
        self._answers = 0
        for place in _places(submission):
            for mistake in place.answer.mistakes:
                found.setdefault(_key(mistake), []).append(place)
                mistakes.setdefault(_key(mistake), mistake)
            if place.answer.mistakes:
                self._answers += 1
            else:
                self.others.append(place)
        self._told: Mapping[tuple[str, str, str], Told] = {
            key: Told(number, mistakes[key], tuple(places))
            for number, (key, places) in enumerate(found.items(), start=1)
        }

    @property
    def all(self) -> tuple[Told, ...]:
        """All mistakes, in the order in which they are explained."""
        return tuple(self._told.values())

    @property
    def answers(self) -> int:
        """How many answers have a mistake."""
        return self._answers

    def of(self, mistake: MistakeReport) -> Told:
        """Return a mistake of the submission with its number."""
        return self._told[_key(mistake)]

    def is_first(self, answer: AnswerReport, mistake: MistakeReport) -> bool:
        """Whether a mistake is explained at this answer."""
        first = self.of(mistake).first.answer
        return (first.question, first.answer) == (answer.question, answer.answer)

    @cached_property
    def questions(self) -> tuple[tuple[Placed, ...], ...]:
        """The answers to each question, in their places."""
        return tuple(
            tuple(self._placed(place, question))
            for place, question in enumerate(self._submission.questions, start=1)
        )

    def _placed(self, place: int, question: QuestionReport) -> Iterator[Placed]:
        before = question_anchor(question.id, place)
        for number, answer in enumerate(question.answers, start=1):
            anchor = f"{before}/{number}"
            if not answer.mistakes:
                yield Placed(answer, shown(answer), anchor)
                continue
            references = tuple(self._reference(answer, mistake) for mistake in answer.mistakes)
            charged = self.of(answer.mistakes[0]).charged
            counts_at = None if charged is None else _link(charged)
            yield Placed(answer, shown(answer), anchor, references, counts_at)

    def _reference(self, answer: AnswerReport, mistake: MistakeReport) -> Reference:
        one = self.of(mistake)
        at = None if self.is_first(answer, mistake) else _link(one.first)
        return Reference(one.number, at)


def first_sentence(text: str) -> str:
    """Return the first sentence of a text; what stands between backticks ends none."""
    found = _SENTENCE.match(text)
    return found[1] if found else text


def _link(place: Place) -> Link:
    return Link(place.anchor, place.name)


def _charges(answer: AnswerReport, mistake: MistakeReport) -> bool:
    return any(one.charged and _key(one) == _key(mistake) for one in answer.mistakes)


def _key(mistake: MistakeReport) -> tuple[str, str, str]:
    return mistake.id, mistake.where, mistake.message


def _places(submission: SubmissionReport) -> Iterator[Place]:
    """Yield the answers that have a mistake, or aren't right for another reason."""
    for place, question in enumerate(submission.questions, start=1):
        for number, answer in enumerate(question.answers, start=1):
            if answer.mistakes or answer.verdict in _OTHERS:
                yield Place(answer, answer_anchor(question.id, place, number))
