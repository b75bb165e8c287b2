"""Answers that nobody can give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from submissions_schema.answers import ChoiceAnswer, FormulaAnswer, IntegerAnswer
from submissions_schema.grading_settings import Matching

_MOST_DIGITS = 15


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    for asked in sheet.assignment.asked:
        message = ""
        if isinstance(asked.spec, ChoiceAnswer) and not asked.spec.correct:
            message = "no option is right, and to choose none can't be written down"
        elif asked.target is not None:
            value = sheet.graph.value(asked.target.node)
            if isinstance(asked.spec, IntegerAnswer):
                if value is not None and not np.array_equal(value, np.round(value)):
                    message = f"a whole number is asked for, but the right value is {_first(value)}"
            elif isinstance(asked.spec, FormulaAnswer):
                message = _out_of_reach(sheet, asked.target.node, asked.spec.may_use)
            elif _too_exact(asked.matching):
                message = (
                    f"more than {_MOST_DIGITS} digits are asked for, which the right value doesn't "
                    "have"
                )
        if message:
            yield Remark(
                f"{asked.question}.{asked.answer}",
                message,
                sheet.place(("questions", asked.question, "answers", asked.answer)),
                8.0,
            )


def _first(value: np.ndarray) -> str:
    return f"{next(v for v in value.ravel() if v != round(v)):.6g}"


def _too_exact(matching: Matching) -> bool:
    if matching.policy in ("significant_figures", "decimal_places"):
        return (matching.digits or 0) > _MOST_DIGITS
    return matching.policy == "written" and matching.min_significant_figures > _MOST_DIGITS


def _out_of_reach(sheet: LintedSheet, node: int, may_use: list[str] | None) -> str:
    """Return what a right formula depends on, and no quantity that it may use does."""
    if may_use is None:
        return ""
    graph = sheet.graph
    usable = 0
    for number, known in enumerate(graph.nodes):
        family = graph.families[known.key[0]]
        if known.key[0] in may_use or family.start_of in may_use or family.rows_of in may_use:
            usable |= graph.ancestors[number]
    missing = [
        graph.show(graph.nodes[number].key)
        for number in sheet.symbol_nodes
        if graph.ancestors[node] >> number & 1
        and not usable >> number & 1
        and sheet.moves(number, node)
    ]
    if not missing:
        return ""
    listed = ", ".join(f"`{name}`" for name in missing)
    return f"the right formula depends on {listed}, and nothing in `may_use` does"


CHECK = Check(
    id="unreachable",
    says="An answer that nobody can give: its points are lost to everybody.",
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {x: [1, 2]}
questions:
  q:
    points: 1
    answers:
      n: {kind: integer, value: mean(x)}
""",
            "n: {kind",
            ("whole number", "1.5"),
        ),
        Example(
            """\
symbols: {a: {}, b: {}}
questions:
  q:
    points: 1
    answers:
      f: {kind: formula, value: a * b, may_use: [a]}
""",
            "f: {kind",
            ("depends on `b`", "may_use"),
        ),
        Example(
            """\
questions:
  q:
    points: 1
    answers:
      c: {kind: choice, options: {a: one, b: two}, correct: []}
""",
            "c: {kind",
            ("no option is right",),
        ),
    ),
    fine=(
        """\
symbols: {a: {}, b: {}}
steps: {p: a * b, zero: b - b + a}
questions:
  q: {points: 1, answers: {f: {kind: formula, value: p * a, may_use: [p, a]}}}
  r: {points: 1, answers: {n: {kind: integer, value: "3 + 4 * 5"}}}
  s: {points: 1, answers: {c: {kind: choice, options: {a: one, b: two}, correct: [b]}}}
""",
    ),
)
