"""Scalings: scores divided by a width though the sheet doesn't."""

from __future__ import annotations

import math
from collections.abc import Iterator

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import nested
from checker.edits.source import Source, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import Example, Kind
from reference_solutions.graph import Constant, Ref, Rule

SCALED_NEEDLESSLY = Kind(
    "scaled-needlessly",
    6.5,
    "Scores were divided by a width, or by its square root, though the formula has them unscaled.",
    {"": "In {where} you divided by {divisor}; the sheet takes the products as they are."},
    examples=(
        Example(
            given={"H": [[0.6, -1.2], [1.4, 0.3], [-0.5, 0.9]], "q": [1.1, -0.4]},
            steps={"s": "H @ q", "a": "softmax(s)"},
            asked={"s": "s", "a": "a"},
            instead={"s": "H @ q / sqrt(2)"},
            where="s",
        ),
    ),
)


def _products(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if site.family.kind != "step" or site.family.is_answer:
        return
    first, second = (
        workshop.shape(item.family) if isinstance(item, Ref) else None for item in rule.inputs
    )
    if not first or not second:
        return
    widths = list(dict.fromkeys(size for size in (first[-1], *first, *second) if size > 1))
    roots = [(math.sqrt(width), rf"the square root of {width}") for width in widths]
    found = [*roots, *((float(width), f"{width}") for width in widths)]
    for divisor, words in found:
        yield from made(
            workshop,
            site,
            SCALED_NEEDLESSLY,
            nested("divide", rule, Constant(divisor)),
            divisor=words,
            more_bits=price_of_choice(found),
        )


SOURCE = Source((SCALED_NEEDLESSLY,), {"matrix product": _products}, rearranges=True)
