"""Products, quotients and powers: a factor, a divisor or an exponent left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.prices import ODD, UNUSUAL
from checker.edits.rewriting import copied, is_signed, put
from checker.edits.source import Source, form_of, is_forward, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.graph import Constant, Ref, Rule

FACTOR_LEFT_OUT = Kind(
    "factor-left-out",
    7.0,
    "One factor of a product, or the denominator of a quotient, is missing.",
    {
        "": "The factor {factor} is missing in {where}.",
        "division": "The division by {divisor} is missing in {where}.",
        "exponent": "The exponent {exponent} is missing in {where}.",
        "matrix": "The product with {matrix} is missing in {where}.",
    },
    in_formula=4.0,
    examples=(
        Example(
            given={**LAYER, "a": 0.35},
            steps={"z": "a * x * b"},
            asked={"z": "z"},
            instead={"z": "x * b"},
            where="z",
        ),
        Example(
            given={**LAYER, "d": 3},
            steps={"s": "W @ x / sqrt(d)"},
            asked={"s": "s"},
            instead={"s": "W @ x"},
            where="s",
        ),
        Example(
            given=LAYER,
            steps={"e": "(x - b) ** 2"},
            asked={"e": "e"},
            instead={"e": "x - b"},
            where="e",
        ),
        Example(
            given=LAYER,
            steps={"z": "W @ x + b"},
            asked={"z": "z"},
            instead={"z": "x + b"},
            where="z",
        ),
    ),
)


def _factors(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    for j, item in enumerate(rule.inputs):
        rest = rule.inputs[:j] + rule.inputs[j + 1 :]
        new = copied(rest[0]) if len(rest) == 1 else replace(rule, inputs=rest)
        left_out = item
        if isinstance(item, Constant) and is_signed(item):
            # Whoever forgets the 1/2 of -1/2 keeps the sign.
            left_out = Constant(-item.value)
            new = put(rule, j, Constant(-1.0))
        yield from made(
            workshop,
            site,
            FACTOR_LEFT_OUT,
            new,
            factor=workshop.words(site, left_out),
            habit=form_of(workshop, item, ("multiply", len(rule.inputs), j))
            if is_forward(site)
            else (),
        )


def _quotients(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    above, below = rule.inputs
    kind = workshop.graph.families[above.family].kind if isinstance(above, Ref) else ""
    yield from made(
        workshop,
        site,
        FACTOR_LEFT_OUT,
        copied(above),
        "division",
        divisor=workshop.words(site, below),
        habit=form_of(workshop, below, ("divide", kind)) if is_forward(site) else (),
    )
    if not isinstance(above, Constant):
        yield from made(
            workshop,
            site,
            FACTOR_LEFT_OUT,
            put(rule, 0, Constant(1.0)),
            factor=workshop.words(site, above),
            more_bits=ODD,
        )


def _powers(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    base, exponent = rule.inputs
    yield from made(
        workshop,
        site,
        FACTOR_LEFT_OUT,
        copied(base),
        "exponent",
        exponent=workshop.words(site, exponent),
    )


def _matrix_products(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    shape = workshop.shape(site.family.name)
    for kept, left_out in (rule.inputs, rule.inputs[::-1]):
        if isinstance(kept, Ref) and workshop.shape(kept.family) == shape:
            yield from made(
                workshop,
                site,
                FACTOR_LEFT_OUT,
                copied(kept),
                "matrix",
                matrix=workshop.words(site, left_out),
                more_bits=UNUSUAL,
            )


SOURCE = Source(
    (FACTOR_LEFT_OUT,),
    {
        "product": _factors,
        "quotient": _quotients,
        "power": _powers,
        "matrix product": _matrix_products,
    },
)
