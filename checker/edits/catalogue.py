"""Edits from the catalogue: the mistakes that the operations' own modules declare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit, merged, with_its_gradient
from checker.edits.prices import COMMONNESS, EVERY_FORMULA, IN_DERIVATIVES, WITH_GRADIENT
from checker.edits.rewriting import Change, Computed, Read
from checker.edits.sentences import in_gradient
from checker.edits.workshop import Site, Workshop
from reference_solutions.graph import Rule
from reference_solutions.language.latex import filled
from reference_solutions.operations.operation import Mistake


def catalogue_edits(workshop: Workshop) -> Iterator[Edit]:
    """Every declared mistake at every operation that the answers depend on."""
    families = workshop.graph.families
    grouped: dict[str, list[Edit]] = {}
    for site in workshop.sites:
        rule = site.family.rule
        if rule is None:
            continue
        backward = site.family.kind not in ("step", "part")
        for mistake in rule.operation.mistakes:
            if mistake.forward is not None:
                made = _forward(workshop, site, rule, mistake, backward)
                for edit in made:
                    if edit.index is None and edit is made[0]:
                        key = f"{mistake.id}~" if backward else mistake.id
                        grouped.setdefault(key, []).append(edit)
                    yield edit
        for id, variant in site.family.variants.items():
            mistake = _declared(workshop, site, id)
            for edit in _backward(workshop, site, mistake, variant):
                if edit.index is None:
                    grouped.setdefault(f"{mistake.id}<", []).append(edit)
                if mistake.forward is None:
                    yield edit
    for key, edits in grouped.items():
        # What goes with a wrong value is no mistake of its own in the backward pass.
        if not key.endswith("<") or key.removesuffix("<") not in grouped:
            yield from _in_every_formula(edits)
    yield from _consistent(grouped, families)


def _declared(workshop: Workshop, site: Site, id: str) -> Mistake:
    rule = workshop.graph.families[site.family.via].rule
    assert rule is not None
    return next(mistake for mistake in rule.operation.mistakes if mistake.id == id)


def _forward(
    workshop: Workshop, site: Site, rule: Rule, mistake: Mistake, backward: bool
) -> list[Edit]:
    assert mistake.forward is not None
    wrong = replace(rule, operation=rule.operation.computing(mistake.forward))
    change: Change = wrong
    if mistake.used:
        seen = workshop.seen(site.family)
        operands = [workshop.notation.input(item, seen) for item in rule.inputs]
        change = Read(wrong, filled(mistake.used, operands))
    bits = COMMONNESS[mistake.commonness] + (IN_DERIVATIVES if backward else 0.0)
    says = mistake.says
    if backward:
        seen = workshop.seen(site.family)
        shown = [workshop.notation.input(item, seen)[0] for item in rule.inputs]
        named = [workshop.words(site, item) for item in rule.inputs]
        says = in_gradient(mistake.id, says, workshop.place(site), named, of_one=shown[0] == "1")
    derived = not (mistake.backward or mistake.fused)
    return workshop.edits(site, mistake.id, says, bits, change, derived=derived)


def _backward(workshop: Workshop, site: Site, mistake: Mistake, variant: str) -> list[Edit]:
    bits = COMMONNESS[mistake.commonness]
    return workshop.edits(site, mistake.id, mistake.says, bits, Computed(variant))


def _in_every_formula(edits: list[Edit]) -> Iterator[Edit]:
    """Yield a mistake made in every formula that has the operation, where there are several."""
    if len(edits) < 2:
        return
    first = edits[0]
    everywhere = replace(
        first,
        where=", ".join(dict.fromkeys(edit.where for edit in edits)),
        replacements=merged(edits),
        following={number: node for edit in edits for number, node in edit.following.items()},
        bits=first.bits + EVERY_FORMULA,
        members=tuple(edits),
    )
    yield from with_its_gradient(everywhere)


def _consistent(grouped: dict[str, list[Edit]], families: object) -> Iterator[Edit]:
    """Yield a wrong operation whose wrong derivative was taken as well."""
    for key, backward in grouped.items():
        forward = grouped.get(key.removesuffix("<"))
        if not key.endswith("<") or forward is None:
            continue
        both = merged([*forward, *backward])
        yield replace(forward[0], replacements=both, bits=forward[0].bits + WITH_GRADIENT)
