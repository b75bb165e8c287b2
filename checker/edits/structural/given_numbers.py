"""Given numbers: one entry copied wrong, a starting value changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from checker.edits.edit import Edit
from checker.edits.prices import price_of_entry
from checker.edits.rewriting import Miscopied
from checker.edits.source import Source
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, SEQUENCE, Example, Kind
from reference_solutions.graph import Array

GIVEN_MISCOPIED = Kind(
    "given-miscopied",
    7.0,
    "A given number was copied wrong: its sign, a zero, or the number next to it.",
    {
        "sign": "Your numbers fit if the given entry `{entry} = {right}` was read with the "
        "opposite sign: check how you copied it.",
        "zero": "Your numbers fit if the given entry `{entry} = {right}` was read as 0: check how "
        "you copied it.",
        "one": "Your numbers fit if the given entry `{entry} = {right}` was read as 1: check how "
        "you copied it.",
        "neighbour": "Your numbers fit if the given entry `{entry} = {right}` was read as its "
        "neighbour `{neighbour}`: check how you copied it.",
    },
    examples=(
        Example(
            given=LAYER,
            steps={"z": "W @ x + b"},
            asked={"z": "z"},
            instead={"x": [1.3, 0.7]},
            where="x[1]",
        ),
    ),
)
STARTING_VALUE_CHANGED = Kind(
    "starting-value-changed",
    6.0,
    "The starting value is not the one that the sheet gives.",
    {
        "zero": "You started from zero in every entry; the sheet gives another `{where}`.",
        "one": "You started from one in every entry; the sheet gives another `{where}`.",
    },
    examples=(
        Example(
            given=SEQUENCE,
            index={"t": "1..3"},
            steps={"h[t]": "tanh(W @ h[t-1] + x[t])"},
            asked={"h_1": "h[1]", "h_2": "h[2]"},
            instead={"h[0]": [0, 0]},
            where="h[0]",
        ),
        Example(
            given={"x": [0.4, -1.2], "h[k, 0]": 0.3, "w": [0.7, -0.9]},
            index={"t": "1..2", "k": "0..1"},
            steps={"h[k, t]": "tanh(w[k] * h[k, t-1] + x[t-1])"},
            asked={"h": "h"},
            instead={"h[k, 0]": 0},
            where="h[k, 0]",
        ),
    ),
)

_Entry = tuple[int, ...]
_Slip = tuple[str, dict[str, str], Callable[[Array], float]]


def given_quantities(workshop: Workshop) -> Iterator[tuple[Site, str, Array]]:
    """Yield each given quantity alone, as the sheet calls it, with its value.

    Nobody copies an index used as a number, or a symbol's sampled value.
    """
    for site in workshop.sites:
        family = site.family
        if family.kind != "given" or family.rule is not None or family.is_index:
            continue
        for index, number in site.nodes.items():
            value = workshop.graph.value(number)
            if value is not None and workshop.is_constant(number):
                name = workshop.graph.show((family.name, index))
                yield Site(family, {index: number}), name, value


def _miscopied(workshop: Workshop) -> Iterator[Edit]:
    found = [
        (site, f"{name}{shown_entry(entry)}", float(value[entry]), entry, slip)
        for site, name, value in given_quantities(workshop)
        for entry in np.ndindex(value.shape)
        for slip in _slips(value, entry)
    ]
    bits = GIVEN_MISCOPIED.bits + price_of_entry(len(found))
    for site, where, right, entry, (form, parts, wrong) in found:
        message = GIVEN_MISCOPIED.sentence(form, entry=where, right=f"{right:g}", **parts)
        changed = Miscopied(partial(_with_entry, entry=entry, wrong=wrong), entry)
        yield from workshop.edits(site, GIVEN_MISCOPIED.id, message, bits, changed, where=where)


def shown_entry(entry: _Entry) -> str:
    """Return where in a given quantity an entry stands; nothing for a single number."""
    return f"[{', '.join(map(str, entry))}]" if entry else ""


def _with_entry(value: Array, entry: _Entry, wrong: Callable[[Array], float]) -> Array:
    """Return given numbers with another one in one entry."""
    changed = value.copy()
    changed[entry] = wrong(value)
    return changed


def _slips(value: Array, entry: _Entry) -> Iterator[_Slip]:
    """Wrong copies of one entry: its sign, zero, and the entries next to it."""
    right = float(value[entry])
    slips: list[_Slip] = [("one", {}, lambda _: 1.0)]
    if right != 0:
        slips = [("sign", {}, lambda given: -float(given[entry])), ("zero", {}, lambda _: 0.0)]
    for axis in range(value.ndim):
        for step in (-1, 1):
            near = (*entry[:axis], entry[axis] + step, *entry[axis + 1 :])
            if 0 <= near[axis] < value.shape[axis]:
                neighbour = {"neighbour": f"{value[near]:g}"}
                slips.append(("neighbour", neighbour, partial(_entry, near=near)))
    seen = {right}
    for slip in slips:
        wrong = slip[2](value)
        if wrong not in seen:
            seen.add(wrong)
            yield slip


def _entry(value: Array, near: _Entry) -> float:
    return float(value[near])


def _starting_values(workshop: Workshop) -> Iterator[Edit]:
    by_quantity: dict[str, list[tuple[Site, str, Array]]] = {}
    for site, name, value in given_quantities(workshop):
        (index,) = site.nodes
        if site.family.is_start and not index:
            by_quantity.setdefault(site.family.start_of, []).append((site, name, value))
    for quantity, starts in by_quantity.items():
        if len(starts) > 1:
            yield from _started_from(workshop, starts, _shown_start(workshop, quantity, starts))
        for start in starts:
            yield from _started_from(workshop, [start], start[1])


def _started_from(
    workshop: Workshop, starts: Sequence[tuple[Site, str, Array]], where: str
) -> Iterator[Edit]:
    """Start from zero, or from one, where the sheet has something else."""
    for form, fill in (("zero", 0.0), ("one", 1.0)):
        changed = Miscopied(partial(np.full_like, fill_value=fill))
        sites = [(site, changed) for site, _, value in starts if (value != fill).any()]
        if sites and (len(sites) > 1 or len(starts) == 1):
            message = STARTING_VALUE_CHANGED.sentence(form, where=where)
            bits = STARTING_VALUE_CHANGED.bits
            first, id = sites[0][0], STARTING_VALUE_CHANGED.id
            yield from workshop.edits(first, id, message, bits, sites, where=where)


def _shown_start(
    workshop: Workshop, quantity: str, starts: Sequence[tuple[Site, str, Array]]
) -> str:
    """Return how the sheet writes one starting value for all: `h[k, 0]`."""
    variables = workshop.graph.families[quantity].variables
    parts = zip(variables, *(site.family.start for site, _, _ in starts), strict=True)
    shown = [str(own[0]) if len(set(own)) == 1 else variable for variable, *own in parts]
    return f"{quantity}[{', '.join(shown)}]"


def _all(workshop: Workshop) -> Iterator[Edit]:
    yield from _starting_values(workshop)
    yield from _miscopied(workshop)


SOURCE = Source((GIVEN_MISCOPIED, STARTING_VALUE_CHANGED), once=_all, quotes_given=True)
