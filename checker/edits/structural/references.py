"""References: a quantity at a neighbouring index, read backwards, or another one in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import put
from checker.edits.source import Source, is_forward, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, SEQUENCE, Example, Kind
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Every, Ref, Rule

NEIGHBOURING_STEP = Kind(
    "neighbouring-step",
    8.0,
    "A quantity was taken at the index before or after the one meant: h[t] for h[t-1], x[t-1] for "
    "x[t].",
    {
        "": "{taken} was taken in {where} where {meant} is meant.",
        "gathered": "{where} took {taken} where {meant} is meant.",
        "same words": "{where} took {meant} at a neighbouring index.",
    },
    in_formula=4.0,
    examples=(
        Example(
            given=SEQUENCE,
            index={"t": "1..3"},
            steps={"h[t]": "tanh(W @ h[t-1] + x[t])"},
            asked={"h_1": "h[1]", "h_2": "h[2]", "h_3": "h[3]"},
            instead={"h[t]": "tanh(W @ h[t-1] + x[t-1])"},
            where="h[t]",
        ),
    ),
)
READ_BACKWARDS = Kind(
    "read-backwards",
    7.0,
    "A sequence was read from its end to its beginning.",
    {"": "The sequence `{sequence}` was read from its end to its beginning in {where}."},
    examples=(
        Example(
            given=SEQUENCE,
            index={"t": "1..3"},
            steps={"h[t]": "tanh(W @ h[t-1] + x[t])"},
            asked={"h_1": "h[1]", "h_2": "h[2]", "h_3": "h[3]"},
            instead={"h[t]": "tanh(W @ h[t-1] + x[4-t])"},
            where="h[t]",
        ),
    ),
)
OTHER_QUANTITY = Kind(
    "other-quantity",
    8.0,
    "Another quantity of the same shape stands where the formula has this one: W for U, b for c.",
    {
        "": "{used} was used in {where} where {meant} is meant.",
        "argument": "The argument of {meant}, before its function was applied, was used in {where} "
        "where {meant} is meant.",
    },
    in_formula=4.0,
    examples=(
        Example(
            given={**LAYER, "c": [-0.9, 0.65]},
            steps={"z": "W @ x + b", "o": "W @ z + c"},
            asked={"z": "z", "o": "o"},
            instead={"z": "W @ x + c"},
            where="z",
        ),
        Example(
            given={"X": [[2, 1], [3, 4], [5, 3]], "m": [3, 2.5]},
            steps={"C": "X - m", "S": "C.T @ C"},
            asked={"C": "C", "S": "S"},
            instead={"S": "X.T @ X"},
            where="S",
        ),
        Example(
            given={"A": [[0.3, 0.7], [0.6, 0.4]], "E": [[0.4, -0.2], [-0.5, 0.3]]},
            index={"n": "0..1"},
            steps={"x[n]": "tanh(E[n])", "O": "A @ x"},
            asked={"x_1": "x[1]", "O": "O"},
            instead={"O": "A @ E"},
            where="O",
        ),
    ),
)


def _references(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    for j, item in enumerate(rule.inputs):
        if isinstance(item, Ref):
            yield from _shifted(workshop, site, rule, j, item)
            yield from _others(workshop, site, rule, j, item)
        elif isinstance(item, Every) and is_forward(site):
            yield from _stacked(workshop, site, rule, j, item)


def _stacked(workshop: Workshop, site: Site, rule: Rule, j: int, item: Every) -> Iterator[Edit]:
    """Take another quantity with the same index, all of it."""
    families = workshop.graph.families
    source = families[item.family]
    found = [
        other
        for other in families.values()
        if other.kind in ("given", "step")
        and not (other.is_answer or other.is_start or other.is_index)
        and other.instances == source.instances
        and workshop.shape(other.name) == workshop.shape(source.name)
        and other.name != item.family
    ]
    if source.kind not in ("given", "step"):
        return
    for other in found:
        yield from made(
            workshop,
            site,
            OTHER_QUANTITY,
            put(rule, j, replace(item, family=other.name)),
            used=f"`{other.name}`",
            meant=f"`{source.name}`",
            more_bits=price_of_choice(found),
            habit=(item, other.name),
        )


def _shifted(workshop: Workshop, site: Site, rule: Rule, j: int, item: Ref) -> Iterator[Edit]:
    source = workshop.graph.families[item.family]
    if source.kind in ("part", "backward", "path") and source.variables == site.family.variables:
        # A part of the same formula has its own references; shifting them says it more exactly.
        return
    meant = workshop.words(site, item)
    for axis, index in enumerate(item.index):
        if index.variable is None and source.kind not in ("step", "given"):
            continue
        for by in (-1, 1):
            moved = _at(item, axis, index.shifted(by))
            yield from made(
                workshop,
                site,
                NEIGHBOURING_STEP,
                put(rule, j, moved),
                taken=workshop.words(site, moved),
                meant=meant,
                habit=(item, axis, by) if is_forward(site) else (),
            )
        if index.variable is None or source.is_index:
            continue
        if source.kind in ("given", "step") and index.offset == 0 and index.scale == 1:
            span = workshop.reference.ranges.get(index.variable)
            if span is not None and len(span) > 1:
                backwards = Index(index.variable, span[0] + span[-1], -1)
                yield from made(
                    workshop,
                    site,
                    READ_BACKWARDS,
                    put(rule, j, _at(item, axis, backwards)),
                    sequence=item.family,
                    places=False,
                )


def _at(item: Ref, axis: int, index: Index) -> Ref:
    return replace(item, index=(*item.index[:axis], index, *item.index[axis + 1 :]))


def _alike(workshop: Workshop, item: Ref) -> list[Ref]:
    """Return other quantities of the sheet that have the same shape and index."""
    families = workshop.graph.families
    source = families[item.family]
    if source.kind not in ("given", "step"):
        return []
    shape = workshop.shape(item.family)
    found: list[Ref] = []
    for other in families.values():
        if other.is_index or source.is_index:
            continue
        if other.name == item.family or other.is_answer or other.is_start:
            continue
        argument = other.kind == "part" and _is_argument(workshop, other.name, item.family)
        if other.kind not in ("given", "step") and not argument:
            continue
        if len(other.variables) == len(source.variables) and workshop.shape(other.name) == shape:
            found.append(Ref(other.name, item.index))
    return found


def _others(workshop: Workshop, site: Site, rule: Rule, j: int, item: Ref) -> Iterator[Edit]:
    """Take another quantity of the same shape and index."""
    found = _alike(workshop, item)
    meant = workshop.words(site, item)
    for other_item in found:
        argument = _is_part(workshop, other_item)
        yield from made(
            workshop,
            site,
            OTHER_QUANTITY,
            put(rule, j, other_item),
            "argument" if argument else "",
            used=workshop.words(site, other_item),
            meant=meant,
            more_bits=price_of_choice(found),
            habit=(item, other_item) if is_forward(site) else (),
        )


def _throughout(workshop: Workshop) -> Iterator[Edit]:
    """Take another quantity wherever one formula has one, if it has it more than once."""
    trees: dict[str, list[tuple[Site, Rule]]] = {}
    for site in workshop.sites:
        if is_forward(site) and site.family.rule is not None:
            owner = site.family.owner or site.family.name
            trees.setdefault(owner, []).append((site, site.family.rule))
    for tree in trees.values():
        taken = [item for _, rule in tree for item in rule.inputs if isinstance(item, Ref)]
        for item in dict.fromkeys(taken):
            if taken.count(item) > 1:
                yield from _replaced(workshop, tree, item)


def _replaced(workshop: Workshop, tree: list[tuple[Site, Rule]], item: Ref) -> Iterator[Edit]:
    found = [other for other in _alike(workshop, item) if not _is_part(workshop, other)]
    site = tree[0][0]
    for other in found:
        changes = [
            (at, replace(rule, inputs=tuple(other if i == item else i for i in rule.inputs)))
            for at, rule in tree
            if item in rule.inputs
        ]
        yield from made(
            workshop,
            site,
            OTHER_QUANTITY,
            changes,
            used=workshop.words(site, other),
            meant=workshop.words(site, item),
            more_bits=price_of_choice(found),
        )


def _is_part(workshop: Workshop, item: Ref) -> bool:
    return workshop.graph.families[item.family].kind == "part"


def _is_argument(workshop: Workshop, part: str, step: str) -> bool:
    rule = workshop.graph.families[step].rule
    return (
        rule is not None and len(rule.inputs) == 1 and getattr(rule.inputs[0], "family", "") == part
    )


SOURCE = Source(
    (NEIGHBOURING_STEP, READ_BACKWARDS, OTHER_QUANTITY),
    every_rule=_references,
    once=_throughout,
)
