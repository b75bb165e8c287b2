"""Broadcasting that makes an array of a shape that no operand has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    for family, shapes in sheet.written_operations():
        if family.rule is None or not family.rule.operation.broadcasts or len(shapes) < 2:
            continue
        try:
            result = np.broadcast_shapes(*shapes)
        except ValueError:
            continue
        if result in shapes:
            continue
        listed = " and ".join(str(shape) for shape in dict.fromkeys(shapes))
        yield Remark(
            sheet.name_of(family),
            f"arrays of shapes {listed} are broadcast to {result}, which neither of them has",
            sheet.place_of(family),
            1.0,
            "turn one of them (`.T`, `reshape`), or use `outer` if every pair is meant",
        )


CHECK = Check(
    id="broadcasting",
    says=(
        "A column and a row, added or multiplied, make a matrix. That is seldom meant, and no "
        "error shows it."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {a: [[1], [2], [4]], b: [3, 5]}
steps:
  d: a - b
questions: {q: {points: 1, answers: {d: d}}}
""",
            "d: a - b",
            ("(3, 1) and (2,)", "(3, 2)"),
        ),
    ),
    fine=(
        """\
given: {X: [[1, 2], [3, 4]], b: [3, 5]}
steps: {Z: X + b, Y: 2 * Z}
questions: {q: {points: 1, answers: {Y: Y}}}
""",
    ),
)
