"""Operations on two quantities: added for multiplied, multiplied for added, divided for either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checker.edits.edit import Edit
from checker.edits.prices import UNUSUAL
from checker.edits.rewriting import nested
from checker.edits.source import Source, is_forward, is_number, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import signs_of
from reference_solutions.graph import Ref, Rule

OPERATION_EXCHANGED = Kind(
    "operation-exchanged",
    7.5,
    "Two quantities were multiplied where they are added, added where they are multiplied, or "
    "divided where they are multiplied.",
    {
        "multiplied": "In {where} {one} and {other} are added; you multiplied them.",
        "added": "In {where} {one} and {other} are multiplied; you added them.",
        "divided": "In {where} {one} and {other} are multiplied; you divided {one} by {other}.",
    },
    examples=(
        Example(
            given=LAYER,
            steps={"z": "W @ x", "h": "x + z"},
            asked={"z": "z", "h": "h"},
            instead={"h": "x * z"},
            where="h",
        ),
        Example(
            given=LAYER,
            steps={"z": "W @ x", "h": "x * z"},
            asked={"z": "z", "h": "h"},
            instead={"h": "x + z"},
            where="h",
        ),
        Example(
            given=LAYER,
            steps={"z": "W @ x", "h": "x * z"},
            asked={"z": "z", "h": "h"},
            instead={"h": "x / z"},
            where="h",
        ),
    ),
)
_ADDED = {"signs": (1, 1)}


def _are_quantities(workshop: Workshop, rule: Rule) -> bool:
    return len(rule.inputs) == 2 and all(
        isinstance(item, Ref) and not is_number(workshop, item) for item in rule.inputs
    )


def _sums(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if signs_of(rule.params) == (1, 1):
        yield from _made(workshop, site, rule, (("multiplied", "multiply", {}),))


def _products(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    turned = replace(rule, inputs=rule.inputs[::-1])
    yield from _made(workshop, site, rule, (("added", "add", _ADDED), ("divided", "divide", {})))
    yield from _made(workshop, site, turned, (("divided", "divide", {}),))


def _made(
    workshop: Workshop, site: Site, rule: Rule, others: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> Iterator[Edit]:
    if not is_forward(site) or not _are_quantities(workshop, rule):
        return
    one, other = (workshop.words(site, item) for item in rule.inputs)
    for form, name, params in others:
        yield from made(
            workshop,
            site,
            OPERATION_EXCHANGED,
            nested(name, *rule.inputs, **params),
            form,
            one=one,
            other=other,
            more_bits=UNUSUAL if form == "divided" else 0.0,
            habit=(form,),
        )


SOURCE = Source((OPERATION_EXCHANGED,), {"sum": _sums, "product": _products}, rearranges=True)
