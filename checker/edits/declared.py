"""Edits of a sheet's own: the mistakes that an assignment declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.prices import COMMONNESS
from checker.edits.rewriting import Computed
from checker.edits.workshop import Workshop
from reference_solutions.declared_mistakes import DeclaredEdit
from reference_solutions.graph import Key, constant_node


def declared_edits(workshop: Workshop) -> Iterator[Edit]:
    """Every mistake that the sheet declares and that an answer can show."""
    for mistake in workshop.reference.mistakes:
        if isinstance(mistake.replaced, str):
            site = workshop.by_name.get(mistake.replaced)
            if site is not None:
                bits = COMMONNESS[mistake.commonness]
                change = Computed(mistake.family)
                yield from workshop.edits(site, mistake.id, mistake.says, bits, change)
        else:
            yield _of_answer(workshop, mistake, mistake.replaced)


def _of_answer(workshop: Workshop, mistake: DeclaredEdit, key: Key) -> Edit:
    graph = workshop.graph
    family = graph.families[key[0]]
    if mistake.value is not None:
        node = constant_node(mistake.value, key)
    else:
        node = replace(graph.nodes[graph.ids[mistake.family, ()]], key=key)
    return Edit(
        mistake.id,
        workshop.notation.where(family, key[1]),
        mistake.says,
        COMMONNESS[mistake.commonness],
        {graph.ids[key]: node},
        family.name,
        index=key[1] or None,
        apart=(mistake.id,),
    )
