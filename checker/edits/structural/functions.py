"""Functions: one left out, a root or square too many, a factor within that belongs outside."""

from __future__ import annotations

from collections.abc import Iterator

from checker.edits.edit import Edit
from checker.edits.prices import UNUSUAL, price_of_choice
from checker.edits.rewriting import copied, nested
from checker.edits.source import Source, is_forward, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.graph import Constant, Rule

FUNCTION_NOT_APPLIED = Kind(
    "function-not-applied",
    7.0,
    "A function is missing: the exponential, a logarithm or an absolute value.",
    {"": "The function `{function}` was not applied to {argument} in {where}."},
    examples=(
        Example(
            given=LAYER,
            steps={"e": "x * exp(W @ x)"},
            asked={"e": "e"},
            instead={"e": "x * (W @ x)"},
            where="e",
        ),
    ),
)
ROOT_OR_SQUARE_ADDED = Kind(
    "root-or-square-added",
    8.0,
    "A square root was taken, or a square, where the formula has none.",
    {
        "root": "In {where} a square root was taken that the formula doesn't have.",
        "square": "In {where} a square was taken that the formula doesn't have.",
    },
    examples=(
        Example(
            given=LAYER,
            steps={"s": "W @ x + b", "n": "sum(s ** 2)", "u": "s / n"},
            asked={"n": "n", "u": "u"},
            instead={"n": "sqrt(sum(s ** 2))"},
            where="n",
        ),
        Example(
            given=LAYER,
            steps={"h": "relu(W @ x + b)", "u": "x * h"},
            asked={"h": "h", "u": "u"},
            instead={"h": "relu(W @ x + b) ** 2"},
            where="h",
        ),
    ),
)
ABSOLUTE_FOR_SQUARE = Kind(
    "absolute-for-square",
    6.0,
    "Absolute values were taken where the formula has squares.",
    {"": "In {where} the absolute value of {base} was taken instead of its square."},
    examples=(
        Example(
            given=LAYER,
            steps={"s": "W @ x + b", "n": "sum(s ** 2)"},
            asked={"s": "s", "n": "n"},
            instead={"n": "sum(abs(s))"},
            where="n",
        ),
    ),
)
FACTOR_MOVED_INSIDE = Kind(
    "factor-moved-inside",
    7.0,
    "A factor of a function's value was multiplied with its argument instead, as when a mask is "
    "put to scores before the exponential.",
    {
        "": "In {where} the factor {factor} belongs outside of `{function}`; you multiplied the "
        "argument by it.",
    },
    examples=(
        Example(
            given={"s": [1.3, -0.7, 0.4], "m": [1, 1, 0]},
            steps={"a": "m * exp(s) / sum(m * exp(s))"},
            asked={"a": "a"},
            instead={"a": "exp(m * s) / sum(exp(m * s))"},
            where="a",
        ),
    ),
)


def _function(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if not is_forward(site) or FUNCTION_NOT_APPLIED.id not in rule.operation.invites:
        return
    (item,) = rule.inputs
    yield from made(
        workshop,
        site,
        FUNCTION_NOT_APPLIED,
        copied(item),
        function=rule.operation.name,
        argument=workshop.words(site, item),
        habit=(rule.operation.name,),
    )


def _power(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    base, exponent = rule.inputs
    if is_forward(site) and exponent == Constant(2.0):
        yield from made(
            workshop,
            site,
            ABSOLUTE_FOR_SQUARE,
            nested("abs", base),
            base=workshop.words(site, base),
            habit=("power",),
        )


def _product(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if not is_forward(site) or len(rule.inputs) != 2:
        return
    for item, factor in (rule.inputs, rule.inputs[::-1]):
        part = part_of(workshop, item, "function")
        if part is None or isinstance(factor, Constant):
            continue
        name = part[1].operation.name
        yield from made(
            workshop,
            site,
            FACTOR_MOVED_INSIDE,
            nested(name, nested("multiply", factor, part[1].inputs[0])),
            factor=workshop.words(site, factor),
            function=name,
            habit=(factor, name),
        )


def _added(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Take a root or a square of a whole quantity, or of what its formula adds up."""
    name, form = rule.operation.name, rule.operation.form
    whole = site.family.kind == "step" and form in {"sum", "quotient", "product"}
    if not is_forward(site) or not (whole or ROOT_OR_SQUARE_ADDED.id in rule.operation.invites):
        return
    more = price_of_choice(2) + (UNUSUAL if whole else 0.0)
    for form, change in (
        ("root", nested("sqrt", rule)),
        ("square", nested("power", rule, Constant(2.0))),
    ):
        yield from made(
            workshop,
            site,
            ROOT_OR_SQUARE_ADDED,
            change,
            form,
            more_bits=more,
            habit=(form, name),
            places=False,
        )


SOURCE = Source(
    (FUNCTION_NOT_APPLIED, ROOT_OR_SQUARE_ADDED, ABSOLUTE_FOR_SQUARE, FACTOR_MOVED_INSIDE),
    {"function": _function, "power": _power, "product": _product},
    every_rule=_added,
    rearranges=True,
)
