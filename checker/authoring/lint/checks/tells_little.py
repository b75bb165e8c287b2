"""Answers with so few digits that they say nothing of how they came about."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from checker.authoring.lint.what_would_help import candidates
from reference_solutions.graph import Array

_TRIED = 100

_ENOUGH = 2
"""Significant digits in all distinct entries together, from which on an answer is evidence."""


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    for number, target in enumerate(sheet.reference.targets):
        if number in sheet.key.layout.symbolic:
            continue
        right = sheet.key.layout.values[number]
        asked = sheet.key.asked[number].matching.min_significant_figures
        digits = sum(_digits(value, asked) for value in _distinct(right))
        if digits >= _ENOUGH:
            continue
        zeros = not right.any()
        change = _change(sheet, number, asked)
        what = "all zeros" if zeros else "one digit" if right.size == 1 else "one digit in all"
        yield Remark(
            f"{target.question}.{target.answer}",
            f"the right answer is {what}, which can be guessed and shows no mistake",
            sheet.place(sheet.answer_path(target.question, target.answer)),
            1.5 if zeros else 1.0,
            f"with `{change}` it would have more digits"
            if change
            else "asking for what it is computed from would tell more",
        )


def _change(sheet: LintedSheet, answer: int, asked: int) -> str:
    """Return a change of one given number that gives an answer digits enough, if there is one."""
    layout = sheet.key.layout
    needed = [
        entry
        for entry in sheet.mistakes.movable
        if sheet.graph.depends(layout.targets[answer], entry.node)
    ]
    for entry, text in candidates(needed, _TRIED):
        outcome = sheet.mistakes.outcome((), {entry.node: entry.put(sheet.graph, text)})
        if outcome is not None:
            right = outcome.right[layout.span(answer)]
            if sum(_digits(value, asked) for value in _distinct(right)) >= _ENOUGH:
                return f"{entry.shown} = {text}"
    return ""


def _distinct(right: Array) -> Array:
    return np.unique(np.abs(right))


def _digits(value: float, asked: int) -> int:
    """Return how many significant digits a right value has, if it is written to those asked for."""
    text = Decimal(f"{value:.{max(asked, 1)}g}")
    return len(text.normalize().as_tuple().digits) if text else 0


CHECK = Check(
    id="tells-little",
    says=(
        "An answer that is zero or a single digit can be guessed, agrees with many mistakes by "
        "chance, and is no evidence of any."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {s: [0.2, 1.5, 0.9]}
steps: {k: argmax(s)}
questions:
  q:
    points: 1
    answers:
      k: {kind: integer, value: k}
""",
            "k: {kind: integer",
            ("one digit", "guessed"),
        ),
        Example(
            """\
given: {z: [-1, -2.5]}
questions:
  q:
    points: 1
    answers:
      h: relu(z)
""",
            "h: relu(z)",
            ("all zeros", "with `z[1] = 2.5` it would"),
        ),
        Example(
            """\
given: {z: [0, 1.5], w: [2, 0]}
steps:
  s: w @ z
questions:
  q:
    points: 1
    answers:
      s: s
""",
            "s: s",
            ("all zeros", "with `w[1] = 1` it would have more digits"),
        ),
    ),
    fine=(
        """\
given: {z: [-1, 2.5]}
questions: {q: {points: 1, answers: {h: relu(z)}}}
""",
    ),
)
