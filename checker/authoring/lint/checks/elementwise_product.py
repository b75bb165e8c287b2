"""``*`` where ``@`` may have been meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.graph import Array, Family
from reference_solutions.operations import operations


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
        if not _may_be_a_matrix_product(sheet, family):
            continue
        yield Remark(
            sheet.name_of(family),
            f"`*` multiplies {what} entry by entry",
            sheet.place_of(family),
            1.0,
            "the matrix product is `@`",
        )


def _may_be_a_matrix_product(sheet: LintedSheet, family: Family) -> bool:
    """Whether all answers could be computed with `@` instead.

    A mask is not multiplied so, nor what is added up at once: `sum(A * B)` is a product of its own.
    """
    graph = sheet.graph
    instances = {(family.name, index) for index in family.instances}
    numbers = [number for number, node in enumerate(graph.nodes) if node.key in instances]
    for number in numbers:
        values = [graph.value(source) for source in graph.nodes[number].inputs]
        if len(values) != 2 or any(value is None or _is_mask(value) for value in values):
            return False
    product = operations()["matmul"].compute
    if any(
        node.inputs[:1] == (number,) and _adds_up_all(graph.families[node.key[0]])
        for number in numbers
        for node in graph.nodes
    ):
        return False
    changed = {
        number: replace(graph.nodes[number], compute=product, many=None) for number in numbers
    }
    targets = [target.node for target in sheet.reference.targets]
    found = graph.edited(changed).evaluate(targets)
    return all(found[node] is not None for node in targets if graph.value(node) is not None)


def _adds_up_all(family: Family) -> bool:
    rule = family.rule
    reduction = None if rule is None else rule.operation.reduction
    return rule is not None and reduction is not None and reduction.adds_up and not rule.params


def _is_mask(value: Array) -> bool:
    return bool(np.isin(value, (0.0, 1.0)).all())


CHECK = Check(
    id="elementwise-product",
    says=(
        "`*` multiplies entry by entry, as in numpy. Between a matrix and a vector, or two square "
        "matrices, it gives an array of the expected kind where the matrix product was meant. A "
        "mask, and what could be no matrix product, is passed over."
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
        """\
given: {X: [[1, 2], [0.5, 1], [3, 2]], gamma: [0.5, 2], beta: [1, 3]}
steps: {Y: gamma * X + beta}
questions: {q: {points: 1, answers: {Y: Y}}}
""",
        """\
given: {A: [[1, 2], [0.5, 4]], mask: [[1, 0], [1, 1]]}
steps: {M: A * mask, s: sum(A * (A + 1))}
questions: {q: {points: 1, answers: {M: M, s: s}}}
""",
    ),
)
