"""Weights: a term or a gradient twice or half as large, a complement where none belongs."""

from __future__ import annotations

from collections.abc import Iterator

from checker.edits.edit import Edit
from checker.edits.rewriting import Nested, Operand, copied, nested
from checker.edits.source import (
    Source,
    form_of,
    is_forward,
    is_number,
    made,
    part_of,
)
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import signs_of
from reference_solutions.graph import Constant, Rule

FACTOR_TWO = Kind(
    "factor-two",
    8.0,
    "A term is twice or half of what it should be, for example the derivative of a square.",
    {
        "": "The term {term} in {where} is {times} what it should be.",
        "gradient": "{where} is {times} what it should be: a factor 2 is wrong.",
    },
    examples=(
        Example(
            given={**LAYER, "a": 0.35},
            steps={"m": "a * x + b"},
            asked={"m": "m"},
            instead={"m": "2 * a * x + b"},
            where="m",
        ),
        Example(
            given=LAYER,
            steps={"L": "sum(tanh(W @ x))"},
            asked={"dx": "grad(L, x)"},
            written={"dx": "2 * (W.T @ (1 - tanh(W @ x) ** 2))"},
            where="dL/dx",
        ),
    ),
)
COMPLEMENT_WEIGHTED = Kind(
    "complement-weighted",
    8.0,
    "The second term of a running average was weighted by 1 - a where the formula adds it whole.",
    {"": "In {where} the term {term} is added whole; you weighted it by 1 - {weight}."},
    examples=(
        Example(
            given={**LAYER, "a": 0.9},
            steps={"m": "a * x + b"},
            asked={"m": "m"},
            instead={"m": "a * x + (1 - a) * b"},
            where="m",
        ),
    ),
)
COMPLEMENT_FORGOTTEN = Kind(
    "complement-forgotten",
    6.0,
    "A quantity stands where 1 less it is meant: p for 1 - p, h squared for its difference from 1.",
    {"": "In {where} the formula has 1 - {item}; you took {item} itself."},
    examples=(
        Example(
            given={"p": [0.35, 0.25, 0.15], "x": [0.62, -0.45, 0.83]},
            steps={"g": "1 - sum(p ** 2)", "u": "x * g"},
            asked={"g": "g", "u": "u"},
            instead={"g": "sum(p ** 2)"},
            where="g",
        ),
    ),
)
_TIMES = ((2.0, "twice"), (0.5, "half of"))


def _terms(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if not is_forward(site) or len(rule.inputs) < 2:
        return
    if rule.inputs[0] == Constant(1.0) and signs_of(rule.params) == (1, -1):
        item = rule.inputs[1]
        yield from made(
            workshop,
            site,
            COMPLEMENT_FORGOTTEN,
            copied(item),
            item=workshop.words(site, item),
            habit=form_of(workshop, item, ("complement",)),
        )
    for j, item in enumerate(rule.inputs):
        product = part_of(workshop, item, "product")
        if product is None:
            continue
        numbers = [factor for factor in product[1].inputs if is_number(workshop, factor)]
        if not numbers:
            continue
        for factor, times in _TIMES:
            yield from made(
                workshop,
                site,
                FACTOR_TWO,
                _with_term(rule, j, nested("multiply", Constant(factor), item)),
                term=workshop.words(site, item),
                times=times,
            )
        if len(rule.inputs) == 2 and len(product[1].inputs) == 2:
            other = rule.inputs[1 - j]
            complement = nested("add", Constant(1.0), numbers[0], signs=(1, -1))
            yield from made(
                workshop,
                site,
                COMPLEMENT_WEIGHTED,
                _with_term(rule, 1 - j, nested("multiply", complement, other)),
                term=workshop.words(site, other),
                weight=workshop.words(site, numbers[0]),
            )


def _with_term(rule: Rule, position: int, term: Operand) -> Nested:
    terms = (*rule.inputs[:position], term, *rule.inputs[position + 1 :])
    return Nested(rule.operation, terms, rule.params)


def _gradients(workshop: Workshop) -> Iterator[Edit]:
    """Take twice or half of a gradient that is asked for."""
    asked = {target.node for target in workshop.reference.targets}
    for site in workshop.sites:
        rule = site.family.rule
        if site.family.kind != "adjoint" or rule is None:
            continue
        found = Site(site.family, {i: n for i, n in site.nodes.items() if n in asked})
        for factor, times in _TIMES:
            yield from made(
                workshop,
                found,
                FACTOR_TWO,
                nested("multiply", Constant(factor), rule),
                "gradient",
                times=times,
            )


SOURCE = Source(
    (FACTOR_TWO, COMPLEMENT_WEIGHTED, COMPLEMENT_FORGOTTEN),
    {"sum": _terms},
    once=_gradients,
    rearranges=True,
)
