"""Given data, symbols, steps and indices that nothing asked for depends on."""

from __future__ import annotations

from collections.abc import Iterator

from checker.authoring.lint.check import Check, Example, Remark
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.definition_text import key_parts


def _remarks(sheet: LintedSheet) -> Iterator[Remark]:
    named, anything = _named_in_formulas(sheet)
    for section, keys in (
        ("given", sheet.file.given),
        ("symbols", sheet.file.symbols),
        ("steps", sheet.file.steps),
    ):
        word = {"given": "given quantity", "symbols": "symbol", "steps": "step"}[section]
        for key in keys:
            name = key_parts(key)[0]
            nameable = name in named or (anything and section != "given")
            if not nameable and name not in sheet.names_used:
                yield Remark(
                    name,
                    f"nothing that is asked for depends on the {word} `{key}`",
                    sheet.key_place((section, key)),
                    0.5,
                )
    for name in sheet.file.index:
        if name not in sheet.indices_used:
            yield Remark(
                name, f"nothing runs over the index `{name}`", sheet.key_place(("index", name)), 0.5
            )


def _named_in_formulas(sheet: LintedSheet) -> tuple[set[str], bool]:
    """Return the quantities that formulas are said to use, and whether some may use any."""
    named: set[str] = set()
    anything = False
    for question in sheet.file.questions.values():
        for answer in question.answers.values():
            if "may_use" in (fields := dict(answer)):
                anything = anything or fields["may_use"] is None
                named.update(fields["may_use"] or ())
    return named, anything


CHECK = Check(
    id="unused",
    says=(
        "What is given or computed and never needed confuses students, and is often a sign of a "
        "formula in which a term is missing."
    ),
    remarks=_remarks,
    examples=(
        Example(
            """\
index: {t: 0..1}
given:
  W: [[1, 2], [0, 1]]
  b: [1, 2]
  x: [1, 3]
steps:
  h: tanh(W @ x)
questions: {q: {points: 1, answers: {h: h}}}
""",
            "b: [1, 2]",
            ("given quantity `b`",),
        ),
        Example(
            """\
index: {t: 0..1}
given: {x: [1, 3]}
steps:
  h: tanh(x)
  s: sum(x)
questions: {q: {points: 1, answers: {h: h}}}
""",
            "s: sum(x)",
            ("step `s`",),
        ),
        Example(
            """\
index: {t: 0..1}
given: {x: [1, 3]}
questions: {q: {points: 1, answers: {h: tanh(x)}}}
""",
            "index:",
            ("index `t`",),
        ),
    ),
    fine=(
        """\
index: {t: 1..2}
given: {x: [1, 3, 2], "h[0]": 0.5}
symbols: {a: {}, b: {}}
steps: {"h[t]": "tanh(h[t-1] + x[t])", s: a * 2}
questions:
  q: {points: 1, answers: {h: "h[2]"}}
  r: {points: 1, answers: {f: {kind: formula, value: a * b, may_use: [a, b]}}}
  s: {points: 1, answers: {f: {kind: formula, value: s}}}
""",
    ),
)
