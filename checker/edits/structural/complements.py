"""Complements: a given mask, or a given probability, taken for one less it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import Miscopied
from checker.edits.source import Source
from checker.edits.structural.given_numbers import given_quantities
from checker.edits.workshop import Workshop
from checker.kinds import Example, Kind
from reference_solutions.graph import Array

COMPLEMENT_TAKEN = Kind(
    "given-complement-taken",
    6.0,
    "A given mask was turned round, or one less a given probability was used for it: what is "
    "dropped for what is kept.",
    {
        "mask": "Your numbers fit if the zeros and ones of `{name}` were exchanged: look what 1 "
        "stands for.",
        "share": "Your numbers fit if 1 - `{name}` was used where `{name}` is meant.",
    },
    examples=(
        Example(
            given={"s": [1.3, -0.7, 0.4], "m": [1, 1, 0]},
            steps={"a": "m * exp(s)"},
            asked={"a": "a"},
            instead={"m": [0, 0, 1]},
            where="m",
        ),
        Example(
            given={"s": [1.3, -0.7, 0.4], "keep": 0.8},
            steps={"a": "exp(s) / keep"},
            asked={"a": "a"},
            instead={"keep": 0.2},
            where="keep",
        ),
    ),
)


def _complement(value: Array) -> Array:
    return np.asarray(1.0 - value)


def _form(value: Array) -> str:
    if value.ndim and set(np.unique(value)) == {0.0, 1.0}:
        return "mask"
    return "share" if not value.ndim and 0.0 < float(value) < 1.0 and float(value) != 0.5 else ""


def _all(workshop: Workshop) -> Iterator[Edit]:
    found = [(site, name, _form(value)) for site, name, value in given_quantities(workshop)]
    found = [option for option in found if option[2]]
    bits = COMPLEMENT_TAKEN.bits + price_of_choice(found)
    for site, name, form in found:
        message = COMPLEMENT_TAKEN.sentence(form, name=name)
        changed = Miscopied(_complement)
        yield from workshop.edits(
            site, COMPLEMENT_TAKEN.id, message, bits, changed, where=name, apart=(name,)
        )


SOURCE = Source((COMPLEMENT_TAKEN,), once=_all, rearranges=True)
