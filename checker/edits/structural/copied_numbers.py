"""Given numbers copied digit by digit or entry by entry: a digit, the point, two of them exchanged.

There are many such slips and each is rare, so an option pays for its choice among all of them: only
what several entries of the answers agree on is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import Miscopied
from checker.edits.source import Source
from checker.edits.structural.given_numbers import given_quantities, shown_entry
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.graph import Array

DIGITS_MISCOPIED = Kind(
    "given-digits-miscopied",
    6.0,
    "A given number was copied with another digit, with two digits exchanged, or with its decimal "
    "point elsewhere.",
    {
        "": "Your numbers fit if the given `{entry} = {right}` was read as `{wrong}`: check how "
        "you copied it.",
    },
    examples=(
        Example(
            given=LAYER,
            steps={"z": "W @ x + b"},
            asked={"z": "z"},
            instead={"x": [1.8, -0.7]},
            where="x[0]",
        ),
        Example(
            given=LAYER,
            steps={"z": "W @ x + b"},
            asked={"z": "z"},
            instead={"x": [3.1, -0.7]},
            where="x[0]",
        ),
        Example(
            given=LAYER,
            steps={"z": "W @ x + b"},
            asked={"z": "z"},
            instead={"x": [0.13, -0.7]},
            where="x[0]",
        ),
    ),
)
ENTRIES_EXCHANGED = Kind(
    "given-entries-exchanged",
    6.0,
    "Two neighbouring entries, rows or columns of given numbers were exchanged, or one row or "
    "column was copied for another.",
    {
        "entries": "Your numbers fit if the entries `{first}` and `{second}` of the given `{name}` "
        "were exchanged: check how you copied them.",
        "rows": "Your numbers fit if the rows `{first}` and `{second}` of the given `{name}` were "
        "exchanged: check how you copied them.",
        "columns": "Your numbers fit if the columns `{first}` and `{second}` of the given `{name}` "
        "were exchanged: check how you copied them.",
        "row": "Your numbers fit if the row `{second}` of the given `{name}` was copied where its "
        "row `{first}` belongs.",
        "column": "Your numbers fit if the column `{second}` of the given `{name}` was copied "
        "where its column `{first}` belongs.",
    },
    examples=(
        Example(
            given={**LAYER, "x": [1.3, -0.7, 0.4], "V": [[0.5, -1.2, 0.3], [0.8, 0.4, -0.9]]},
            steps={"z": "V @ x + b"},
            asked={"z": "z"},
            instead={"x": [-0.7, 1.3, 0.4]},
            where="x",
        ),
        Example(
            given={**LAYER, "X": [[0.5, -1.2], [0.3, 0.8], [0.4, -0.9]]},
            steps={"Z": "X @ W"},
            asked={"Z": "Z"},
            instead={"X": [[0.5, -1.2], [0.4, -0.9], [0.4, -0.9]]},
            where="X",
        ),
    ),
)

_MOST_ENTRIES = 60
"""Of how many entries of one quantity slips are made; a larger one is seldom copied by hand."""
_MOST_DIGITS = 240
"""How many slips in digits are made for one sheet; of more, none, for they would tell nothing."""
_MOST_FIGURES = 4
"""Of how many figures a number is one that is copied digit by digit."""
_PADDED = re.compile(r"-?0\d")
"""A number with a zero in front, as nobody writes one."""
_LOOKS_LIKE = ("68", "47", "7", "58", "19", "36", "058", "12", "036", "4")
"""For each digit those that handwriting confuses it with."""


def _copied(workshop: Workshop) -> Iterator[tuple[Site, str, Array]]:
    """Yield the given quantities that are copied number by number, with names and values."""
    for site, name, value in given_quantities(workshop):
        if 0 < value.size <= _MOST_ENTRIES:
            yield site, name, value


def misread(text: str) -> Iterator[str]:
    """Yield what a number of few figures may be read as: each once, never as it is."""
    figures = [at for at, character in enumerate(text) if character.isdigit()]
    found = dict.fromkeys((*_point_moved(text), *_digits_swapped(text, figures)))
    found |= dict.fromkeys(_digit_changed(text, figures))
    seen = {float(text), -float(text), 0.0}
    for wrong in found:
        if float(wrong) not in seen and not _PADDED.match(wrong):
            seen.add(float(wrong))
            yield wrong


def _point_moved(text: str) -> Iterator[str]:
    """Move the decimal point by one, where there is one; a zero at the end stands for one."""
    if "." in text or text.endswith("0"):
        yield f"{float(text) * 10:.12g}"
        yield f"{float(text) / 10:.12g}"


def _digits_swapped(text: str, figures: list[int]) -> Iterator[str]:
    for a, b in pairwise(figures):
        yield text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]


def _digit_changed(text: str, figures: list[int]) -> Iterator[str]:
    """Take another digit for one: the one before or after it, or one that looks like it."""
    for at in figures:
        if text[at] == "0" and at == figures[0] and len(figures) > 1:
            continue
        digit = int(text[at])
        near = {str(digit - 1), str(digit + 1)} & set("0123456789")
        for other in sorted(near | set(_LOOKS_LIKE[digit])):
            yield text[:at] + other + text[at + 1 :]


def _as_written(number: float) -> str:
    """Return a number as a sheet writes it; empty where it isn't one that is copied by hand."""
    text = f"{number:.12g}"
    plain = "e" not in text and sum(map(str.isdigit, text.lstrip("-0."))) <= _MOST_FIGURES
    return text if plain else ""


def _digits(workshop: Workshop) -> Iterator[Edit]:
    found = [
        (site, f"{name}{shown_entry(entry)}", entry, text, wrong)
        for site, name, value in _copied(workshop)
        if not set(np.unique(value)) <= {0.0, 1.0}
        for entry in np.ndindex(value.shape)
        if (text := _as_written(float(value[entry])))
        for wrong in misread(text)
    ]
    if len(found) > _MOST_DIGITS:
        return
    bits = DIGITS_MISCOPIED.bits + price_of_choice(found)
    for site, where, entry, text, wrong in found:
        message = DIGITS_MISCOPIED.sentence(entry=where, right=text, wrong=wrong)
        changed = Miscopied(partial(_with, entry=entry, number=float(wrong)), entry)
        yield from workshop.edits(
            site, DIGITS_MISCOPIED.id, message, bits, changed, where=where, apart=(where, wrong)
        )


def _with(value: Array, entry: tuple[int, ...], number: float) -> Array:
    changed = value.copy()
    changed[entry] = number
    return changed


@dataclass(frozen=True, slots=True)
class _Moved:
    """Given numbers with other entries in their places: ``order`` has the place each came from."""

    form: str
    first: str
    second: str
    order: NDArray[np.intp]

    def __call__(self, value: Array) -> Array:
        return np.asarray(value.ravel()[self.order])


def _moves(value: Array) -> Iterator[_Moved]:
    """Yield exchanges of neighbours, and a row or column copied for its neighbour."""
    places = np.arange(value.size).reshape(value.shape)
    for axis in range(value.ndim):
        for entry in np.ndindex(value.shape):
            if entry[axis] + 1 < value.shape[axis]:
                near = (*entry[:axis], entry[axis] + 1, *entry[axis + 1 :])
                order = places.copy()
                order[entry], order[near] = places[near], places[entry]
                yield _Moved("entries", shown_entry(entry), shown_entry(near), order)
    if value.ndim != 2:
        return
    for axis, line in enumerate(("row", "column")):
        lines = value.shape[axis]
        for i in range(lines):
            for j in range(lines):
                if i == j:
                    continue
                at = np.arange(lines)
                at[i] = j
                if abs(i - j) == 1:
                    yield _Moved(line, str(i), str(j), np.take(places, at, axis))
                if i < j:
                    at[j] = i
                    yield _Moved(f"{line}s", str(i), str(j), np.take(places, at, axis))


def _exchanged(workshop: Workshop) -> Iterator[Edit]:
    found: list[tuple[Site, str, _Moved]] = []
    for site, name, value in _copied(workshop):
        seen = {value.tobytes()}
        for moved in _moves(value):
            wrong = moved(value).tobytes()
            if wrong not in seen:
                seen.add(wrong)
                found.append((site, name, moved))
    bits = ENTRIES_EXCHANGED.bits + price_of_choice(found)
    for site, name, moved in found:
        parts = {"name": name, "first": moved.first, "second": moved.second}
        message = ENTRIES_EXCHANGED.sentence(moved.form, **parts)
        yield from workshop.edits(
            site,
            ENTRIES_EXCHANGED.id,
            message,
            bits,
            Miscopied(moved),
            where=name,
            apart=(moved.form, *parts.values()),
        )


def _all(workshop: Workshop) -> Iterator[Edit]:
    yield from _exchanged(workshop)
    yield from _digits(workshop)


SOURCE = Source(
    (DIGITS_MISCOPIED, ENTRIES_EXCHANGED), once=_all, rearranges=True, quotes_given=True
)
