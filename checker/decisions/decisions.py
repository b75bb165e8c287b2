"""Decisions as grading takes them: which there are for an answer, and the narrowest first."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checker.decisions.file import Entry, Source, Written, read_entries
from reference_solutions.assignment import Asked, Assignment
from submissions_schema.document import Document
from submissions_schema.problems import Place, Problem
from submissions_schema.validation import did_you_mean
from submissions_schema.yaml_reader import Tree

AnswerKey = tuple[str, str]
"""The ids of a question and of an answer to it."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, by its ``number`` among all of a run, from 0.

    ``answers`` are those that it is about; for a decision about a file there are none.
    """

    number: int
    written: Written = field(repr=False, compare=False)
    answers: frozenset[AnswerKey] = frozenset()

    @property
    def entry(self) -> Entry:
        """What it says."""
        return self.written.entry

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.written.place()

    @property
    def document(self) -> Document:
        """The file in which it stands."""
        return self.written.document

    @property
    def path(self) -> tuple[str | int, ...]:
        """The path of its value, if it names one, in its document."""
        part = "accept" if self.entry.accept is not None else "value"
        return ("decisions", self.written.position, part)

    @property
    def tree(self) -> Tree:
        """The value that it is about, as it is written; None for any."""
        tree: Tree = self.entry.value if self.entry.accept is None else self.entry.accept
        return tree

    @property
    def students(self) -> Collection[str] | None:
        """The students whom it is about; None for all."""
        one = self.entry.student
        return self.entry.students if one is None else (one,)

    @property
    def width(self) -> tuple[int, bool, bool, bool]:
        """How much it is about: the least is the narrowest."""
        entry = self.entry
        students = 0 if entry.student else 1 if entry.students else 2
        return students, self.tree is None, entry.mistake is None, entry.answer is None

    @property
    def scope(self) -> Hashable:
        """What it is about, equal for decisions about the same."""
        students = None if self.students is None else frozenset(self.students)
        return self.entry.file, self.answers, students, repr(self.tree), self.entry.mistake

    @property
    def outcome(self) -> tuple[object, ...]:
        """What it decides, equal for decisions that decide alike."""
        entry = self.entry
        student = entry.student if entry.file is not None else None
        return entry.accept is not None, entry.points, entry.say, student


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions of a run on an assignment.

    ``by_answer`` has those about each answer, the narrowest first, and ``owners`` those that say
    whose a file is, by its name.
    """

    all: tuple[Decision, ...] = ()
    by_answer: Mapping[AnswerKey, Sequence[Decision]] = field(default_factory=dict)
    owners: Mapping[str, Decision] = field(default_factory=dict)


def read_decisions(
    sources: Sequence[Source], assignment: Assignment, mistakes: Collection[str]
) -> tuple[Decisions, list[Problem]]:
    """Return the decisions in files, and everything that is wrong with them.

    ``mistakes`` are the ids of all that can be found.
    """
    entries, problems = read_entries(sources, assignment.id)
    asked = {(item.question, item.answer): item for item in assignment.asked}
    found: list[Decision] = []
    for number, written in enumerate(entries):
        answers = _answers(written, asked, problems)
        found.append(Decision(number, written, answers))
        known = written.entry.mistake
        if known is not None and known not in mistakes:
            message = f"there is no mistake `{known}`{did_you_mean(known, mistakes)}"
            problems.append(Problem(message, written.place("mistake")))
        problems += _too_many_points(written, [asked[key] for key in answers])
    problems += _contradictions(found)
    by_answer: dict[AnswerKey, list[Decision]] = {}
    for decision in sorted(found, key=lambda one: one.width):
        for key in decision.answers:
            by_answer.setdefault(key, []).append(decision)
    owners = {one.entry.file: one for one in found if one.entry.file is not None}
    return Decisions(tuple(found), by_answer, owners), problems


def _answers(
    written: Written, asked: Mapping[AnswerKey, Asked], problems: list[Problem]
) -> frozenset[AnswerKey]:
    entry = written.entry
    if entry.file is not None:
        return frozenset()
    if entry.answer is None:
        return frozenset(asked)
    names: dict[str, list[AnswerKey]] = {}
    for question, answer in asked:
        names.setdefault(f"{question}.{answer}", []).append((question, answer))
    found = names.get(entry.answer, [])
    if len(found) == 1:
        return frozenset(found)
    hint = did_you_mean(entry.answer, names)
    message = f"there is no answer `{entry.answer}`{hint}"
    expected = None if hint else "a question's id, a dot and an answer's id"
    if found:
        message, expected = f"`{entry.answer}` may be several answers", None
    problems.append(Problem(message, written.place("answer"), expected))
    return frozenset()


def _too_many_points(written: Written, asked: Sequence[Asked]) -> Iterator[Problem]:
    points = written.entry.points
    for item in asked:
        if points is not None and points.of(item.points) > item.points + _ROUNDING:
            message = f"`{item.question}` `{item.answer}` has not so many points"
            most = f"at most {item.points:g}"
            yield Problem(message, written.place("points"), most, f"{points.amount:g}")


def _contradictions(found: Sequence[Decision]) -> Iterator[Problem]:
    first: dict[Hashable, Decision] = {}
    for decision in found:
        other = first.setdefault(decision.scope, decision)
        if other.outcome != decision.outcome:
            yield contradiction(other, decision)


def contradiction(one: Decision, other: Decision, where: str = "") -> Problem:
    """Return what is wrong with two decisions that say different things of the same."""
    first, second = sorted((one, other), key=lambda decision: decision.number)
    return Problem(f"this contradicts the decision at {first.place}{where}", second.place)
