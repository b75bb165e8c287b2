"""Texts without a word limit where others have one."""

from __future__ import annotations

from collections.abc import Iterator

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    limits = {
        asked: fields["max_words"]
        for asked in sheet.assignment.asked
        if "max_words" in (fields := dict(asked.spec))
    }
    without = [asked for asked, limit in limits.items() if limit is None]
    if len(without) == len(limits):
        return
    for asked in without:
        yield Remark(
            f"{asked.question}.{asked.answer}",
            "other texts have a word limit, this one has none",
            sheet.place(("questions", asked.question, "answers", asked.answer)),
            0.3,
            "set `max_words`",
        )


CHECK = Check(
    id="word-limit",
    says="Where some texts have a word limit, one without is a long evening for whoever marks.",
    remarks=_remarks,
    examples=(
        Example(
            """\
questions:
  q: {points: 1, answers: {a: {kind: text, max_words: 50}}}
  r: {points: 1, answers: {b: {kind: text}}}
""",
            "r: {points",
            ("this one has none", "max_words"),
        ),
    ),
    fine=(
        """\
questions:
  q: {points: 1, answers: {a: {kind: text}}}
  r: {points: 1, answers: {b: {kind: text}}}
""",
    ),
)
