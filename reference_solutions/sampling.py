"""Sampled worlds: values for declared symbols, so that formulas can be compared by value.

Two formulas that agree at several random points of their domain to nearly all digits are the same
function, but for a probability that is negligible (Schwartz 1980, Zippel 1979, for polynomials over
a large set of points). The points are the same in every run.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from reference_solutions.graph import Array
from reference_solutions.reference import DefinitionError
from submissions_schema.assignment_file import Symbol

WORLDS = 6
"""How many points formulas are compared at."""

_REAL = (0.2, 1.8)
_INTEGER = (2, 12)


def sample_worlds(symbols: Mapping[str, Symbol], worlds: int = WORLDS) -> list[dict[str, Array]]:
    """Values for each symbol in each world; one empty world where there are no symbols.

    A symbol without a domain takes numbers between 0.2 and 1.8, an integer one 2 to 12. The values
    of one symbol depend on its name alone, so that adding a symbol leaves the others as they are.
    """
    if not symbols:
        return [{}]
    found: list[dict[str, Array]] = [{} for _ in range(worlds)]
    for name, symbol in symbols.items():
        generator = np.random.default_rng(zlib.crc32(name.encode()))
        low, high = symbol.domain or (_INTEGER if symbol.integer else _REAL)
        if symbol.integer and np.ceil(low) > np.floor(high):
            raise DefinitionError(
                f"there is no whole number between {low:g} and {high:g}",
                ("symbols", name),
                in_key=True,
            )
        for world in found:
            if symbol.integer:
                value: Array = generator.integers(
                    int(np.ceil(low)), int(np.floor(high)), symbol.shape, endpoint=True
                ).astype(np.float64)
            else:
                # Keep off the ends of the domain, where functions may not be defined.
                inset = 0.02 * (high - low)
                value = generator.uniform(low + inset, high - inset, symbol.shape)
            world[name] = np.asarray(value, dtype=np.float64)
    return found
