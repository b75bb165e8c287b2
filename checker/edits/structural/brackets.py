"""Brackets: an operation that reaches over a part of a sum only, or over too much of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.rewriting import Nested, Operand, nested
from checker.edits.source import Source, is_forward, is_number, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.graph import Input, Rule
from reference_solutions.language.expression import signs_of

BRACKETS_MISPLACED = Kind(
    "brackets-misplaced",
    7.5,
    "An operation reaches over a part of a sum only, or over too much of it: sqrt(v) + eps for "
    "sqrt(v + eps), a * b + c for a * (b + c).",
    {
        "inside": "{term} belongs inside of the {function} in {where}.",
        "outside": "{term} belongs outside of the {function} in {where}.",
        "product": "Brackets are missing in {where}: {factor} multiplies the whole sum, and not "
        "{term} alone.",
        "quotient": "Brackets are missing in {where}: {factor} divides the whole sum, and not "
        "{term} alone.",
    },
    examples=(
        Example(
            given={"v": [0.4, 1.7], "eps": 0.1},
            steps={"s": "sqrt(v + eps)"},
            asked={"s": "s"},
            instead={"s": "sqrt(v) + eps"},
            where="s",
        ),
        Example(
            given={"v": [0.4, 1.7], "eps": 0.1},
            steps={"s": "sqrt(v) + eps"},
            asked={"s": "s"},
            instead={"s": "sqrt(v + eps)"},
            where="s",
        ),
        Example(
            given={**LAYER, "a": 0.35},
            steps={"z": "a * (x + b)"},
            asked={"z": "z"},
            instead={"z": "a * x + b"},
            where="z",
        ),
    ),
)
_CALLED = {
    "sqrt": "root", "log": "logarithm", "exp": "exponential", "abs": "absolute value",
}  # fmt: skip
"""What people call a function."""


def _function(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Let a function reach over the first term of a sum only."""
    total = part_of(workshop, rule.inputs[0], "sum")
    if not is_forward(site) or total is None or len(total[1].inputs) != 2:
        return
    first, second = total[1].inputs
    one, other = signs_of(total[1].params)
    argument: Operand = first if one > 0 else nested("negate", first)
    change = nested("add", Nested(rule.operation, (argument,)), second, signs=(1, other))
    yield from _misplaced(workshop, site, change, "inside", second, _called(rule))


def _called(rule: Rule) -> str:
    return _CALLED.get(rule.operation.name, f"`{rule.operation.name}`")


def _sum(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Let a function reach over the number that stands beside it in a sum."""
    if not is_forward(site) or len(rule.inputs) != 2:
        return
    signs = signs_of(rule.params)
    for j, item in enumerate(rule.inputs):
        inner = part_of(workshop, item, "function")
        beside = rule.inputs[1 - j]
        if inner is None or signs[j] < 0 or not is_number(workshop, beside):
            continue
        argument = nested("add", inner[1].inputs[0], beside, signs=(1, signs[1 - j]))
        change = Nested(inner[1].operation, (argument,))
        yield from _misplaced(workshop, site, change, "outside", beside, _called(inner[1]))


def _product(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Let a factor, or a divisor, reach over one term of a sum only."""
    form = rule.operation.form
    if not is_forward(site) or len(rule.inputs) != 2:
        return
    for place in (0, 1) if form == "product" else (0,):
        total = part_of(workshop, rule.inputs[place], "sum")
        if total is None:
            continue
        terms = total[1].inputs
        for reached in (0, len(terms) - 1):
            inputs = [*rule.inputs]
            inputs[place] = terms[reached]
            one = replace(rule, inputs=tuple(inputs))
            change = Nested(
                total[1].operation,
                (*terms[:reached], one, *terms[reached + 1 :]),
                total[1].params,
            )
            yield from made(
                workshop,
                site,
                BRACKETS_MISPLACED,
                change,
                form,
                factor=workshop.words(site, rule.inputs[1 - place]),
                term=workshop.words(site, terms[reached]),
            )


def _misplaced(  # noqa: PLR0913, PLR0917 - one argument for each part of the sentence
    workshop: Workshop, site: Site, change: Nested, form: str, term: Input, function: str
) -> Iterator[Edit]:
    words = workshop.words(site, term)
    yield from made(
        workshop,
        site,
        BRACKETS_MISPLACED,
        change,
        form,
        term=words,
        function=function,
    )


SOURCE = Source(
    (BRACKETS_MISPLACED,),
    {"function": _function, "sum": _sum, "product": _product, "quotient": _product},
    rearranges=True,
)
