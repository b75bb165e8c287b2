"""The parts of a student's formula, and a change of one of them.

What a change leaves alone is computed once, not with every change that is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from checker.matching import agrees, formula_noise
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Name, Number
from reference_solutions.graph import Array

Value: TypeAlias = Callable[[Expression, int, Mapping[str, Array]], Array]
"""The value of an expression in a world; the mapping has further names.

May raise FormulaError, and :class:`SearchEndedError` where no more may be spent.
"""

Wrap: TypeAlias = Callable[[Expression], Expression]
"""Returns a whole formula with another part in one place."""

_KEPT = "\0"


class SearchEndedError(Exception):
    """Nothing more may be spent on a search."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of a formula: what kind of slip it undoes, and what then stands in which place."""

    kind: str
    says: str
    part: Expression
    wrap: Wrap
    needed: float | None

    def formula(self) -> Expression:
        """Return the whole formula with the change."""
        return self.wrap(self.part)


class Keeper:
    """Computes the parts of a formula that a change leaves alone once, not with every change."""

    def __init__(self, value: Value, right: Sequence[Array]) -> None:
        self.value = value
        self.right = right
        self.known: list[dict[str, Array]] = [{} for _ in right]
        self.kept: dict[int, Expression] = {}

    def keep(self, part: Expression) -> Expression:
        """Return a name for a part that has a value by itself, else the part."""
        if not isinstance(part, Apply):
            return part
        if id(part) not in self.kept:
            name = f"{_KEPT}{len(self.kept)}"
            values = [self._value(part, world) for world in range(len(self.known))]
            for known, one in zip(self.known, values, strict=True):
                if one is not None:
                    known[name] = one
            self.kept[id(part)] = part if any(one is None for one in values) else Name(name)
        return self.kept[id(part)]

    def _value(self, part: Expression, world: int = 0) -> Array | None:
        try:
            return self.value(part, world, self.known[world])
        except FormulaError:
            return None

    def is_array(self, part: Expression) -> bool:
        """Whether a part has entries, or has no value by itself."""
        value = self._value(part)
        return value is None or value.ndim > 0

    def needed(self, part: Expression, wrap: Wrap) -> float | None:
        """Return what would have to stand in a place for the whole to be right, in the first world.

        None where the whole is no multiple of it plus something, or where it is no single number.
        """
        if self.right[0].ndim or self.is_array(part):
            return None
        at = [self._value(wrap(Number(x, f"{x:g}"))) for x in (0.0, 1.0, 3.0)]
        if any(one is None or one.ndim or not np.isfinite(one) for one in at):
            return None
        zero, one, three = (float(value) for value in at if value is not None)
        slope = one - zero
        if slope == 0 or abs(zero + 3 * slope - three) > 1e-9 * max(abs(zero), abs(three)):
            return None
        return (float(self.right[0]) - zero) / slope

    def may_be(self, fix: Fix) -> bool:
        """Whether a change comes out right in the first world, as far as its own part shows."""
        if fix.needed is None:
            return True
        value = self._value(fix.part)
        if value is None:
            return False
        return bool((np.abs(value - fix.needed) <= 1e-6 * (1e-6 + abs(fix.needed))).all())

    def is_right(self, formula: Expression) -> bool:
        """Whether a formula has the right value in every world."""
        for world, expected in enumerate(self.right):
            got = self._value(formula, world)
            if got is None or got.shape != expected.shape:
                return False
            flat = np.atleast_1d(expected).ravel()
            if not agrees(np.atleast_1d(got).ravel(), flat, formula_noise(flat)).all():
                return False
        return True
