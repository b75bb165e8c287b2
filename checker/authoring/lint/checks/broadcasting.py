"""Broadcasting that makes an array of a shape that no operand has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.graph import Family, Ref


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    for family, shapes in sheet.written_operations():
        if family.rule is None or not family.rule.operation.broadcasts or len(shapes) < 2:
            continue
        try:
            result = np.broadcast_shapes(*shapes)
        except ValueError:
            continue
        if result in shapes:
            yield from _turned(sheet, family, result)
            continue
        listed = " and ".join(str(shape) for shape in dict.fromkeys(shapes))
        yield Remark(
            sheet.name_of(family),
            f"arrays of shapes {listed} are broadcast to {result}, which neither of them has",
            sheet.place_of(family),
            1.0,
            "turn one of them (`.T`, `reshape`), or use `outer` if every pair is meant",
        )


def _turned(sheet: LintedSheet, family: Family, shape: tuple[int, ...]) -> Iterator[Remark]:
    """Remark on what was made along an axis of a square array and lies along another of it."""
    assert family.rule is not None
    for item in family.rule.inputs:
        inner = sheet.graph.families[item.family].rule if isinstance(item, Ref) else None
        axis = None if inner is None else inner.params.get("axis")
        if inner is None or not isinstance(axis, int) or axis in (0, -len(shape)):
            continue
        first = inner.inputs[0]
        whole = _shape(sheet, first.family) if isinstance(first, Ref) else None
        if (
            whole == shape
            and not inner.params.get("keepdims")
            and "keepdims" in inner.operation.params
        ):
            yield Remark(
                sheet.name_of(family),
                f"what `{inner.operation.name}` makes along axis {axis} has an entry for each row, "
                "and is broadcast to the columns here",
                sheet.place_of(family),
                1.0,
                "write `keepdims=True` there",
            )


def _shape(sheet: LintedSheet, name: str) -> tuple[int, ...]:
    instances = sheet.graph.families[name].instances
    number = sheet.graph.ids.get((name, instances[0])) if instances else None
    value = None if number is None else sheet.graph.value(number)
    return () if value is None else value.shape


CHECK = Check(
    id="broadcasting",
    says=(
        "A column and a row, added or multiplied, make a matrix, and a sum over the rows of a "
        "square matrix is laid along its columns. That is seldom meant, and no error shows it."
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
        Example(
            """\
given: {X: [[1, 2], [3, 5]]}
steps:
  P: X / sum(X, axis=1)
questions: {q: {points: 1, answers: {P: P}}}
""",
            "P: X / sum(X, axis=1)",
            ("along axis 1", "`keepdims=True`"),
        ),
    ),
    fine=(
        """\
given: {X: [[1, 2], [3, 4]], b: [3, 5]}
steps: {Z: X + b, Y: 2 * Z}
questions: {q: {points: 1, answers: {Y: Y}}}
""",
        """\
given: {X: [[1, 2], [3, 5]]}
steps: {P: "X / sum(X, axis=1, keepdims=True)", Q: "X / sum(X, axis=0)"}
questions: {q: {points: 1, answers: {P: P, Q: Q}}}
""",
    ),
)
