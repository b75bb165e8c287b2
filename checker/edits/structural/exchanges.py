"""Exchanges: two factors, quantities, definitions or given numbers in each other's place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from checker.edits.edit import Edit
from checker.edits.prices import UNUSUAL, price_of_choice
from checker.edits.rewriting import Computed, Miscopied
from checker.edits.source import Source, is_forward, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.graph import Ref, Rule

EXCHANGED = Kind(
    "exchanged",
    7.0,
    "Two quantities or factors are exchanged: the forget for the input gate, z for 1 - z, gamma "
    "for beta.",
    {
        "factors": "In {where}, {one} and {other} are exchanged: {one} goes with {ones}, and "
        "{other} with {others}.",
        "within": "{one} and {other} are exchanged in {where}.",
        "definitions": "{where} and {other} are exchanged: each was computed with the weights of "
        "the other.",
        "givens": "`{one}` and `{other}` are exchanged: each was used for the other.",
    },
    examples=(
        Example(
            given={"f": [0.7, 0.2], "i": [0.4, 0.9], "c": [1.3, -0.8], "g": [0.35, 0.6]},
            steps={"s": "f * c + i * g"},
            asked={"s": "s"},
            instead={"s": "i * c + f * g"},
            where="s",
        ),
        Example(
            given={**LAYER, "U": [[0.3, 1.1], [-0.6, 0.9]]},
            steps={"f": "sigmoid(W @ x)", "i": "sigmoid(U @ x)"},
            asked={"f": "f", "i": "i"},
            instead={"f": "sigmoid(U @ x)", "i": "sigmoid(W @ x)"},
            where="f",
        ),
    ),
)
_MOST_PAIRS = 40


def _factors(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Exchange a factor of one term of a sum with one of another: i c + f g for f c + i g."""
    if not is_forward(site):
        return
    found = (part_of(workshop, item, "product") for item in rule.inputs)
    products = [product for product in found if product is not None]
    for (one, first), (other, second) in combinations(products, 2):
        if len(first.inputs) != 2 or len(second.inputs) != 2:
            continue
        a, b = first.inputs
        for c, d in (second.inputs, second.inputs[::-1]):
            yield from made(
                workshop,
                site,
                EXCHANGED,
                [(one, replace(first, inputs=(c, b))), (other, replace(second, inputs=(a, d)))],
                "factors",
                one=workshop.words(site, a),
                other=workshop.words(site, c),
                ones=workshop.words(site, b),
                others=workshop.words(site, d),
            )


def _within(workshop: Workshop, step: Site) -> Iterator[Edit]:
    """Exchange two quantities of the same shape wherever one formula has them."""
    tree = [
        (site, site.family.rule)
        for site in workshop.sites
        if site.family.owner == step.family.name and site.family.rule and is_forward(site)
    ]
    found: dict[Ref, tuple[int, ...] | None] = {}
    for _, rule in tree:
        for item in rule.inputs:
            if isinstance(item, Ref):
                family = workshop.graph.families[item.family]
                if family.kind in ("given", "step") and not family.is_index:
                    found[item] = workshop.shape(item.family)
    pairs = [(a, b) for a, b in combinations(found, 2) if found[a] == found[b] is not None]
    seen: set[bytes] = set()
    for a, b in pairs[:_MOST_PAIRS]:
        changes = [
            (
                site,
                replace(
                    rule, inputs=tuple(b if i == a else a if i == b else i for i in rule.inputs)
                ),
            )
            for site, rule in tree
            if a in rule.inputs or b in rule.inputs
        ]
        for edit in made(
            workshop,
            step,
            EXCHANGED,
            changes,
            "within",
            one=workshop.words(step, a),
            other=workshop.words(step, b),
            more_bits=price_of_choice(pairs),
        ):
            # Many exchanges come to the same: a + b for b + a.
            if edit.index is None:
                values = workshop.graph.edited(edit.replacements).evaluate(step.nodes.values())
                rounded = [np.nan if v is None else np.round(v, 9) for v in values.values()]
                print_of = b"".join(np.asarray(v).tobytes() for v in rounded)
                if print_of in seen:
                    break
                seen.add(print_of)
            yield edit


def _steps(workshop: Workshop) -> Iterator[Edit]:
    for site in workshop.sites:
        if site.family.kind == "step" and site.family.rule is not None:
            yield from _within(workshop, site)


def _definitions(workshop: Workshop) -> Iterator[Edit]:
    """Exchange two quantities that are defined alike, such as two gates of a cell."""
    steps = [
        (site, site.family.rule.operation)
        for site in workshop.sites
        if site.family.kind == "step" and site.family.rule and not site.family.is_answer
    ]
    pairs = [
        (a, b)
        for a, b in combinations(steps, 2)
        if a[1] == b[1]
        and a[1].form != "copy"
        and a[0].nodes.keys() == b[0].nodes.keys()
        and workshop.shape(a[0].family.name) == workshop.shape(b[0].family.name)
    ]
    for (one, _), (other, _) in pairs[:_MOST_PAIRS]:
        yield from made(
            workshop,
            one,
            EXCHANGED,
            [(one, Computed(other.family.name)), (other, Computed(one.family.name))],
            "definitions",
            other=workshop.place(other),
            more_bits=price_of_choice(pairs),
        )


def _givens(workshop: Workshop) -> Iterator[Edit]:
    """Exchange two given quantities of the same shape everywhere."""
    given = [
        (site, number, value.shape)
        for site in workshop.sites
        if site.family.kind == "given" and site.family.rule is None and not site.family.variables
        for number in site.nodes.values()
        if (value := workshop.graph.value(number)) is not None
        and workshop.is_constant(number)
        and not site.family.is_start
    ]
    pairs = [(a, b) for a, b in combinations(given, 2) if a[2] == b[2]]
    for (one, first, _), (other, second, _) in pairs[: 2 * _MOST_PAIRS]:
        yield from made(
            workshop,
            one,
            EXCHANGED,
            [(one, Miscopied(np.array, source=second)), (other, Miscopied(np.array, source=first))],
            "givens",
            one=one.family.name,
            other=other.family.name,
            more_bits=UNUSUAL + price_of_choice(pairs),
        )


def _all(workshop: Workshop) -> Iterator[Edit]:
    yield from _steps(workshop)
    yield from _definitions(workshop)
    yield from _givens(workshop)


SOURCE = Source((EXCHANGED,), {"sum": _factors}, once=_all, rearranges=True)
