"""Structural edits: what mutation testing would change in any graph, with generated feedback.

No question and no operation needs to know of them: they act on sums, products, references and
given numbers wherever these stand, in the steps of the sheet and in the derived backward pass. One
module a subject, found by looking here, as operations are; each has its ``SOURCE``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from importlib import import_module

from checker.edits.edit import Edit, merged, with_its_gradient
from checker.edits.prices import HABIT
from checker.edits.source import Source
from checker.edits.workshop import Workshop
from checker.kinds import Kind


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """All sources of structural edits, in the order of their modules' names.

    Those that rearrange a formula come last.
    """
    modules = sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name)
    found = [import_module(f"{__name__}.{module.name}").SOURCE for module in modules]
    return tuple(sorted(found, key=lambda source: source.rearranges))


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """All kinds of structural mistakes by id."""
    found: dict[str, Kind] = {}
    for source in sources():
        for kind in source.kinds:
            if kind.id in found:
                raise ValueError(f"mistake id {kind.id!r} is declared twice")
            found[kind.id] = kind
    return found


def structural_edits(workshop: Workshop) -> Iterator[Edit]:
    """All structural edits of one reference."""
    habits: dict[tuple[object, ...], list[Edit]] = {}
    for source in sources():
        for edit in source.edits(workshop):
            if edit.habit:
                habits.setdefault(edit.habit, []).append(edit)
            yield edit
    for edits in habits.values():
        if len({edit.where for edit in edits}) > 1:
            yield from with_its_gradient(_habit(edits))


def _habit(edits: list[Edit]) -> Edit:
    """Return the mistake that is made in every formula of one form."""
    first = edits[0]
    others = ", ".join(dict.fromkeys(f"`{e.where}`" for e in edits if e.where != first.where))
    return replace(
        first,
        message=f"{first.message} You did the same in {others}.",
        replacements=merged(edits),
        following={number: node for edit in edits for number, node in edit.following.items()},
        bits=max(edit.bits for edit in edits) + HABIT,
        apart=(*first.apart, others),
        members=tuple(edits),
        habit=(),
    )
