"""Points that are not what a title says."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from submissions_schema.yaml_reader import TreePath

_SAID = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)\s*(?:points?|pts?\b|marks?\b|Punkte?|punti|puntos)", re.IGNORECASE
)


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    file = sheet.file
    for field, text in (("title", file.title), ("description", file.description)):
        yield from _compared(sheet, text, file.total_points, (field,), "the sheet")
    for id, question in file.questions.items():
        for field, text in (("title", question.title), ("prompt", question.prompt)):
            path: TreePath = ("questions", id, field)
            yield from _compared(sheet, text, question.total_points, path, f"`{id}`")
        earned = question.answer_points
        for name, answer in question.answers.items():
            for field, text in (("title", answer.title), ("prompt", answer.prompt)):
                path = ("questions", id, "answers", name, field)
                yield from _compared(sheet, text, earned[name], path, f"`{id}.{name}`")
    if file.total_points == 0:
        yield Remark("sheet", "there are no points to earn", sheet.key_place(("questions",)), 4.0)


def _compared(
    sheet: LintedSheet, text: str, points: float, path: TreePath, what: str
) -> Iterator[Remark]:
    said = [float(match[1]) for match in _SAID.finditer(text)]
    if len(said) == 1 and not math.isclose(said[0], points, abs_tol=1e-9):
        yield Remark(
            ".".join(str(part) for part in path if part not in ("questions", "answers")),
            f"the {path[-1]} says {said[0]:g} points, but {what} has {points:g}",
            sheet.place(path),
            4.0,
        )


CHECK = Check(
    id="points",
    says="Points that a title or a prompt names are those that students count on.",
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {x: [1, 2.5]}
questions:
  q:
    title: Sums (4 points)
    points: 3
    answers: {s: sum(x)}
""",
            "title: Sums",
            ("says 4 points", "`q` has 3"),
        ),
        Example(
            """\
description: There are 10 points to earn.
given: {x: [1, 2.5]}
questions: {q: {points: 3, answers: {s: sum(x)}}}
""",
            "description:",
            ("says 10 points", "the sheet has 3"),
        ),
    ),
    fine=(
        """\
description: 3 points; up to 2 points for each part.
given: {x: [1, 2.5]}
questions: {q: {title: Sums (3 points), points: 3, answers: {s: sum(x)}}}
""",
    ),
)
