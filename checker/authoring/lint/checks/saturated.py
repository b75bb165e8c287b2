"""Functions that give their bound: a tanh of 1.000, a softmax of 0.9999."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.operations.operation import Operation

_FAR = 40.0
_DIGITS = 3


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    graph = sheet.graph
    near = 0.5 * 10.0**-_DIGITS
    for name, family in graph.families.items():
        rule = family.rule
        if family.kind not in ("step", "part") or rule is None or not _squashes(rule.operation):
            continue
        low, high = rule.operation.value_range
        found = []
        for index in family.instances:
            number = graph.ids.get((name, index))
            value = None if number is None else graph.value(number)
            if value is None or sheet.depends_on_symbols(number):
                continue
            at_bound = (value > high - near) | ((value < low + near) & (low < 0))
            if rule.operation.adds_up_to_one:
                # All of it for one place that is exactly 1 is a mask, or a list of one.
                at_bound &= value != high
            if at_bound.any():
                found.append((graph.show((family.owner or name, index)), value[at_bound].flat[0]))
        if found:
            where = ", ".join(f"`{shown}`" for shown, _ in found)
            yield Remark(
                sheet.name_of(family),
                f"`{rule.operation.name}` is saturated in {where} ({found[0][1]:.6g}): to "
                f"{_DIGITS} digits its bound, and a gradient through it is almost zero",
                sheet.place_of(family),
                1.0,
                "smaller weights or inputs keep it away from its bounds",
            )


def _squashes(operation: Operation) -> bool:
    """Whether an operation tends to its bounds: tanh, sigmoid and what is like them, softmax."""
    low, high = operation.value_range
    if not (np.isfinite(low) and np.isfinite(high)) or operation.derivative(0) is None:
        return False
    if operation.adds_up_to_one:
        return True
    if not operation.elementwise or operation.arity[0] != 1:
        return False
    ends = operation.compute(np.array([-_FAR, _FAR]))
    return bool(np.allclose(ends, [low, high], atol=1e-6))


CHECK = Check(
    id="saturated",
    says=(
        "Where a tanh, sigmoid or softmax gives its bound, the steps before it leave no trace in "
        "the digits, and gradients through it are zeros."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {w: [3, 2], x: [2, 1]}
steps:
  h: tanh(w @ x)
questions: {q: {points: 1, answers: {h: h}}}
""",
            "h: tanh(w @ x)",
            ("`tanh` is saturated in `h`", "smaller"),
        ),
        Example(
            """\
given: {z: [1, 12, 2]}
steps:
  p: softmax(z)
questions: {q: {points: 1, answers: {p: p}}}
""",
            "p: softmax(z)",
            ("`softmax` is saturated in `p`",),
        ),
    ),
    fine=(
        """\
given: {w: [0.3, 0.2], x: [2, 1]}
steps: {h: tanh(w @ x), p: "softmax([h, 1])", one: "softmax([h])"}
questions: {q: {points: 1, answers: {h: h, p: p}}}
""",
    ),
)
