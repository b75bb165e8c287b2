"""Brackets: an operation that reaches over a part of a sum only, or over too much of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.rewriting import Nested, Operand, nested
from checker.edits.source import Source, is_forward, is_number, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import signs_of
from reference_solutions.graph import Constant, Input, Ref, Rule

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
        "spread": "In {where} {factor} belongs to its own term; you multiplied {term} by it too.",
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
        Example(
            given={**LAYER, "a": 0.35},
            steps={"z": "b + a * W @ x"},
            asked={"z": "z"},
            instead={"z": "a * (b + W @ x)"},
            where="z",
        ),
    ),
)


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
    return rule.operation.called or f"`{rule.operation.name}`"


def _sum(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Let a function reach over the number that stands beside it in a sum."""
    if not is_forward(site) or len(rule.inputs) != 2:
        return
    signs = signs_of(rule.params)
    for j, item in enumerate(rule.inputs):
        yield from _spread(workshop, site, rule, j)
        inner = part_of(workshop, item, "function")
        beside = rule.inputs[1 - j]
        if inner is None or signs[j] < 0 or not is_number(workshop, beside):
            continue
        argument = nested("add", inner[1].inputs[0], beside, signs=(1, signs[1 - j]))
        change = Nested(inner[1].operation, (argument,))
        yield from _misplaced(workshop, site, change, "outside", beside, _called(inner[1]))


def _spread(workshop: Workshop, site: Site, rule: Rule, j: int) -> Iterator[Edit]:
    """Let a factor of one term reach over the other as well."""
    inner = part_of(workshop, rule.inputs[j], "matrix product")
    product = part_of(workshop, inner[1].inputs[0] if inner else rule.inputs[j], "product")
    factors = product[1].inputs if product else ()
    other = rule.inputs[1 - j]
    numbers = [
        item
        for item in factors
        if isinstance(item, Ref) and workshop.shape(item.family) == () and item != other
    ]
    if isinstance(other, Constant) or len(numbers) != 1:
        return
    terms: list[Operand] = [*rule.inputs]
    terms[1 - j] = nested("multiply", numbers[0], other)
    yield from made(
        workshop,
        site,
        BRACKETS_MISPLACED,
        Nested(rule.operation, tuple(terms), rule.params),
        "spread",
        factor=workshop.words(site, numbers[0]),
        term=workshop.words(site, other),
        habit=("spread",),
    )


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
