"""Lazy strategies that make numbers up and go on by looking, not by computing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from reference_solutions.graph import Array

from .adversary import Attempt, Strategy
from .sheet import Box, Fill, Filled, Sheet, numbers

_SMALL = 12
"""Whole numbers up to here are worked out in passing."""


def at_a_glance(sheet: Sheet) -> Iterator[Attempt]:
    """Made-up numbers in a box or two, and what is seen without computing.

    That is the largest, the index of the largest, a one-hot there, the positive ones, a sign, a
    sorted copy, a repetition.
    """
    for seed in range(12):
        random = np.random.default_rng(500 + seed)
        for boxes in _starts(sheet):
            put = {i: _made_up(sheet.boxes[i], random, seed) for i in boxes}
            shown = _seen(sheet, put)
            if shown:
                said = ", ".join(sheet.boxes[i].asked.answer for i in boxes)
                yield Attempt("at a glance", f"made up: {said}; seed {seed}", {**put, **shown})


def _starts(sheet: Sheet) -> Iterator[tuple[int, ...]]:
    """Those boxes together that depend on no other; each box; the neighbours."""
    numeric = sheet.numeric
    first = tuple(i for i in numeric if not any(i in sheet.downstream(j, [i]) for j in numeric))
    if len(first) > 1:
        yield first
    yield from ((i,) for i in numeric)
    yield from pairwise(numeric)


def _made_up(box: Box, random: np.random.Generator, seed: int) -> Fill:
    if box.kind == "integer":
        return box.values(random.integers(0, (9, 40, 200)[seed % 3], box.shape).astype(float))
    size = (1.0, 0.3, 4.0)[seed % 3]
    drawn = random.uniform(-size, size, box.shape) if seed % 2 else random.random(box.shape)
    if seed % 4 == 0 and box.shape:
        drawn = np.asarray(drawn) / np.sum(drawn, axis=-1, keepdims=True)
    return box.values(np.round(drawn, 3))


def _seen(sheet: Sheet, put: Filled) -> dict[int, Fill]:
    """What follows from made-up numbers and is made of them, of zeros, and of small numbers."""
    others = [i for i in sheet.numeric if i not in put]
    later = sorted({j for i in put for j in sheet.downstream(i, others)})
    known = [abs(float(text)) for fill in put.values() for text in fill.texts]
    found = {}
    for i, value in sheet.follows(put, later).items():
        if np.isfinite(value).all() and all(_at_once(abs(v), known) for v in np.ravel(value)):
            found[i] = numbers(value, sheet.boxes[i].shape)
    return found


def _at_once(size: float, known: Sequence[float]) -> bool:
    whole = abs(size - round(size)) < 1e-9 and size <= _SMALL
    return whole or any(abs(size - other) < 1e-9 for other in known)


def in_ones_head(sheet: Sheet) -> Iterator[Attempt]:
    """A made-up whole number in every box of a quantity, and what follows in small numbers."""
    for number in (2, 4, 6, 3, 5, 8, 10, 12, 16, 20, 24, 7, 9, -2, 1, 14, 18, 22, 11):
        for boxes in _starts(sheet):
            put = {i: sheet.boxes[i].all(str(number)) for i in boxes}
            found = _small(sheet, put)
            if found:
                said = ", ".join(sheet.boxes[i].asked.answer for i in boxes)
                yield Attempt("in one's head", f"`{number}` in {said}", {**put, **found})


def _small(sheet: Sheet, put: Filled) -> dict[int, Fill]:
    others = [i for i in sheet.numeric if i not in put]
    later = sorted({j for i in put for j in sheet.downstream(i, others)})
    found = {}
    for i, value in sheet.follows(put, later).items():
        halves = 2 * np.ravel(value)
        small = np.isfinite(halves).all() and np.abs(halves).max(initial=0.0) <= 2 * _SMALL
        if small and (np.abs(halves - np.round(halves)) < 1e-9).all():
            found[i] = numbers(value, sheet.boxes[i].shape)
    return found


def looked_up(sheet: Sheet) -> Iterator[Attempt]:
    """What can be seen in the given numbers: extremes, counts, places, sorted, some entries.

    Their sums, means and products are work, however little.
    """
    pool = list(_seen_in(sheet.given))
    for k in range(40):
        filled = {}
        for at, i in enumerate(sheet.numeric):
            box = sheet.boxes[i]
            fits = [value for value in pool if value.shape == box.shape]
            single = [value for value in pool if not value.shape]
            if fits:
                filled[i] = box.values(fits[(k + 7 * at) % len(fits)])
            elif single:
                filled[i] = box.values(np.full(box.shape, single[(k + 7 * at) % len(single)]))
        yield Attempt("looked up", f"choice {k}", filled)


def _seen_in(given: Mapping[str, Array]) -> Iterator[Array]:
    for array in given.values():
        if array.size == 1:
            yield np.asarray(float(array.ravel()[0]))
            continue
        yield from (array.max(), array.min(), np.asarray(float(len(array))), array.ravel()[-1])
        yield from (np.asarray(float(array.argmax())), np.asarray(float((array > 0).sum())))
        yield from (np.sort(array, axis=-1), np.maximum(array, 0), np.sign(array), array[::-1])
        if array.ndim > 1:
            yield from (array.max(axis=0), array.max(axis=1), array.argmax(axis=1), array.T)
            yield from (array[:, 0], array[:, -1], array.min(axis=0))
        if array.ndim == 2:
            yield from (array[:-1, :-1], array[1:, 1:], np.diag(array))


GUESSING_STRATEGIES: Mapping[str, Strategy] = {
    "at a glance": at_a_glance,
    "in one's head": in_ones_head,
    "looked up": looked_up,
}
"""Strategies that make numbers up, by name."""
