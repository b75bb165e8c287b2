"""Common mistakes that change no digit that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from checker.authoring.lint.why_hidden import why_hidden
from checker.edits.prices import COMMONNESS
from checker.words import listed

_COMMONEST = COMMONNESS["very_common"]


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    mistakes = sheet.mistakes
    by_place: dict[tuple[str, str], list[int]] = {}
    for number in mistakes.hidden:
        edit = mistakes.edits[number]
        by_place.setdefault((edit.family, edit.where), []).append(number)
    for (family, where), group in by_place.items():
        edits = sorted((mistakes.edits[number] for number in group), key=lambda edit: edit.bits)
        ids = list(dict.fromkeys(f"`{edit.id}`" for edit in edits))
        reasons = dict.fromkeys(why_hidden(sheet.graph, edit) for edit in edits)
        why = " and ".join(reason for reason in reasons if reason)
        verb = "changes" if len(ids) == 1 else "change"
        yield Remark(
            where,
            f"{listed(ids)} in `{where}` {verb} no digit that is asked for"
            f"{f': {why}' if why else ''} (“{edits[0].message}”)",
            sheet.place_of(sheet.graph.families[family]),
            sum(2.0 ** (_COMMONEST - edit.bits) for edit in edits) * 4,
            sheet.help.to_show(group),
        )


CHECK = Check(
    id="hidden-mistake",
    says=(
        "A common mistake that changes no digit that is asked for earns full points, and nobody "
        "is told of it: a ReLU whose inputs are all positive, a bias of zeros, a symmetric matrix."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {W: [[1, 2], [0, 1]], x: [1, 1], b: [1, 0]}
steps:
  h: relu(W @ x + b)
questions: {q: {points: 1, answers: {h: h}}}
""",
            "h: relu",
            ("no input is negative", "ReLU was not applied", "all 3 show"),
        ),
        Example(
            """\
given: {A: [[2, 1], [1, 3]], x: [0.5, -1.5]}
steps:
  y: A @ x
questions: {q: {points: 1, answers: {y: y}}}
""",
            "y: A @ x",
            ("matrix is symmetric", "columns of the matrix", "with `A[0, 1] = 2` it shows"),
        ),
    ),
    fine=(
        """\
given: {W: [[1, -2], [3, 1]], x: [1, 2], b: [1, 2]}
steps:
  h: relu(W @ x + b)
questions: {q: {points: 1, answers: {h: h}}}
""",
    ),
)
