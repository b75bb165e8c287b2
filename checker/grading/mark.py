"""The fifth stage: points for every answer, from its verdict and the mistakes that explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checker.answer_kinds.kind import Settled
from checker.answer_kinds.reading.written import Unreadable
from checker.decisions.ruling import Ruling
from checker.diagnosis.evidence import entry_bits
from checker.diagnosis.finding import Finding
from checker.grading.deciding import Held, ruling_of
from checker.grading.judged import Judged, Judgement
from checker.grading.key import Key
from checker.grading.read import Written, WrittenAnswer
from checker.policy import Mark, Outcome, mark
from checker.report import Verdict

_SOME_WORK = 4.25
"""Bits that digits must be worth to earn anything where there are too few: more than one digit."""


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """One answer with its verdict and its points.

    ``judgement`` is what led there for an answer that is computed and could be read; ``findings``
    are the mistakes that explain it, and ``ruling`` is what a person decided of it.
    """

    answer: WrittenAnswer
    judgement: Judgement | None
    verdict: Verdict
    findings: Sequence[Finding]
    mark: Mark
    ruling: Ruling | None = None


def marks(
    key: Key, written: Written, judged: Judged, unfit: Mapping[int, Finding], held: Held
) -> list[MarkedAnswer]:
    """Give every answer its points.

    ``unfit`` explains answers that could not be compared, ``held`` are the decisions on them.
    """
    standing = [_standing(key, answer, judged, unfit) for answer in written.answers]
    rulings = [
        ruling_of(held, answer.asked, findings)
        for answer, (_, _, findings) in zip(written.answers, standing, strict=True)
    ]
    given = mark(
        [
            outcome if ruled is None else replace(outcome, decided=ruled.points)
            for (outcome, *_), ruled in zip(standing, rulings, strict=True)
        ]
    )
    return [
        MarkedAnswer(answer, judgement, outcome.verdict, findings, points, ruled)
        for answer, (outcome, judgement, findings), points, ruled in zip(
            written.answers, standing, given, rulings, strict=True
        )
    ]


def _standing(
    key: Key, answer: WrittenAnswer, judged: Judged, unfit: Mapping[int, Finding]
) -> tuple[Outcome, Judgement | None, Sequence[Finding]]:
    asked, content = answer.asked, answer.content
    judgement = judged.answers.get(answer.position)
    findings: Sequence[Finding] = ()
    verdict: Verdict = "missing"
    share = 0.0
    earns = judged.worked
    if judgement is not None:
        verdict, findings = judgement.verdict or "wrong", judgement.findings
        if verdict != "correct":
            share = 0.0 if key.kinds[answer.position].whole else judgement.share
            earns = earns and _earns(key, judgement, judged)
    elif isinstance(content, Settled):
        verdict, share, earns = content.verdict, content.share, True
    elif isinstance(content, Unreadable):
        finding = unfit.get(answer.position)
        verdict = "invalid" if finding is None else "mistake"
        findings = () if finding is None else (finding,)
    # What is only possible is no reason to let a repetition go free.
    keys = [
        finding.key if finding.strong or not earns else (*finding.key, asked.question, asked.answer)
        for finding in findings
    ]
    outcome = Outcome(verdict, asked.points, asked.marking, share, tuple(keys), earns)
    return outcome, judgement, findings


def _earns(key: Key, answer: Judgement, judged: Judged) -> bool:
    """Whether an answer that is not right in full shows work: lazy ones and single digits don't."""
    if answer.position in judged.lazy.answers or answer.led_nowhere:
        return False
    if answer.verdict != "imprecise":
        return True
    written = answer.written
    scale = key.layout.scales[answer.position]
    return float(entry_bits(written.values, scale, written.half_units).sum()) >= _SOME_WORK
