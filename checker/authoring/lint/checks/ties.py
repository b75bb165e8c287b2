"""Choices between equal numbers, and derivatives asked for where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.graph import REFUSALS, Array, Compute, Family
from reference_solutions.operations.operation import Operation

_MOST = 64
_STEP = 1e-5
_JUMP = 1e-3
_FINER = 1e-6
_KINK = 1e-2


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    graph = sheet.graph
    for name, family in graph.families.items():
        if family.kind not in ("step", "part") or family.rule is None or _is_smooth(family):
            continue
        needed = sheet.is_differentiated(family)
        for index in family.instances:
            number = graph.ids.get((name, index))
            if number is None or sheet.depends_on_symbols(number):
                continue
            node = graph.nodes[number]
            operands = [graph.value(source) for source in node.inputs]
            known = [operand for operand in operands if operand is not None]
            if len(known) < len(operands) or sum(o.size for o in known) > _MOST:
                continue
            what = _kind_of_tie(family.rule.operation, node.compute, known, needed)
            if what:
                shown = graph.show((family.owner or name, index))
                yield Remark(
                    sheet.name_of(family),
                    f"`{family.rule.operation.name}` in `{shown}` {what}",
                    sheet.place_of(family),
                    2.0,
                    "a slightly different given number settles it",
                )
                break


def _is_smooth(family: Family) -> bool:
    return family.rule is None or family.rule.operation.form in (
        "sum", "product", "matrix product", "outer product", "transposition", "list", "copy",
    )  # fmt: skip


def _kind_of_tie(
    operation: Operation, compute: Compute, operands: Sequence[Array], needed: bool
) -> str:
    here = _value(compute, operands)
    if here is None:
        return ""
    for position, operand in enumerate(operands):
        differentiated = needed and operation.derivative(position) is not None
        everywhere = np.ones_like(operand)
        # A choice stays the same if all numbers grow alike; what rounds whole numbers doesn't.
        both = _either_side(compute, operands, position, everywhere * _STEP, here)
        chooses = both is not None and _largest(both[0] - both[1]) < _JUMP
        for entry in np.ndindex(operand.shape):
            one = np.zeros_like(operand)
            one[entry] = 1.0
            sides = _either_side(compute, operands, position, one * _STEP, here)
            if sides is None:
                continue
            if chooses and _largest(sides[0] - sides[1]) > _JUMP:
                return "chooses between equal numbers, so that two answers are as good"
            if differentiated and _has_corner(compute, operands, position, one, here):
                return "has no derivative at these numbers (a tie, or a corner), and one is needed"
    return ""


def _has_corner(
    compute: Compute, operands: Sequence[Array], position: int, way: Array, here: Array
) -> bool:
    """Whether the slopes to both sides differ, however small the step is."""
    differences = []
    for step in (_STEP, _FINER):
        sides = _either_side(compute, operands, position, way * step, here)
        if sides is None:
            return False
        differences.append(_largest(sides[0] + sides[1] - 2 * here) / step)
    return differences[1] > _KINK and differences[1] > differences[0] / 2


def _either_side(
    compute: Compute, operands: Sequence[Array], position: int, step: Array, here: Array
) -> tuple[Array, Array] | None:
    up = _moved(compute, operands, position, operands[position] + step)
    down = _moved(compute, operands, position, operands[position] - step)
    if up is None or down is None or up.shape != here.shape or down.shape != here.shape:
        return None
    return up, down


def _largest(values: Array) -> float:
    return float(np.abs(values).max(initial=0.0))


def _moved(
    compute: Compute, operands: Sequence[Array], position: int, value: Array
) -> Array | None:
    return _value(compute, [value if i == position else o for i, o in enumerate(operands)])


def _value(compute: Compute, operands: Sequence[Array]) -> Array | None:
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(compute(*operands), dtype=np.float64)
    except REFUSALS:
        return None
    return found if np.isfinite(found).all() else None


CHECK = Check(
    id="tie",
    says=(
        "An argmax between equal numbers has two right answers, of which the reference takes the "
        "first; a maximum between equal numbers, or a ReLU at zero, has no derivative."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {s: [0.25, 1.5, 1.5]}
steps:
  k: argmax(s)
questions: {q: {points: 1, answers: {k: {kind: integer, value: k}}}}
""",
            "k: argmax(s)",
            ("`argmax` in `k` chooses between equal numbers",),
        ),
        Example(
            """\
given: {w: [1, -2], x: [2, 1]}
steps:
  h: relu(w @ x)
  L: (h - 1.5) ** 2
questions: {q: {points: 1, answers: {dw: "grad(L, w)"}}}
""",
            "h: relu(w @ x)",
            ("`relu` in `h` has no derivative",),
        ),
    ),
    fine=(
        """\
given: {w: [1, -2], x: [2, 1.5], s: [1, 3, 2]}
steps:
  h: relu(w @ x)
  L: sum(where(s > 2, s * h, h - 1.5) ** 2)
  k: argmax(s)
  n: "conv_output_size(5, 5)"
questions:
  q: {points: 1, answers: {dw: "grad(L, w)", n: {kind: integer, value: n}}}
  r: {points: 1, answers: {k: {kind: integer, value: k}, h: "relu([0, 2.5])"}}
""",
    ),
)
