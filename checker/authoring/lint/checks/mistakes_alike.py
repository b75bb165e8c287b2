"""Common mistakes that give the same digits in everything that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from checker.words import listed


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    mistakes = sheet.mistakes
    for number, group in enumerate(mistakes.alike):
        names = dict.fromkeys((mistakes.edits[i].id, mistakes.edits[i].where) for i in group)
        words = listed([f"`{id}` in `{where}`" for id, where in names])
        first = mistakes.edits[group[0]]
        yield Remark(
            first.where,
            f"these mistakes give the same digits in all that is asked for: {words}",
            sheet.place_of(sheet.graph.families[first.family]),
            float(len(names)) / 4,
            sheet.help.to_tell_apart(number),
        )
    sizes: dict[int, list[int]] = {}
    for first_row, other in mistakes.never_apart:
        sizes.setdefault(first_row, [first_row]).append(other)
    for group in sizes.values():
        first = mistakes.edits[group[0]]
        words = listed([f"`{mistakes.edits[i].id}`" for i in group])
        yield Remark(
            first.where,
            f"these mistakes in `{first.where}` give the same here, whatever the numbers: {words}",
            sheet.place_of(sheet.graph.families[first.family]),
            0.2,
            "with other sizes (more examples, classes or steps) they may differ",
        )


CHECK = Check(
    id="mistakes-alike",
    says=(
        "Of two mistakes that give the same digits nobody can tell which was made, so that a "
        "student is told of both: a mean over two examples, and a factor of one half."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {x: [1, 4]}
steps:
  m: mean(x)
questions: {q: {points: 1, answers: {m: m}}}
""",
            "m: mean(x)",
            ("`sum-for-mean`", "`mean-divided-by-one-less`", "whatever the numbers", "sizes"),
        ),
        Example(
            """\
given: {x: [0.4, 1.2, 0.7], y: [0.4, 1.7, 0.7]}
steps:
  L: mse(x, y)
questions: {q: {points: 1, answers: {L: L}}}
""",
            "L: mse(x, y)",
            ("same digits", "they differ"),
        ),
    ),
    fine=(
        """\
given: {x: [1, 4, 8]}
steps:
  m: mean(x)
questions: {q: {points: 1, answers: {m: m}}}
""",
    ),
)
