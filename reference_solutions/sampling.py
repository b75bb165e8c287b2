"""Sampled worlds: values for declared symbols, so that formulas can be compared by value.

Two formulas that agree at several random points of their domain to nearly all digits are the same
function, but for a probability that is negligible (Schwartz 1980, Zippel 1979, for polynomials over
a large set of points). The points are the same in every run.

A symbol without a domain is sampled on both sides of zero. Points at which the reference has no
value are drawn again, and of the others those are taken at which its quantities show as many of
their signs as they can: ``z`` is not told from ``relu(z)`` where z is positive.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

import numpy as np

from reference_solutions.definition_text import DefinitionError, UndefinedError, read_key
from reference_solutions.graph import Array, Key
from reference_solutions.graph.many import evaluate_moved
from reference_solutions.reference import Reference
from submissions_schema.quantities import Symbol

WORLDS = 6
"""How many points formulas are compared at."""

World: TypeAlias = dict[str, Array]
Build: TypeAlias = Callable[[Sequence[World]], Reference]

_REAL = (0.2, 1.8)
_INTEGER = (2, 12)
_DRAWN = 48
"""Points drawn at a time."""
_ROUNDS = 6
_FIRST = 12
"""Points at which a reference is tried before it is taken to be undefined."""
_SINGLY = 64
"""How many entries are tried on the other side of zero one by one."""
_SEEN = 2
"""In how many worlds a quantity should show each of its signs."""


def draw_worlds(symbols: Mapping[str, Symbol]) -> Iterator[World]:
    """Yield points without end.

    A symbol without a domain takes numbers from 0.2 to 1.8 of either sign, an integer one 2 to 12.
    The values of one symbol depend on its name alone. Raises :class:`DefinitionError`.
    """
    generators = {name: np.random.default_rng(zlib.crc32(name.encode())) for name in symbols}
    for name, symbol in symbols.items():
        low, high = symbol.domain or _INTEGER
        if symbol.integer and np.ceil(low) > np.floor(high):
            raise DefinitionError(
                f"there is no whole number between {low:g} and {high:g}",
                ("symbols", name),
                in_key=True,
            )
    while True:
        yield {name: _draw(symbol, generators[name]) for name, symbol in symbols.items()}


def _draw(symbol: Symbol, generator: np.random.Generator) -> Array:
    low, high = symbol.domain or (_INTEGER if symbol.integer else _REAL)
    if symbol.integer:
        whole = generator.integers(
            int(np.ceil(low)), int(np.floor(high)), symbol.shape, endpoint=True
        )
        return np.asarray(whole, dtype=np.float64)
    # Keep off the ends of the domain, where functions may not be defined.
    inset = 0.02 * (high - low)
    low, high = low + inset, high - inset
    if not _is_open(symbol):
        return np.asarray(generator.uniform(low, high, symbol.shape), dtype=np.float64)
    drawn = np.asarray(generator.uniform(-1.0, 1.0, symbol.shape))
    return np.asarray(np.copysign(low + (high - low) * np.abs(drawn), drawn))


def _is_open(symbol: Symbol) -> bool:
    """Whether a symbol may lie on either side of zero; whole numbers are sizes and counts."""
    return symbol.domain is None and not symbol.integer


def sample_reference(symbols: Mapping[str, Symbol], build: Build) -> Reference:
    """Return the reference at sampled points; without symbols there is one, with nothing in it.

    ``build`` makes the reference for some values of the symbols. Raises :class:`DefinitionError`;
    an :class:`UndefinedError` where hardly any point has a value.
    """
    if not symbols:
        return build([{}])
    draws = draw_worlds(symbols)
    drawn = list(islice(draws, _DRAWN))
    if not any(map(_is_open, symbols.values())):
        try:
            return build(drawn[:WORLDS])
        except UndefinedError:
            pass
    first, at_first = _first_defined(symbols, drawn, build)
    search = _Search(symbols, first, at_first)
    for _ in range(_ROUNDS):
        search.add(drawn)
        search.add(search.on_both_sides(drawn))
        if len(search.worlds) >= WORLDS:
            return build(search.chosen())
        drawn = list(islice(draws, _DRAWN))
    raise _undefined(build, search.refused)


def _first_defined(
    symbols: Mapping[str, Symbol], drawn: Sequence[World], build: Build
) -> tuple[World, Reference]:
    """Return a point at which the reference has a value, above zero if it has none elsewhere."""
    tried = []
    for world in drawn[:_FIRST]:
        above = {n: np.abs(v) if _is_open(symbols[n]) else v for n, v in world.items()}
        for one in (world, above):
            try:
                return one, build([one])
            except UndefinedError:
                tried.append(one)
    raise _undefined(build, tried)


def _undefined(build: Build, worlds: Sequence[World]) -> UndefinedError:
    """Return why the reference has no value at some points."""
    for world in worlds:
        try:
            build([world])
        except UndefinedError as error:
            message = (
                f"{error.message}; if that is so at some values of the symbols only, "
                "give these a `domain`"
            )
            return UndefinedError(message, error.definition, error.offset, error.in_key)
    message = "there is hardly a point at which all quantities have values"
    return UndefinedError(message, ("symbols",), in_key=True)


class _Search:
    """Finds points at which a reference has a value."""

    def __init__(self, symbols: Mapping[str, Symbol], first: World, reference: Reference) -> None:
        self.graph = reference.graph
        self.first = first
        self.open = [name for name, symbol in symbols.items() if _is_open(symbol)]
        self.worlds: list[World] = []
        self.refused: list[World] = []
        self._signs: list[Array] = []
        given = [
            (number, node.key)
            for number, node in enumerate(self.graph.nodes)
            if self.graph.families[node.key[0]].kind == "given"
        ]
        self._sampled = [
            (number, *found)
            for number, key in given
            if (found := _symbol_of(key, symbols)) is not None
        ]
        targets = {target.node for target in reference.targets}
        sampled = {number for number, *_ in self._sampled}
        self._wanted = [
            number
            for number, node in enumerate(self.graph.nodes)
            if number not in sampled
            and self.graph.depends(number, sampled)
            and (number in targets or self.graph.families[node.key[0]].kind == "step")
        ]

    def add(self, worlds: Sequence[World]) -> None:
        """Keep those points at which all that a student may use or is asked for has a value."""
        if not worlds:
            return
        puts = {
            number: np.stack([np.asarray(world[name][index]) for world in worlds])
            for number, name, index in self._sampled
        }
        with np.errstate(all="ignore"):
            found = evaluate_moved(self.graph.edited({}), self._wanted, len(worlds), puts, {})
        for row, world in enumerate(worlds):
            flat = [np.ravel(found[node][row]) for node in self._wanted]
            if not all(np.isfinite(values).all() for values in flat):
                self.refused.append(world)
                continue
            self.worlds.append(world)
            own = [np.ravel(world[name]) for name in self.open]
            self._signs.append(np.sign(np.concatenate([*own, *flat, np.zeros(0)])))

    def on_both_sides(self, drawn: Sequence[World]) -> list[World]:
        """Return points with only those entries below zero that may be there by themselves.

        Where some symbols have to be positive, hardly any point drawn at random has a value.
        """
        if len(self.worlds) >= 2 * WORLDS or not self.open:
            return []
        entries = [(name, at) for name in self.open for at in np.ndindex(self.first[name].shape)]
        parts: list[list[tuple[str, tuple[int, ...]]]] = [[entry] for entry in entries]
        if len(entries) > _SINGLY:
            parts = [[entry for entry in entries if entry[0] == name] for name in self.open]
        before = len(self.worlds)
        free = []
        for part in parts:
            self.add([_turned(self.first, part)])
            if len(self.worlds) > before:
                free += part
                before = len(self.worlds)
        found = []
        for world in drawn:
            sides = {name: np.array(np.sign(self.first[name])) for name in self.open}
            for name, at in free:
                sides[name][at] = np.sign(world[name][at])
            sized = {name: np.abs(world[name]) * side for name, side in sides.items()}
            found.append({**world, **sized})
        return found

    def chosen(self) -> list[World]:
        """Return the points that together show the most signs, those drawn first if they tie."""
        signs = np.array(self._signs).reshape(len(self.worlds), -1)
        shows = np.concatenate([signs < 0, signs == 0, signs > 0], axis=1)
        seen = np.zeros(shows.shape[1])
        left = list(range(len(self.worlds)))
        chosen = []
        for _ in range(WORLDS):
            new = [float(shows[row] @ np.maximum(_SEEN - seen, 0)) for row in left]
            row = left.pop(int(np.argmax(new)))
            seen += shows[row]
            chosen.append(self.worlds[row])
        return chosen


def _turned(world: World, entries: Sequence[tuple[str, tuple[int, ...]]]) -> World:
    turned = {name: np.array(value) for name, value in world.items()}
    for name, at in entries:
        turned[name][at] *= -1
    return turned


def _symbol_of(key: Key, symbols: Mapping[str, Symbol]) -> tuple[str, tuple[int, ...]] | None:
    """Return the symbol whose values a given quantity has, and at which index."""
    name, index = key
    for symbol in symbols:
        base, at = read_key(symbol, {})
        numbers = tuple(part.offset for part in at)
        if at and key in ((f"{base}{list(numbers)}", ()), (base, numbers)):
            return symbol, ()
        if not at and name == base:
            return symbol, index
    return None
