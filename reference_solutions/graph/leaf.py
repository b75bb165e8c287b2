"""The operands of derivative rules: quantities of a graph as leaves of an expression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reference_solutions.graph.family import Input
from reference_solutions.graph.node import Array
from reference_solutions.language.expression import Expression


@dataclass(frozen=True, slots=True)
class Leaf(Expression):
    """An operand in a derivative rule: a quantity that exists, with its shape and values."""

    input: Input
    shape: tuple[int, ...] = ()
    arrays: tuple[Array, ...] = ()

    def sums_to_one(self) -> bool:
        """Whether every known value is a distribution over its last axis."""
        return bool(self.arrays) and all(
            np.allclose(array.sum(axis=-1), 1.0, atol=1e-9) for array in self.arrays
        )
