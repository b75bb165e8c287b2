"""``*`` where ``@`` may have been meant."""

from __future__ import annotations

from collections.abc import Iterator

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    for family, shapes in sheet.written_operations("multiply"):
        ranks = [len(shape) for shape in shapes]
        square = [shape for shape in shapes if len(shape) == 2 and shape[0] == shape[1] > 1]
        if 1 in ranks and 2 in ranks:
            what = "a matrix and a vector"
        elif len(square) > 1:
            what = "two square matrices"
        else:
            continue
        yield Remark(
            sheet.name_of(family),
            f"`*` multiplies {what} entry by entry",
            sheet.place_of(family),
            1.0,
            "the matrix product is `@`",
        )


CHECK = Check(
    id="elementwise-product",
    says=(
        "`*` multiplies entry by entry, as in numpy. Between a matrix and a vector, or two square "
        "matrices, it gives an array of the expected kind where the matrix product was meant."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {W: [[1, 2], [0.5, 1]], x: [1, 3]}
steps:
  h: tanh(W * x)
questions: {q: {points: 1, answers: {h: h}}}
""",
            "h: tanh(W * x)",
            ("a matrix and a vector", "`@`"),
        ),
        Example(
            """\
given: {A: [[1, 2], [0.5, 1]], B: [[1, 3], [2, 1]]}
steps:
  C: A * B
questions: {q: {points: 1, answers: {C: C}}}
""",
            "C: A * B",
            ("two square matrices",),
        ),
    ),
    fine=(
        """\
given: {W: [[1, 2], [0.5, 1]], x: [1, 3], g: [0.5, 2]}
steps: {h: tanh(W @ (g * x)), k: 2 * W}
questions: {q: {points: 1, answers: {h: h, k: k}}}
""",
    ),
)
