"""Reductions: a sum, mean or largest entry for another, over another axis, or of fewer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.edits.edit import Edit
from checker.edits.prices import ODD, price_of_choice
from checker.edits.rewriting import Nested, Read, Remade, copied, nested
from checker.edits.source import Source, is_forward, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Array, Constant, Every, Family, Gather, Node, Ref, Rule
from reference_solutions.operations import operations
from reference_solutions.operations.reduction import Reduction

OTHER_REDUCTION = Kind(
    "other-reduction",
    7.5,
    "A sum, a mean or the largest entry was taken where another of them is meant.",
    {"": "{where} takes {meant}; you took {taken}."},
    examples=(
        Example(
            given=LAYER,
            steps={"s": "W @ x", "t": "max(s)", "u": "x * t"},
            asked={"t": "t", "u": "u"},
            instead={"t": "mean(s)"},
            where="t",
        ),
        Example(
            given=LAYER,
            steps={"s": "W @ x", "t": "maximum(s, b)", "u": "x * t"},
            asked={"s": "s", "t": "t", "u": "u"},
            instead={"t": "(s + b) / 2"},
            where="t",
        ),
    ),
)
OTHER_AXIS = Kind(
    "reduced-over-other-axis",
    6.0,
    "A sum, mean or largest entry was taken over the other axis of a matrix, or over all of it.",
    {
        "other": "In {where} {meant} was taken over the other axis.",
        "all": "In {where} {meant} was taken over the whole matrix and not over one axis.",
        "index": "In {where} the sum was taken over the other index: it is to run over `{meant}`.",
    },
    examples=(
        Example(
            given=LAYER,
            steps={"s": "sum(W, axis=1)", "z": "s * x"},
            asked={"s": "s", "z": "z"},
            instead={"s": "sum(W, axis=0)"},
            where="s",
        ),
        Example(
            given=LAYER,
            steps={"P": "W / sum(W, axis=1, keepdims=True)"},
            asked={"P": "P"},
            instead={"P": "W / sum(W)"},
            where="P",
        ),
        Example(
            given={"p": [[0.35, 0.25, 0.15], [0.62, 0.45, 0.83]]},
            index={"n": "0..1", "k": "0..2"},
            steps={"e[n]": "sum(p[n, k], k)", "r[n, k]": "p[n, k] / e[n]"},
            asked={"r_0": "r[0, 0]", "r_1": "r[1, 1]", "r_2": "r[1, 2]"},
            written={
                "r_0": "p[0, 0] / (p[0, 0] + p[1, 0])",
                "r_1": "p[1, 1] / (p[0, 1] + p[1, 1])",
                "r_2": "p[1, 2] / (p[0, 2] + p[1, 2])",
            },
            where="r[n, k]",
        ),
        Example(
            given={"n": [[2, 3], [4, 1], [3, 5]]},
            index={"k": "0..2"},
            steps={"q[k]": "n[k] / sum(n[k])"},
            asked={"q_0": "q[0]", "q_1": "q[1]"},
            instead={"q[k]": "n[k] / sum(n)"},
            where="q[k]",
        ),
    ),
)
ONE_OF_SEVERAL = Kind(
    "one-taken-for-largest",
    7.0,
    "One of several was taken where the formula takes the larger or smaller one: nothing was "
    "clipped.",
    {"": "{where} takes {meant}; you took {item} whether or not it is that."},
    examples=(
        Example(
            given={**LAYER, "c": [0.9, 1.2]},
            steps={"m": "minimum(x, c)", "u": "W @ m"},
            asked={"m": "m", "u": "u"},
            instead={"m": "x * 1"},
            where="m",
        ),
    ),
)
ARITHMETIC_FOR_HARMONIC = Kind(
    "arithmetic-for-harmonic-mean",
    6.0,
    "The mean of two numbers was taken where the formula has their harmonic mean, 2ab / (a + b).",
    {"": "{where} is the harmonic mean of {one} and {other}; you took half of their sum."},
    examples=(
        Example(
            given={"p": 0.7647, "r": 0.65, "x": [1.3, -0.7]},
            steps={"F": "2 * p * r / (p + r)", "u": "F * x"},
            asked={"F": "F", "u": "u"},
            instead={"F": "(p + r) / 2"},
            where="F",
        ),
    ),
)


def _every(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    reduction = rule.operation.reduction
    if not is_forward(site) or reduction is None:
        return
    if reduction.instead:
        yield from _others(workshop, site, rule, reduction)
        yield from _one(workshop, site, rule, reduction)
    yield from _axes(workshop, site, rule, reduction)
    yield from _rows(workshop, site, rule, reduction)


def _others(workshop: Workshop, site: Site, rule: Rule, reduction: Reduction) -> Iterator[Edit]:
    pair = rule.operation.elementwise
    if pair and any(isinstance(item, Constant) for item in rule.inputs):
        return
    more = price_of_choice(reduction.instead) + (ODD if reduction.sums else 0.0)
    for name in reduction.instead:
        taken = operations()[name]
        assert taken.reduction is not None
        change: Rule | Nested = Rule(taken, rule.inputs, rule.params)
        if pair:
            added = nested("add", *rule.inputs, signs=(1,) * len(rule.inputs))
            averages = taken.reduction.averages
            change = nested("divide", added, Constant(2.0)) if averages else added
        yield from made(
            workshop,
            site,
            OTHER_REDUCTION,
            change,
            meant=reduction.words,
            taken=taken.reduction.words,
            more_bits=more,
            habit=(rule.operation.name, name),
        )


def _one(workshop: Workshop, site: Site, rule: Rule, reduction: Reduction) -> Iterator[Edit]:
    """Take one of two and forget the other: a count that is not clipped."""
    if not rule.operation.elementwise:
        return
    for item in rule.inputs:
        if isinstance(item, Ref):
            yield from made(
                workshop,
                site,
                ONE_OF_SEVERAL,
                copied(item),
                meant=reduction.words,
                item=workshop.words(site, item),
            )


def _quotients(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    above, below = rule.inputs
    if is_forward(site) and isinstance(below, Ref):
        yield from _other_index(workshop, site, rule, below)
    product, added = part_of(workshop, above, "product"), part_of(workshop, below, "sum")
    if not is_forward(site) or product is None or added is None:
        return
    factors, terms = product[1].inputs, added[1].inputs
    if len(terms) == 2 and set(factors) == {Constant(2.0), *terms}:
        one, other = terms
        yield from made(
            workshop,
            site,
            ARITHMETIC_FOR_HARMONIC,
            nested("divide", nested("add", one, other, signs=(1, 1)), Constant(2.0)),
            one=workshop.words(site, one),
            other=workshop.words(site, other),
            habit=("harmonic",),
        )


def _other_index(workshop: Workshop, site: Site, rule: Rule, below: Ref) -> Iterator[Edit]:
    """Divide by the sum over the other of two indices."""
    graph = workshop.graph
    total = graph.families[below.family].rule
    reduction = total.operation.reduction if total is not None else None
    stack = total.inputs[0] if total is not None and reduction and reduction.sums else None
    stacked = graph.families[stack.family].rule if isinstance(stack, Ref) else None
    item = stacked.inputs[0] if stacked and stacked.operation.role == "stack" else None
    if not isinstance(item, Gather) or len(item.pattern) != 1:
        return
    terms = graph.families[item.family]
    own = site.family.variables
    if len(terms.variables) != 2 or not {*terms.variables} <= {*own}:
        return
    kept = terms.variables.index(item.pattern[0].variable or "")
    free = own.index(terms.variables[1 - kept])
    nodes: dict[tuple[int, ...], Node] = {}
    for index, number in site.nodes.items():
        taken = [
            graph.ids[item.family, at] for at in terms.instances if at[1 - kept] == index[free]
        ]
        upper = graph.nodes[number].inputs[0]
        nodes[index] = Node(_share, (upper, *taken), graph.nodes[number].key)
    meant, over = terms.variables[1 - kept], terms.variables[kept]
    yield from made(
        workshop,
        site,
        OTHER_AXIS,
        Remade(nodes, _share_latex(workshop, site, rule, terms, over)),
        "index",
        meant=meant,
    )


def _share_latex(workshop: Workshop, site: Site, rule: Rule, terms: Family, variable: str) -> str:
    """Return the quotient by the sum over an index."""
    seen = workshop.seen(site.family)
    above, _ = workshop.notation.input(rule.inputs[0], seen)
    term, _ = workshop.notation.input(Ref(terms.name, tuple(map(Index, terms.variables))))
    return rf"\frac{{{above}}}{{\sum_{{{variable}}} {term}}}"


def _share(above: Array, *terms: Array) -> Array:
    return np.asarray(above / np.sum(terms, axis=0))


def _axes(workshop: Workshop, site: Site, rule: Rule, reduction: Reduction) -> Iterator[Edit]:
    item, axis = rule.inputs[0], rule.params.get("axis")
    shape = workshop.shape(item.family) if isinstance(item, Ref) else None
    if shape is None or len(shape) != 2 or not isinstance(axis, int):
        return
    meant = reduction.words
    everything = {key: value for key, value in rule.params.items() if key != "axis"}
    other = 1 - axis % 2
    for form, params, over in (
        ("other", {**rule.params, "axis": other}, f"over axis {other}"),
        ("all", everything, "over everything"),
    ):
        wrong = Rule(rule.operation, rule.inputs, params)
        shown, _ = workshop.notation.rule(wrong, workshop.seen(site.family))
        change = Read(wrong, rf"{shown}\;\text{{{over}}}")
        yield from made(
            workshop, site, OTHER_AXIS, change, form, meant=meant, habit=(rule.operation.name, form)
        )


def _rows(workshop: Workshop, site: Site, rule: Rule, reduction: Reduction) -> Iterator[Edit]:
    """Reduce all rows of a quantity, or over its index, where one row is meant."""
    item = rule.inputs[0]
    if len(rule.inputs) > 1 or not isinstance(item, Ref):
        return
    if len(item.index) != 1 or item.index[0].variable is None:
        return
    source = workshop.graph.families[item.family]
    shape = workshop.shape(item.family)
    if source.kind not in ("given", "step") or not shape or len(source.instances) < 2:
        return
    rows = Rule(operations()["stack"], (Every(item.family),))
    meant = reduction.words
    for form, params in (("other", {**rule.params, "axis": 0}), ("all", rule.params)):
        change = Nested(rule.operation, (rows,), params)
        yield from made(workshop, site, OTHER_AXIS, change, form, meant=meant, habit=("rows", form))


SOURCE = Source(
    (OTHER_REDUCTION, OTHER_AXIS, ONE_OF_SEVERAL, ARITHMETIC_FOR_HARMONIC),
    {"quotient": _quotients},
    every_rule=_every,
    rearranges=True,
)
