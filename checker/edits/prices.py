"""What mistakes cost in bits beforehand: -log2 of how likely one is that nobody has seen yet.

A kind of mistake has a price of its own, which stands where the kind is declared; an operation's
mistake says how common it is. All else that makes a mistake less likely is priced here, once.
:func:`checker.edits.registry.price_list` has the prices of all ids together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from reference_solutions.operations.operation import Commonness

COMMONNESS: dict[Commonness, float] = {
    "very_common": 3.0,
    "common": 4.5,
    "occasional": 6.0,
    "rare": 8.0,
}

ONE_PLACE = 2.5
"""What it costs, beyond choosing the place, that a mistake is made at one index only."""

IN_DERIVATIVES = 2.0
"""What it costs that an operation's mistake is made in the derived backward pass."""

EVERY_FORMULA = 1.0
"""What it costs that an operation's mistake is made in every formula that has the operation."""

HABIT = 1.5
"""What it costs, beyond making it once, that a mistake is made in every formula of a form."""

WITH_GRADIENT = 0.5
"""What it costs that the gradient follows from the wrong formula as well."""

FOLLOWS = 2.5
"""What it costs that the gradient of a wrong formula was derived from it, as nobody declared."""

UNUSUAL = 1.0
"""What an unusual form of a mistake costs beyond the usual one."""

ODD = 2.0
"""What an odd form of a mistake costs beyond the usual one."""


def price_of_choice(options: Sequence[object] | int) -> float:
    """Return the bits that one of so many equally likely options costs."""
    count = options if isinstance(options, int) else len(options)
    return math.log2(max(count, 1))


def price_of_place(places: int) -> float:
    """Return the bits that it costs to be wrong at one of so many places, and not at all."""
    return ONE_PLACE + price_of_choice(places)


def price_of_entry(entries: int) -> float:
    """Return the bits that one of so many given entries costs: some are copied more often."""
    return 0.5 * price_of_choice(entries)
