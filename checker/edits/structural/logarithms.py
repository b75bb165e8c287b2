"""Logarithms and sums: the log of a sum for the sum of logs, and means taken without logs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.rewriting import Nested, nested
from checker.edits.source import Source, is_forward, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import Example, Kind
from reference_solutions.expressions.tree import Index, signs_of
from reference_solutions.graph import Constant, Every, Input, Ref, Rule
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Operation

LOG_OF_SUM = Kind(
    "log-of-sum",
    7.0,
    "The logarithm of a sum or mean was taken for the sum or mean of logarithms, or the other way "
    "round.",
    {
        "outside": "The logarithm in {where} belongs to each term; you took it of the whole.",
        "inside": "The logarithm in {where} belongs to the whole; you took it of each term.",
    },
    examples=(
        Example(
            given={"p": [0.35, 0.25, 0.15], "q": [0.62, 0.45, 0.83]},
            steps={"c": "log(p) + log(q)"},
            asked={"c": "c"},
            instead={"c": "log(p + q)"},
            where="c",
        ),
        Example(
            given={"p": [0.35, 0.25, 0.15], "q": [0.62, 0.45, 0.83]},
            steps={"s": "log(p)", "c": "s[0] + log(q)"},
            asked={"s": "s", "c": "c"},
            instead={"c": "log(p[0] + q)"},
            where="c",
        ),
        Example(
            given={"p": [0.35, 0.25, 0.15], "x": [0.62, -0.45, 0.83]},
            steps={"s": "sum(log(p))", "u": "s * x"},
            asked={"s": "s", "u": "u"},
            instead={"s": "log(sum(p))"},
            where="s",
        ),
        Example(
            given={"p": [0.35, 0.25, 0.15], "x": [0.62, -0.45, 0.83]},
            index={"n": "0..2"},
            steps={"e[n]": "p[n] + x[n]", "s": "sum(log(e[n] ** 2), n)", "t": "sum(log(p[n]), n)"},
            asked={"s": "s", "t": "t"},
            instead={"t": "log(sum(p[n], n))"},
            where="t",
        ),
        Example(
            given={"P": [[0.35, 0.65], [0.75, 0.25], [0.45, 0.55]], "y": [0, 1, 1]},
            steps={"L": "mean(cross_entropy(y, P))", "u": "L * P"},
            asked={"L": "L", "u": "u"},
            instead={"L": "-log((0.35 + 0.25 + 0.55) / 3)"},
            where="L",
        ),
    ),
)
ARITHMETIC_FOR_GEOMETRIC = Kind(
    "arithmetic-for-geometric-mean",
    7.0,
    "Numbers were averaged themselves where the formula averages their logarithms.",
    {"": "In {where} you took the mean itself, without logarithms and exponential."},
    examples=(
        Example(
            given={"p": [0.35, 0.25, 0.15], "x": [0.62, -0.45, 0.83]},
            steps={"g": "exp(sum(log(p)) / 3)", "u": "g * x"},
            asked={"g": "g", "u": "u"},
            instead={"g": "sum(p) / 3"},
            where="g",
        ),
    ),
)


def _is_logarithm(workshop: Workshop, item: Input, within: frozenset[str] = frozenset()) -> bool:
    """Whether a quantity is a natural logarithm, an entry of one, or a sum of such.

    What is added up step by step, from ``within`` itself, is none.
    """
    if not isinstance(item, Ref) or item.family in within:
        return False
    rule = workshop.graph.families[item.family].rule
    if rule is None:
        return False
    within |= {item.family}
    if rule.operation.form == "sum":
        alike = all(sign > 0 for sign in signs_of(rule.params))
        return alike and all(_is_logarithm(workshop, term, within) for term in rule.inputs)
    if rule.operation.role == "entry":
        return _is_logarithm(workshop, rule.inputs[0], within)
    return rule.operation.base == math.e


def _argument(workshop: Workshop, item: Input) -> Nested:
    """Return what the logarithm that an operand is was taken of, in its place."""
    return nested("exp", item)


def _sums(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Take the logarithm of a sum whose terms are all natural logarithms."""
    if not is_forward(site) or len(rule.inputs) < 2 or -1 in signs_of(rule.params):
        return
    if not all(_is_logarithm(workshop, item) for item in rule.inputs):
        return
    terms = (_argument(workshop, item) for item in rule.inputs)
    change = nested("log", Nested(rule.operation, tuple(terms), rule.params))
    yield from made(workshop, site, LOG_OF_SUM, change, "outside", habit=("outside",))


def _functions(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Take the logarithms of the terms for that of their sum."""
    if not is_forward(site) or rule.operation.base is None:
        return
    (item,) = rule.inputs
    added = part_of(workshop, item, "sum")
    if added is not None and not any(isinstance(i, Constant) for i in added[1].inputs):
        terms = tuple(Rule(rule.operation, (term,)) for term in added[1].inputs)
        change = Nested(operations()["add"], terms, added[1].params)
        yield from made(workshop, site, LOG_OF_SUM, change, "inside")


def _every(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if not is_forward(site):
        return
    reduction = rule.operation.reduction
    if reduction is not None and reduction.adds_up and isinstance(rule.inputs[0], Ref):
        family = workshop.graph.families[rule.inputs[0].family]
        inner = family.rule
        over = _over_index(workshop, inner)
        if over is not None:
            name, stacked = over
            change = nested(name, Nested(rule.operation, (stacked,), rule.params))
            yield from made(workshop, site, LOG_OF_SUM, change, "outside")
            return
        if inner is not None and inner.operation.base is not None:
            reduced = Rule(rule.operation, inner.inputs, rule.params)
            change = nested(inner.operation.name, reduced)
            yield from made(workshop, site, LOG_OF_SUM, change, "outside")
        elif inner is not None and inner.operation.minus_logarithm:
            chances = nested("exp", nested("negate", rule.inputs[0]))
            whole = Nested(rule.operation, (chances,), rule.params)
            change = nested("negate", nested("log", whole))
            yield from made(workshop, site, LOG_OF_SUM, change, "outside", habit=("entropy",))
    if rule.operation.inverse and isinstance(rule.inputs[0], Ref):
        inverse = operations()[rule.operation.inverse]
        plain = _without(inverse, workshop, rule.inputs[0]) if inverse.base is not None else None
        if isinstance(plain, Nested):
            yield from made(workshop, site, ARITHMETIC_FOR_GEOMETRIC, plain)


def _over_index(workshop: Workshop, rule: Rule | None) -> tuple[str, Rule] | None:
    """Return the logarithm that is stacked over an index, and the stack of what it is taken of."""
    if rule is None or rule.operation.role != "stack" or len(rule.inputs) != 1:
        return None
    (item,) = rule.inputs
    if not isinstance(item, Every):
        return None
    family = workshop.graph.families[item.family]
    inner = family.rule
    if inner is None or inner.operation.base is None:
        return None
    (source,) = inner.inputs
    own = tuple(Index(variable) for variable in family.variables)
    if not isinstance(source, Ref) or source.index != own:
        return None
    return inner.operation.name, replace(rule, inputs=(replace(item, family=source.family),))


def _without(function: Operation, workshop: Workshop, item: Input) -> Nested | Input | None:
    """Return a part of a formula without a function in it; None where nothing has it."""
    if not isinstance(item, Ref):
        return None
    family = workshop.graph.families[item.family]
    if family.kind != "part" or family.rule is None:
        return None
    rule = family.rule
    if rule.operation.name == function.name:
        return rule.inputs[0]
    operands = [_without(function, workshop, operand) for operand in rule.inputs]
    if all(operand is None for operand in operands):
        return None
    kept = tuple(
        operand if without is None else without
        for operand, without in zip(rule.inputs, operands, strict=True)
    )
    return Nested(rule.operation, kept, rule.params)


SOURCE = Source(
    (LOG_OF_SUM, ARITHMETIC_FOR_GEOMETRIC),
    {"sum": _sums, "function": _functions},
    every_rule=_every,
    rearranges=True,
)
