"""Numbers that are drawn for each student: a hundred draws, looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.assignment import draws
from submissions_schema.problems import InputError

DRAWN = 100
"""How many draws are looked at."""

_OF_NUMBERS = ("lost_digits", "near_zero", "saturated", "tells_little", "ties")
"""The modules of checks on the numbers of one sheet, which see no more than these."""


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    given = sheet.assignment.draws
    if given is None:
        return
    place = sheet.key_place(("given", next(iter(given.loaded.file.draws))))
    first: dict[tuple[str, str], Remark] = {}
    counts: dict[tuple[str, str], int] = {}
    answers: set[bytes] = set()
    drawn = 0
    try:
        for own in draws(sheet.assignment, DRAWN):
            drawn += 1
            linted = LintedSheet(replace(sheet.loaded, file=own.file), own)
            answers.add(np.round(linted.key.layout.right, 9).tobytes())
            for name in _OF_NUMBERS:
                check: Check = import_module(f"{__package__}.{name}").CHECK
                seen = {remark.about: remark for remark in check.remarks(linted)}
                for about, remark in seen.items():
                    first.setdefault((check.id, about), remark)
                    counts[check.id, about] = counts.get((check.id, about), 0) + 1
    except InputError as error:
        message = f"no numbers are found for one student in {drawn + 1}: {error.problems[0].text}"
        yield Remark("no-draw", message, place, 3.0, "widen what is drawn, or require less")
    for key, count in counts.items():
        remark = first[key]
        message = f"in {count} of {drawn} draws: {remark.message}"
        yield Remark(key[1], message, remark.place, remark.weight * count / drawn, remark.hint)
    if drawn > len(answers) and drawn == DRAWN:
        alike = DRAWN - len(answers)
        message = f"of {DRAWN} students {alike} have the right answers of somebody else"
        yield Remark("alike", message, place, alike / DRAWN, "draw more numbers, or from more")


CHECK = Check(
    id="draws",
    says=(
        "Numbers that are drawn should be as good for every student as those that a teacher "
        "chooses for all: no answer that is zero by chance, none that a neighbour has too."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given:
  a: {draw: integers, from: 1..3}
  b: {draw: integers, from: 1..2}
questions: {q: {points: 1, answers: {h: a + b}}}
""",
            "a: {draw",
            ("of 100 students", "somebody else"),
        ),
        Example(
            """\
given:
  W: {draw: integers, from: -9..9, shape: [3, 3]}
  x: {draw: decimals, from: 1..2, places: 2, shape: [3]}
steps:
  h: tanh(W @ x)
questions: {q: {points: 1, answers: {h: h}}}
""",
            "h: tanh",
            ("of 100 draws", "saturated"),
        ),
    ),
    fine=(
        """\
given:
  W: {draw: decimals, from: 0.1..0.4, places: 2, shape: [3, 3], distinct: true}
  x: {draw: decimals, from: 0.3..0.9, places: 2, shape: [3], distinct: true}
steps:
  h: tanh(W @ x)
questions: {q: {points: 1, answers: {h: h}}}
""",
        """\
given: {x: [1, 3]}
questions: {q: {points: 1, answers: {h: tanh(x)}}}
""",
    ),
)
