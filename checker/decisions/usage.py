"""Of whom decisions held in a class: none of anybody is said, and so is a contradiction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from checker.answer_kinds.reading.written import text_of
from checker.decisions.decisions import Decision, Decisions, contradiction
from checker.report import Decided, DecisionReport, SubmissionReport
from submissions_schema.problems import Problem
from submissions_schema.validation import did_you_mean

DecidedAnswer: TypeAlias = tuple[str, str, Decided]
"""A question, an answer to it, and what was decided of it."""


def decided_answers(report: SubmissionReport) -> tuple[DecidedAnswer, ...]:
    """Return what was decided of a submission's answers."""
    return tuple(
        (answer.question, answer.answer, answer.decided)
        for answer in report.answers
        if answer.decided is not None
    )


class Usage:
    """Of how much the decisions of a run held, submission after submission."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions
        self._held: Counter[int] = Counter()
        self._overruled: Counter[int] = Counter()
        self._against: dict[tuple[int, int], str] = {}

    def add(self, file: str, answers: Iterable[DecidedAnswer]) -> None:
        """Count what was decided of one submission."""
        owner = self._decisions.owners.get(file)
        if owner is not None:
            self._held[owner.number] += 1
        for question, answer, decided in answers:
            self._held.update(decided.decisions)
            self._held.update(decided.overruled)
            self._overruled.update(decided.overruled)
            for pair in decided.against:
                where = f", for `{question}` `{answer}` in {file}"
                self._against.setdefault((min(pair), max(pair)), where)

    def contradictions(self) -> Iterator[Problem]:
        """Yield the decisions that say different things of an answer, and are equally wide."""
        every = self._decisions.all
        for (one, other), where in sorted(self._against.items()):
            yield contradiction(every[one], every[other], where)

    def any_in_doubt(self) -> bool:
        """Whether some decision held of nobody, or names several students."""
        return any(
            not self._held[decision.number] or decision.entry.students is not None
            for decision in self._decisions.all
        )

    def unused(self, students: Collection[str], files: Collection[str]) -> Iterator[str]:
        """Yield the decisions that held of nobody, and students whom nobody knows.

        Each is said with its place.
        """
        for decision in self._decisions.all:
            if not self._held[decision.number] or _unknown(decision, students):
                yield _why_unused(decision, students, files)

    def reports(self) -> tuple[DecisionReport, ...]:
        """Return all decisions as reports show them."""
        return tuple(
            DecisionReport(
                decision.document.name,
                decision.place.line,
                text_of(decision.written.tree),
                self._held[decision.number],
                self._overruled[decision.number],
            )
            for decision in self._decisions.all
        )


def _unknown(decision: Decision, students: Collection[str]) -> list[str]:
    if decision.entry.file is not None:
        return []
    return [one for one in decision.students or () if one not in students]


def _why_unused(decision: Decision, students: Collection[str], files: Collection[str]) -> str:
    entry, written = decision.entry, decision.written
    if entry.file is not None:
        hint = did_you_mean(entry.file, files)
        return f"{written.place('file')}: there is no file `{entry.file}`{hint}"
    unknown = _unknown(decision, students)
    if unknown:
        part = "student" if entry.student is not None else "students"
        hint = did_you_mean(unknown[0], students)
        return f"{written.place(part)}: no submission is from `{unknown[0]}`{hint}"
    return f"{decision.place}: this decision holds of no answer"
