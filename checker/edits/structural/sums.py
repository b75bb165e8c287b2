"""Sums: a term left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.source import Source, form_of, is_forward, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import signs_of
from reference_solutions.graph import Rule

TERM_LEFT_OUT = Kind(
    "term-left-out",
    6.5,
    "One term of a sum is missing, for example the bias or the recurrent term W @ h[t-1].",
    {"": "The term {term} is missing in {where}."},
    in_formula=4.0,
    examples=(
        Example(
            given=LAYER,
            steps={"z": "W @ x + b"},
            asked={"z": "z"},
            instead={"z": "W @ x"},
            where="z",
        ),
    ),
)


def _left_out(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if len(rule.inputs) < 2:
        return
    signs = signs_of(rule.params)
    for j, item in enumerate(rule.inputs):
        rest = rule.inputs[:j] + rule.inputs[j + 1 :]
        kept = signs[:j] + signs[j + 1 :]
        yield from made(
            workshop,
            site,
            TERM_LEFT_OUT,
            replace(rule, inputs=rest, params={"signs": kept}),
            term=workshop.words(site, item),
            habit=form_of(workshop, item, ("add", len(signs), signs, j))
            if is_forward(site)
            else (),
        )


SOURCE = Source((TERM_LEFT_OUT,), {"sum": _left_out})
