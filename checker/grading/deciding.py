"""Decisions in the way of the data: which hold of an answer, and what accepted values make of it.

A value that is accepted is right as it stands, and is carried forward as the student's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from checker.answer_kinds.kind import Settled
from checker.answer_kinds.reading.written import Unreadable, WrittenArray, text_of
from checker.decisions.decisions import AnswerKey, Decision, Decisions, read_decisions
from checker.decisions.file import Source
from checker.decisions.ruling import Ruling, ruling
from checker.diagnosis.finding import Finding
from checker.diagnosis.lazy import Lazy
from checker.edits.registry import price_list
from checker.grading.compare import precise_enough, rounding
from checker.grading.judged import Judged, Judgement
from checker.grading.key import Key
from checker.grading.read import Written, WrittenAnswer, content_of
from checker.matching import agrees
from reference_solutions.assignment import Asked
from reference_solutions.graph import Array
from submissions_schema.problems import InputError, Problem
from submissions_schema.submission import Student

ACCEPTED = "Your teacher accepts this."

Held: TypeAlias = Mapping[AnswerKey, Sequence[Decision]]
"""The decisions that hold of a submission's answers, if these have the mistakes that some name."""


class Rulings:
    """Decisions with the values that they are about read as answers are.

    Raises :class:`InputError` with everything that is wrong with them.
    """

    def __init__(self, key: Key, sources: Sequence[Source]) -> None:
        self._key = key
        self.decisions = Decisions()
        problems: list[Problem] = []
        if sources:
            known = [*price_list(), *key.assignment.file.mistakes]
            self.decisions, problems = read_decisions(sources, key.assignment, known)
        self._values: dict[int, WrittenArray | Settled | Unreadable] = {}
        asked = {(item.question, item.answer): item for item in key.assignment.asked}
        for decision in self.decisions.all:
            if decision.tree is None:
                continue
            for answer in decision.answers:
                content = content_of(
                    key, asked[answer], decision.tree, decision.path, decision.document
                )
                if isinstance(content, Unreadable):
                    problems += content.problems
                self._values[decision.number] = content
        if problems:
            raise InputError(
                sorted(problems, key=lambda problem: (problem.place.file, problem.place.line or 0))
            )

    def owner(self, file: str) -> Student | None:
        """Return whose a file is, if that was decided."""
        decision = self.decisions.owners.get(file)
        if decision is None or decision.entry.student is None:
            return None
        return Student(id=decision.entry.student)

    def held(self, student: str, written: Written, judged: Judged) -> Held:
        """Return the decisions that hold of a student's answers."""
        found: dict[AnswerKey, Sequence[Decision]] = {}
        for answer in written.answers if self.decisions.by_answer else ():
            asked = (answer.asked.question, answer.asked.answer)
            held = [
                decision
                for decision in self.decisions.by_answer.get(asked, ())
                if (decision.students is None or student in decision.students)
                and (decision.tree is None or self._agrees(decision, answer, judged))
            ]
            if held:
                found[asked] = held
        return found

    def _agrees(self, decision: Decision, answer: WrittenAnswer, judged: Judged) -> bool:
        """Whether the value of a decision stands there, within rounding, and isn't right anyway."""
        value = self._values[decision.number]
        if not isinstance(value, WrittenArray):
            return answer.content is not None and _same_text(answer.text, decision)
        position = self._key.position[answer.asked.question, answer.asked.answer]
        judgement = judged.answers.get(position)
        if judgement is None or judgement.verdict == "correct":
            return False
        digits = None if judgement.if_rounded else judged.digits[position]
        allowed = _allowed(self._key, judgement, value.values, digits)
        return bool(agrees(judgement.written.values, value.values, allowed).all())

    def accepted(self, held: Held, judged: Judged) -> Judged:
        """Return what was judged with the values that are accepted taken to be right."""
        found: list[Judgement] = []
        for asked, decisions in held.items():
            position = self._key.position.get(asked, -1)
            judgement = judged.answers.get(position)
            decision = _accepting(decisions)
            if judgement is None or decision is None:
                continue
            value = self._values[decision.number]
            assert isinstance(value, WrittenArray)
            found.append(_as_right(self._key, judgement, value.values, judged.digits[position]))
        if not found:
            return judged
        numbers = {judgement.position for judgement in found}
        lazy = judged.lazy
        lazy = Lazy(lazy.constant - numbers, lazy.given - numbers, lazy.copied - numbers)
        return replace(judged.changed(found), lazy=lazy)


def settled(held: Held, written: Written) -> Written:
    """Return what was written with accepted answers settled that nothing is computed from."""
    if not any(_accepting(decisions) for decisions in held.values()):
        return written
    return replace(written, answers=[_settled(held, answer) for answer in written.answers])


def ruling_of(held: Held, asked: Asked, findings: Sequence[Finding]) -> Ruling | None:
    """Return what is decided of an answer that mistakes explain, or that none does."""
    made = {finding.id for finding in findings}
    decisions = [
        decision
        for decision in held.get((asked.question, asked.answer), ())
        if decision.entry.mistake is None or decision.entry.mistake in made
    ]
    return ruling(decisions, asked.points)


def _accepting(decisions: Sequence[Decision]) -> Decision | None:
    return next((one for one in decisions if one.entry.accept is not None), None)


def _settled(held: Held, answer: WrittenAnswer) -> WrittenAnswer:
    asked = (answer.asked.question, answer.asked.answer)
    if isinstance(answer.content, WrittenArray) or _accepting(held.get(asked, ())) is None:
        return answer
    return replace(answer, content=Settled("correct", ACCEPTED, written=answer.text))


def _same_text(text: str, decision: Decision) -> bool:
    return " ".join(text.split()).casefold() == " ".join(text_of(decision.tree).split()).casefold()


def _allowed(key: Key, answer: Judgement, value: Array, digits: int | None) -> Array:
    matching, errors = key.asked[answer.position].matching, key.errors[answer.position]
    half_units = answer.written.half_units
    tolerances = key.kinds[answer.position].tolerances(value, half_units, matching, errors)
    return tolerances + rounding(key, answer.position, digits)


def _as_right(key: Key, answer: Judgement, value: Array, digits: int | None) -> Judgement:
    everywhere = np.ones(value.shape, dtype=bool)
    answer = replace(
        answer,
        expected=value,
        verdict="correct",
        note=ACCEPTED,
        right=everywhere,
        if_rounded=False,
        accepted=True,
    )
    return precise_enough(key, answer, np.zeros_like(value), digits)
