"""Penalties: the term of a penalty on the weights, taken of another parameter as well."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import Nested, Operand, nested
from checker.edits.source import Source, is_number, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import Index, signs_of
from reference_solutions.graph import Constant, Ref, Rule

PENALISED_TOO = Kind(
    "penalised-too",
    6.0,
    "A penalty on the weights was taken of another parameter as well, mostly of a bias.",
    {"": "{where} has a penalty's term for `{other}`; the sheet penalises `{penalised}` only."},
    examples=(
        Example(
            given={**LAYER, "lam": 0.3},
            steps={"L": "sum(tanh(W @ x + b)) + lam / 2 * sum(W ** 2)"},
            asked={"dW": "grad(L, W)", "db": "grad(L, b)"},
            written={"db": "1 - tanh(W @ x + b) ** 2 + lam * b"},
            where="dL/d(b)",
        ),
        Example(
            given={
                "X": [[0.5, 1.2], [2, -0.4], [-1.1, 0.9]],
                "y": [1, 0, 1],
                "w": [0.3, -0.2],
                "b": 1.45,
                "lam": 0.37,
                "eta": 0.5,
            },
            steps={
                "p": "sigmoid(X @ w + b)",
                "gw": "X.T @ (p - y) + lam * w",
                "gb": "sum(p - y)",
                "w_new": "w - eta * gw",
                "b_new": "b - eta * gb",
            },
            asked={"gw": "gw", "gb": "gb", "w_new": "w_new", "b_new": "b_new"},
            instead={"gb": "sum(p - y) + lam * b"},
            where="gb",
        ),
    ),
)


def _penalties(workshop: Workshop) -> Iterator[Edit]:
    yield from _derived(workshop)
    yield from _written(workshop)


def _derived(workshop: Workshop) -> Iterator[Edit]:
    """Add to a derived gradient what it would be for a parameter that is penalised, too."""
    learned = [
        site
        for site in workshop.sites
        if site.family.kind == "adjoint"
        and workshop.graph.families[site.family.of].kind == "given"
        and site.family.rule is not None
    ]
    penalised = {
        site.family.name: factor for site in learned if (factor := _factor(workshop, site))
    }
    others = [site for site in learned if site.family.name not in penalised]
    options = [
        (site, name) for site in others for name in penalised if _same_root(workshop, site, name)
    ]
    for site, name in options:
        rule, of = site.family.rule, site.family.of
        assert rule is not None
        own = tuple(Index(variable) for variable in site.family.variables)
        term = nested("multiply", Constant(penalised[name]), Ref(of, own))
        yield from made(
            workshop,
            site,
            PENALISED_TOO,
            nested("add", rule, term, signs=(1, 1)),
            other=of,
            penalised=workshop.graph.families[name].of,
            more_bits=price_of_choice(options),
        )


def _same_root(workshop: Workshop, site: Site, name: str) -> bool:
    return site.family.root == workshop.graph.families[name].root


def _factor(workshop: Workshop, site: Site) -> float:
    """Return how often a parameter itself is a part of its gradient; 0 where it is none."""
    graph = workshop.graph
    for path in workshop.sites:
        if path.family.kind != "path" or path.family.owner != site.family.name:
            continue
        for index, number in path.nodes.items():
            of = graph.ids.get((site.family.of, index if site.family.variables else ()))
            back, value = graph.value(number), None if of is None else graph.value(of)
            if back is None or value is None or back.shape != value.shape or not value.all():
                continue
            factors = back / value
            if value.size > 1 and np.ptp(factors) <= 1e-9 * np.abs(factors).max() and factors.all():
                return float(factors.flat[0])
    return 0.0


def _written(workshop: Workshop) -> Iterator[Edit]:
    """Add the term of one gradient's formula to another's, for the parameter that it updates."""
    parameters = dict(_updated(workshop))
    found = [
        (name, term, at)
        for name in parameters
        for term, at in _terms(workshop, workshop.by_name[name], parameters[name])
    ]
    without = [name for name in parameters if name not in {one for one, _, _ in found}]
    options = [(name, one) for name in without for one in found]
    for name, (one, term, at) in options:
        site, other = workshop.by_name[name], parameters[name]
        rule = site.family.rule
        if rule is None or site.family.variables != workshop.by_name[one].family.variables:
            continue
        inputs: list[Operand] = [*term.inputs]
        inputs[at] = other
        yield from made(
            workshop,
            site,
            PENALISED_TOO,
            nested("add", rule, Nested(term.operation, tuple(inputs), term.params), signs=(1, 1)),
            other=other.family,
            penalised=parameters[one].family,
            more_bits=price_of_choice(options),
        )


def _updated(workshop: Workshop) -> Iterator[tuple[str, Ref]]:
    """Yield steps that a parameter is changed by, ``w - eta * gw``, with the parameter."""
    for site in workshop.sites:
        rule = site.family.rule
        if site.family.kind != "step" or rule is None or rule.operation.form != "sum":
            continue
        if signs_of(rule.params) != (1, -1) or not isinstance(rule.inputs[0], Ref):
            continue
        step = part_of(workshop, rule.inputs[1], "product")
        for item in step[1].inputs if step is not None else ():
            taken = workshop.by_name.get(item.family) if isinstance(item, Ref) else None
            if taken is not None and taken.family.kind == "step":
                yield taken.family.name, rule.inputs[0]


def _terms(workshop: Workshop, site: Site, parameter: Ref) -> Iterator[tuple[Rule, int]]:
    """Yield the terms of a formula that are numbers times the parameter, and where it stands."""
    rule = site.family.rule
    if rule is None or rule.operation.form != "sum":
        return
    for item in rule.inputs:
        product = part_of(workshop, item, "product")
        if product is None or parameter not in product[1].inputs:
            continue
        at = product[1].inputs.index(parameter)
        rest = (*product[1].inputs[:at], *product[1].inputs[at + 1 :])
        if all(is_number(workshop, one) for one in rest):
            yield product[1], at


SOURCE = Source((PENALISED_TOO,), once=_penalties, rearranges=True)
