"""The edits of a reference for other given numbers: shared, but for what quotes the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.rewriting import Miscopied
from checker.edits.structural import sources
from checker.edits.workshop import Workshop


def edits_with_given(edits: Sequence[Edit], workshop: Workshop) -> Iterator[Edit]:
    """Yield the edits of a reference as they are with the given numbers of a workshop.

    What copies the numbers is made anew, in the place of what it was. All else acts on whatever
    numbers there are.
    """
    quoting = [source for source in sources() if source.quotes_given]
    number_of = {kind.id: at for at, source in enumerate(quoting) for kind in source.kinds}
    pending = set(range(len(quoting)))
    for edit in edits:
        number = number_of.get(edit.id)
        if number is None:
            yield from _rebound(edit, workshop)
        elif number in pending:
            pending.remove(number)
            yield from quoting[number].edits(workshop)
    for number in sorted(pending):
        yield from quoting[number].edits(workshop)


def _rebound(edit: Edit, workshop: Workshop) -> Iterator[Edit]:
    """Yield an edit with the numbers that it puts in place of others."""
    if not any(isinstance(change, Miscopied) for change in edit.changes.values()):
        yield edit
        return
    graph = workshop.graph
    replacements = {}
    for number, node in edit.replacements.items():
        name, index = graph.nodes[number].key
        change = edit.changes.get(name)
        made = node
        if isinstance(change, Miscopied):
            found = workshop.node(graph.families[name], change, index)
            if found is None:
                return
            made = found
        replacements[number] = made
    yield replace(edit, replacements=replacements)
