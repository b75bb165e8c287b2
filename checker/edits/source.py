"""A source of structural edits: the kinds it makes, and where in a reference it makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from checker.edits.edit import Edit
from checker.edits.workshop import Changes, Site, Workshop
from checker.kinds import Kind
from reference_solutions.graph import Constant, Input, Ref, Rule

AtRule: TypeAlias = Callable[[Workshop, Site, Rule], Iterator[Edit]]
"""Makes the edits of one formula, or of one part of it, that has a rule."""


@dataclass(frozen=True, slots=True)
class Source:
    """What one module makes: ``at`` the rules whose operation has a form, at every rule, once.

    ``forms`` maps forms of operations (:attr:`Operation.form`) to what is made of them. Of two
    edits that cost the same and predict the same the first is told, so what ``rearranges`` a
    formula comes after what changes one thing of it. What ``quotes_given`` makes edits for the very
    numbers that are given, and others for others.
    """

    kinds: tuple[Kind, ...]
    forms: Mapping[str, AtRule] = field(default_factory=dict)
    every_rule: AtRule | None = None
    once: Callable[[Workshop], Iterator[Edit]] | None = None
    rearranges: bool = False
    quotes_given: bool = False

    def edits(self, workshop: Workshop) -> Iterator[Edit]:
        """Yield all edits of one reference."""
        for site in workshop.sites:
            rule = site.family.rule
            if rule is None:
                continue
            for make in (self.forms.get(rule.operation.form), self.every_rule):
                if make is not None:
                    yield from make(workshop, site, rule)
        if self.once is not None:
            yield from self.once(workshop)


def made(  # noqa: PLR0913 - one argument for each thing an edit is made of
    workshop: Workshop,
    site: Site,
    kind: Kind,
    changes: Changes,
    form: str = "",
    *,
    more_bits: float = 0.0,
    habit: tuple[object, ...] = (),
    places: bool = True,
    **parts: str,
) -> Iterator[Edit]:
    """Yield the edits of one mistake; ``parts`` are the words that fill in its sentence."""
    message = kind.sentence(form, where=workshop.place(site), **parts)
    yield from workshop.edits(
        site,
        kind.id,
        message,
        kind.bits + more_bits,
        changes,
        apart=(form, *parts.values()),
        habit=habit,
        places=places,
    )


def is_forward(site: Site) -> bool:
    """Whether a site is part of the sheet's own formulas, not of the derived backward pass."""
    return site.family.kind in ("step", "part")


def form_of(workshop: Workshop, item: Input, form: tuple[object, ...]) -> tuple[object, ...]:
    """Return what two places have in common where one and the same habit makes a mistake.

    ``form`` is what the formula is like; a given number is itself, of others the kind counts.
    """
    if not isinstance(item, Ref):
        return form
    family = workshop.graph.families[item.family]
    if family.kind == "given" and workshop.shape(item.family) == ():
        return (*form, item.family)
    return (*form, family.kind)


def is_number(workshop: Workshop, item: Input) -> bool:
    """Whether an operand is a literal or a given single number."""
    if isinstance(item, Constant):
        return True
    if not isinstance(item, Ref):
        return False
    family = workshop.graph.families[item.family]
    return family.kind == "given" and workshop.shape(item.family) == ()


def part_of(workshop: Workshop, item: Input, form: str) -> tuple[Site, Rule] | None:
    """Return the part of a formula that an operand is, if an operation of ``form`` makes it."""
    site = workshop.by_name.get(item.family) if isinstance(item, Ref) else None
    if site is None or site.family.kind != "part" or site.family.rule is None:
        return None
    rule = site.family.rule
    return (site, rule) if rule.operation.form == form else None
