"""The last stage: what is said of every answer, as the frozen report that all formats show."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from checker.answer_kinds import kind_of
from checker.answer_kinds.kind import Settled
from checker.answer_kinds.reading.written import Unreadable
from checker.edits.formulas import formulas
from checker.grading.compare import allowed_at, rounding
from checker.grading.judged import Judgement
from checker.grading.key import Key
from checker.grading.mark import MarkedAnswer
from checker.grading.plausibility import invariant_broken
from checker.matching import noise
from checker.remembered import Remembered
from checker.report import (
    AnswerReport,
    EntryReport,
    MistakeReport,
    Numbers,
    QuestionReport,
    SubmissionReport,
    Verdict,
)
from checker.reports import wording
from reference_solutions.assignment import Asked
from reference_solutions.expressions.tree import Name
from submissions_schema.assignment_file import Question
from submissions_schema.submission import Student

_KEPT = 5_000
"""How many formulas of mistakes are kept for the next submission."""

_REPORTED = 2_000
"""How many reports of computed answers are kept for those that are judged the same."""

_Formulas: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...]]
"""What the sheet means, what was computed instead, and what the deltas in them stand for."""

_NO_FORMULAS: _Formulas = ("", "", ())

_RIGHT = ("correct", "follow_through", "imprecise")


class Reporter:
    """Says what is said of submissions to one assignment; ``reveal`` shows the right values."""

    def __init__(self, key: Key, *, reveal: bool) -> None:
        self._key = key
        self._reveal = reveal
        # A name says what is asked for; any other expression would say how it is computed.
        self._asked = [
            key.notation.latex(target.expression)
            if reveal or isinstance(target.expression, Name)
            else ""
            for target in key.reference.targets
        ]
        self._formulas = lru_cache(_KEPT)(self._formulas_of)
        self._reported = Remembered[tuple[Hashable, ...], AnswerReport](_REPORTED)

    def report(
        self,
        student: Student,
        file: str,
        answers: Sequence[MarkedAnswer],
        remarks: Sequence[str],
        digits: Mapping[int, int | None],
    ) -> SubmissionReport:
        """Return the report of a submission, its answers in the order in which they are asked.

        ``digits`` is to how many digits each answer may be rounded on the way.
        """
        parts: dict[str, list[AnswerReport]] = {}
        earned: dict[str, list[float]] = {}
        for item in answers:
            question = item.answer.asked.question
            earned.setdefault(question, []).append(item.mark.points or 0.0)
            parts.setdefault(question, []).append(self._reported_once(item, digits))
        file_ = self._key.assignment.file
        questions = tuple(
            _question(id, file_.questions[id], tuple(reports), earned[id])
            for id, reports in parts.items()
        )
        pending = sum(question.pending for question in questions)
        waits = any(item.mark.points is None for item in answers)
        return SubmissionReport(
            student.id,
            student.name,
            file,
            "needs_review" if pending or waits else "graded",
            round(sum(map(sum, earned.values())), 6),
            file_.total_points,
            pending,
            tuple(remarks),
            questions,
        )

    def _reported_once(self, item: MarkedAnswer, digits: Mapping[int, int | None]) -> AnswerReport:
        """Report an answer, once where several students have it judged and placed the same."""
        answer, place = item.answer, item.answer.place
        if item.judgement is None or item.ruling is not None or place is None:
            return self._answer(item, digits)
        same = (item.judgement, item.mark, answer.text, answer.remark, place.line, place.column)
        before = self._reported.get(same)
        return before or self._reported.keep(same, self._answer(item, digits))

    def _answer(self, item: MarkedAnswer, digits: Mapping[int, int | None]) -> AnswerReport:
        asked, judgement, place = item.answer.asked, item.judgement, item.answer.place
        ruled, position = item.ruling, item.answer.position
        entries: tuple[EntryReport, ...] = ()
        if judgement is not None and self._key.kinds[judgement.position].by_entry:
            entries = tuple(self._entries(judgement, item.verdict))
        message, reason = self._message(item), item.mark.reason
        if ruled is not None:
            message = wording.from_person(ruled.say) if ruled.say else message
            reason = wording.decided_reason(reason, ruled.decided)
        expected, expected_latex = self._expected(asked) if self._reveal else (None, "")
        return AnswerReport(
            asked.question,
            asked.answer,
            item.verdict,
            None if item.mark.points is None else round(item.mark.points, 6),
            round(asked.points, 6),
            message,
            reason,
            "" if position < 0 else self._asked[position],
            judgement.written.shape if entries and judgement is not None else (),
            entries,
            item.answer.text,
            tuple(self._mistakes(item)),
            expected,
            place.line if place else None,
            place.column if place else None,
            expected_latex,
            item.answer.remark,
            None if judgement is None else self._numbers(judgement, item.verdict, digits),
            None if ruled is None else ruled.decided,
            judgement is not None and judgement.from_rounded,
        )

    def _numbers(
        self, answer: Judgement, verdict: Verdict, digits: Mapping[int, int | None]
    ) -> Numbers | None:
        """Return what another student's answer is compared with, unless this one is the right one.

        What rounding does to a value is taken to be in proportion to what it does to the right one.
        """
        if verdict in ("correct", "imprecise"):
            return None
        values = answer.written.values
        granted = rounding(self._key, answer.position, digits[answer.position])
        right, own = (float(np.abs(v).max(initial=0.0)) for v in (answer.expected, values))
        with np.errstate(over="ignore"):
            granted = granted / right * own if right else granted
            within = allowed_at(self._key, answer, values) + granted
        return Numbers(tuple(values.tolist()), tuple(within.tolist()))

    def _expected(self, asked: Asked) -> tuple[str | None, str]:
        """Return what is right as text, and a formula as LaTeX too."""
        node = None if asked.target is None else asked.target.node
        notation = self._key.diagnoser.library.workshop.notation
        found = kind_of(asked.spec).reveal(asked.spec, node, self._key.graph, notation)
        return found.text, found.latex

    def _message(self, item: MarkedAnswer) -> str:
        content = item.answer.content
        if content is None:
            return "No answer was given."
        if isinstance(content, Settled):
            return content.message
        said = " ".join(finding.message for finding in item.findings)
        if isinstance(content, Unreadable):
            return f"{said} {_sentence(content.message)}".strip()
        judgement = item.judgement
        assert judgement is not None
        if judgement.note:
            return judgement.note
        if item.verdict == "correct":
            return "Right."
        return said or self._unexplained(judgement, item.verdict)

    def _unexplained(self, answer: Judgement, verdict: Verdict) -> str:
        kind = self._key.kinds[answer.position]
        text = kind.unexplained(answer.written, answer.expected)
        if not kind.by_entry:
            return text
        if verdict == "partial":
            assert answer.right is not None
            right, total = int(answer.right.sum()), answer.right.size
            own = " (from your own earlier values)" if answer.from_own else ""
            text = f"{right} of {total} entries are right{own}; no known mistake explains the rest."
        values = answer.written.values.reshape(answer.written.shape)
        broken = invariant_broken(
            self._key.graph, self._key.layout.targets[answer.position], values
        )
        return f"{text} {broken}" if broken else text

    def _entries(self, answer: Judgement, verdict: Verdict) -> Iterator[EntryReport]:
        shape = answer.written.shape
        off_by = self._key.kinds[answer.position].off
        large = np.abs(answer.expected) > noise(answer.expected)
        expected = np.where(large, answer.expected, 0.0)
        entries = zip(
            np.ndindex(shape), answer.written.texts, answer.written.values.tolist(), strict=True
        )
        for i, (index, text, value) in enumerate(entries):
            right: bool | None = True
            off = ""
            if verdict not in _RIGHT:
                right = bool(answer.right[i]) if answer.right is not None else None
                if right is False:
                    off = off_by(value, float(expected[i]))
            yield EntryReport(index, text.strip(), right, off, value)

    def _mistakes(self, item: MarkedAnswer) -> Iterator[MistakeReport]:
        shown = self._reveal or not item.answer.asked.spec.symbolic
        for finding, pays in zip(item.findings, item.mark.charged, strict=True):
            formulas = _NO_FORMULAS
            if finding.row is not None and shown:
                formulas = self._formulas(finding.row, item.answer.position)
            right, used, signals = formulas
            yield MistakeReport(
                finding.id,
                finding.where,
                "likely" if finding.likely else "possible",
                finding.message,
                right,
                used,
                pays,
                tuple(text for _, text in finding.alternatives),
                tuple(id for id, _ in finding.alternatives),
                signals,
                finding.one_number,
            )

    def _formulas_of(self, row: int, position: int) -> _Formulas:
        library = self._key.diagnoser.library
        target = self._key.layout.targets[position]
        right, used = formulas(library.workshop, library.edits[row], target)
        return right, used, library.workshop.notation.error_signals(right, used)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _question(
    id: str, asked: Question, answers: tuple[AnswerReport, ...], earned: Sequence[float]
) -> QuestionReport:
    return QuestionReport(
        id,
        asked.title,
        round(sum(earned), 6),
        round(sum(a.max_points for a in answers), 5),
        round(sum(a.max_points for a in answers if a.points is None), 5),
        answers,
        asked.prompt,
    )
