"""More digits asked for than rounding on the way can keep."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.graph import Array
from submissions_schema.grading_settings import Matching

_DIGITS = 3
"""How many digits people keep on the way where the sheet doesn't say."""

_LOST = 2.0
"""So many of the digits asked for may be lost."""

_DEVIATIONS = 4.0
"""The engine grants errors of so many standard deviations; one is what to expect."""


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    layout = sheet.key.layout
    tolerances = sheet.key.diagnoser.tolerances
    for number in layout.numeric:
        asked = sheet.key.asked[number]
        if not sheet.key.kinds[number].rounds:
            continue
        working = asked.matching.working_digits or _DIGITS
        span = layout.span(number)
        right, error = layout.right[span], tolerances.of_right(working)[span] / _DEVIATIONS
        wanted = _digits_asked(asked.matching, right)
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = np.where(error > 0, -np.log10(2 * error / np.abs(right)), math.inf)
        kept = np.where(right == 0, math.inf, kept)
        worst = int(np.argmax(wanted - kept))
        lost = float(wanted[worst] - kept[worst])
        if lost <= _LOST:
            continue
        left = max(int(kept[worst] + 0.5), 0)
        yield Remark(
            f"{asked.question}.{asked.answer}",
            f"{_plural(wanted[worst])} asked for of {right[worst]:.6g}, but rounding to {working} "
            f"digits on the way keeps about {left or 'none'}",
            sheet.place(sheet.answer_path(asked.question, asked.answer)),
            lost,
            "ask for fewer digits, say how many to keep on the way, or give numbers that cancel "
            "less",
        )


def _plural(digits: float) -> str:
    count = round(float(digits))
    return "1 digit is" if count == 1 else f"{count} digits are"


def _digits_asked(matching: Matching, right: Array) -> Array:
    """Return how many significant digits of each entry have to be right."""
    size = np.where(right == 0, 1.0, np.abs(right))
    if matching.policy == "decimal_places":
        return np.floor(np.log10(size)) + 1 + float(matching.digits or 0)
    if matching.policy == "absolute":
        return np.log10(size / (2 * (matching.tolerance or 1.0)))
    if matching.policy == "relative":
        return np.full(right.size, -math.log10(2 * (matching.tolerance or 1.0)))
    figures = matching.policy == "significant_figures"
    digits = (matching.digits or 1) if figures else matching.min_significant_figures
    return np.full(right.size, float(digits))


CHECK = Check(
    id="lost-digits",
    says=(
        "Who rounds on the way, as everybody does by hand, can't get all the digits that are "
        "asked for: differences of nearly equal numbers, long chains, too strict a policy."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
given: {a: 1.37, b: 1.36}
steps: {s: a ** 2, t: b ** 2}
questions:
  q:
    points: 1
    answers:
      d: s - t
""",
            "d: s - t",
            ("3 digits are asked for", "keeps about 1"),
        ),
        Example(
            """\
given: {x: [0.3, 0.7]}
steps: {s: "exp(x[0])", p: "s * exp(x[1])"}
matching: {policy: significant_figures, digits: 6}
questions:
  q:
    points: 1
    answers:
      p: p
""",
            "p: p",
            ("6 digits are asked for",),
        ),
    ),
    fine=(
        """\
given: {x: [0.3, 0.7]}
steps: {s: "exp(x[0])", p: "s * exp(x[1])"}
questions: {q: {points: 1, answers: {p: p}}}
""",
    ),
)
