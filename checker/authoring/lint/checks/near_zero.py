"""Divisions by numbers near zero, and logarithms of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet

_SMALL = 1e-2


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    graph = sheet.graph
    for name, family in graph.families.items():
        rule = family.rule
        if family.kind not in ("step", "part") or rule is None:
            continue
        divides = rule.operation.form == "quotient"
        if not divides and rule.operation.base is None:
            continue
        for index in family.instances:
            number = graph.ids.get((name, index))
            if number is None or sheet.depends_on_symbols(number):
                continue
            inputs = [graph.value(source) for source in graph.nodes[number].inputs]
            below = inputs[-1] if inputs else None
            above = inputs[0] if divides and len(inputs) > 1 else None
            if below is None:
                continue
            scale = 1.0 if above is None else float(np.max(np.abs(above), initial=0.0))
            smallest = float(np.min(np.abs(below), initial=np.inf))
            if smallest < _SMALL * max(scale, 1e-12) and smallest < _SMALL:
                what = "divides by" if divides else f"`{rule.operation.name}` is taken of"
                yield Remark(
                    sheet.name_of(family),
                    f"`{graph.show((family.owner or name, index))}`: {what} {smallest:.3g}, so "
                    "that small errors on the way become large ones",
                    sheet.place_of(family),
                    1.0,
                    "given numbers that keep it away from zero make hand work possible",
                )
                break


CHECK = Check(
    id="near-zero",
    says=(
        "A division by a number near zero, or its logarithm, turns the last digit of hand work "
        "into the first."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {a: 0.5, b: 0.499}
steps:
  r: 1 / (a - b)
questions: {q: {points: 1, answers: {r: r}}}
""",
            "r: 1 / (a - b)",
            ("divides by 0.001",),
        ),
        Example(
            """\
given: {z: [1, 9]}
steps:
  p: softmax(z)
  l: -log(p[0])
questions: {q: {points: 1, answers: {l: l}}}
""",
            "l: -log(p[0])",
            ("`log` is taken of 0.000335",),
        ),
    ),
    fine=(
        """\
given: {a: 0.5, b: 0.25}
steps: {r: 1 / (a - b), l: log(a)}
questions: {q: {points: 1, answers: {r: r, l: l}}}
""",
    ),
)
