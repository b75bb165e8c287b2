"""Answers that nobody can give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.answer_kinds import kind_of
from checker.answer_kinds.kind import ComputedKind
from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.assignment import Asked
from submissions_schema.grading_settings import Matching

_MOST_DIGITS = 15


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    for asked in sheet.assignment.asked:
        message = _message(sheet, asked)
        if message:
            yield Remark(
                f"{asked.question}.{asked.answer}",
                message,
                sheet.place(("questions", asked.question, "answers", asked.answer)),
                8.0,
            )


def _message(sheet: LintedSheet, asked: Asked) -> str:
    kind = kind_of(asked.spec)
    node = None if asked.target is None else asked.target.node
    message = kind.impossible(asked.spec, None if node is None else sheet.graph.value(node))
    if message or node is None or not isinstance(kind, ComputedKind):
        return message
    if asked.spec.symbolic:
        return _out_of_reach(sheet, node, kind.may_use(asked.spec))
    if kind.rounds and _too_exact(asked.matching):
        return f"more than {_MOST_DIGITS} digits are asked for, which the right value doesn't have"
    return ""


def _too_exact(matching: Matching) -> bool:
    if matching.policy in ("significant_figures", "decimal_places"):
        return (matching.digits or 0) > _MOST_DIGITS
    return matching.policy == "written" and matching.min_significant_figures > _MOST_DIGITS


def _out_of_reach(sheet: LintedSheet, node: int, may_use: Sequence[str] | None) -> str:
    """Return what a right formula depends on, and no quantity that it may use does."""
    if may_use is None:
        return ""
    graph = sheet.graph
    families = ((number, graph.family(number)) for number in range(len(graph.nodes)))
    usable = graph.region(
        number
        for number, family in families
        if {family.name, family.start_of, family.rows_of} & {*may_use}
    )
    missing = [
        graph.show(graph.nodes[number].key)
        for number in sheet.symbol_nodes
        if graph.depends(node, number) and number not in usable and sheet.moves(number, node)
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
