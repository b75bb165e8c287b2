"""The fifth stage: points for every answer, from its verdict and the mistakes that explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.answer_kinds.kind import Settled
from checker.answer_kinds.reading.written import Unreadable
from checker.diagnosis.search import Finding
from checker.grading.judged import Judged, Judgement
from checker.grading.key import Key
from checker.grading.read import Written, WrittenAnswer
from checker.policy import Mark, Outcome, mark
from checker.report import Verdict


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """One answer with its verdict and its points.

    ``judgement`` is what led there for an answer that is computed and could be read; ``findings``
    are the mistakes that explain it.
    """

    answer: WrittenAnswer
    judgement: Judgement | None
    verdict: Verdict
    findings: Sequence[Finding]
    mark: Mark


def marks(
    key: Key, written: Written, judged: Judged, unfit: Mapping[int, Finding]
) -> list[MarkedAnswer]:
    """Give every answer its points. ``unfit`` explains answers that could not be compared."""
    standing = [_standing(key, answer, judged, unfit) for answer in written.answers]
    given = mark([outcome for outcome, *_ in standing])
    return [
        MarkedAnswer(answer, judgement, outcome.verdict, findings, points)
        for answer, (outcome, judgement, findings), points in zip(
            written.answers, standing, given, strict=True
        )
    ]


def _standing(
    key: Key, answer: WrittenAnswer, judged: Judged, unfit: Mapping[int, Finding]
) -> tuple[Outcome, Judgement | None, Sequence[Finding]]:
    asked = answer.asked
    position = key.position.get((asked.question, asked.answer), -1)
    judgement = judged.answers.get(position)
    findings: Sequence[Finding] = ()
    verdict: Verdict = "missing"
    share = 0.0
    if judgement is not None:
        verdict, findings = judgement.verdict or "wrong", judgement.findings
        share = 0.0 if key.kinds[position].whole else judgement.share
    elif isinstance(answer.content, Settled):
        verdict, share = answer.content.verdict, answer.content.share
    elif isinstance(answer.content, Unreadable):
        finding = unfit.get(position)
        verdict = "invalid" if finding is None else "mistake"
        findings = () if finding is None else (finding,)
    keys = tuple(finding.key for finding in findings)
    marking = key.assignment.marking(asked.question)
    return Outcome(verdict, asked.points, marking, share, keys), judgement, findings
