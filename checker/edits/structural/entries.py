"""Entries and rows of a quantity: the one before or after, a column for a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import Nested, nested
from checker.edits.source import Source, is_forward, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import Example, Kind
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Ref, Rule
from reference_solutions.operations import operations

_TABLE = {"T": [[0.3, 0.3, 0.4], [0.1, 0.7, 0.2], [0.25, 0.25, 0.5]], "s": [0.8, 1.3, -0.6]}

OTHER_ENTRY = Kind(
    "other-entry",
    7.0,
    "Another entry or row of a quantity was taken than the one meant: the one before or after it, "
    "or the column of that number.",
    {
        "": "{taken} was taken in {where} where {meant} is meant.",
        "column": "In {where} the column of {meant} was taken where its row is meant.",
    },
    examples=(
        Example(
            given=_TABLE,
            steps={"c": "s[1] * T[0]"},
            asked={"c": "c"},
            instead={"c": "s[0] * T[0]"},
            where="c",
        ),
        Example(
            given=_TABLE,
            steps={"c": "s + log(T[0])"},
            asked={"c": "c"},
            instead={"c": "s + log((T.T)[0])"},
            where="c",
        ),
    ),
)


def _every(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    given = rule.params.get("index")
    (item, *_) = rule.inputs or (None,)
    if not is_forward(site) or rule.operation.role != "entry" or not isinstance(item, Ref):
        return
    shape = workshop.shape(item.family)
    if shape is None or not isinstance(given, tuple):
        return
    index = tuple(at for at in given if isinstance(at, Index) and at.variable is None)
    if len(index) < len(given):
        return
    meant = _words(workshop, site, item, index)
    options = list(_neighbours(index, shape))
    for other in options:
        yield from made(
            workshop,
            site,
            OTHER_ENTRY,
            replace(rule, params={"index": other}),
            taken=_words(workshop, site, item, other),
            meant=meant,
            more_bits=price_of_choice(options),
            habit=(item, index, other),
        )
    if len(shape) == 2 and len(index) == 1 and shape[0] == shape[1]:
        turned = Nested(operations()["transpose"], (item,))
        change = nested("item", turned, index=tuple(at.offset for at in index))
        yield from made(
            workshop, site, OTHER_ENTRY, change, "column", meant=meant, habit=("column",)
        )


def _neighbours(index: tuple[Index, ...], shape: tuple[int, ...]) -> Iterator[tuple[Index, ...]]:
    for axis, at in enumerate(index):
        for by in (-1, 1):
            if at.offset >= 0 and 0 <= at.offset + by < shape[axis]:
                yield (*index[:axis], at.shifted(by), *index[axis + 1 :])


def _words(workshop: Workshop, site: Site, item: Ref, index: tuple[Index, ...]) -> str:
    """Return an entry of an operand as code."""
    entry = ", ".join(f"{at.offset}" for at in index)
    return f"{workshop.words(site, item)[:-1]}[{entry}]`"


SOURCE = Source((OTHER_ENTRY,), every_rule=_every)
