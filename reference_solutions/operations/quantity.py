"""What derivative rules are written in: operands that know the shape of their values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression


@dataclass(frozen=True, slots=True)
class Quantity(Expression):
    """An operand of a derivative rule: a quantity that exists, with its shape and values.

    ``arrays`` has a value, of that shape, for each of its instances as far as they are known.
    """

    shape: tuple[int, ...]
    arrays: tuple[Array, ...]

    def sums_to_one(self) -> bool:
        """Whether every known value is a distribution over its last axis."""
        return bool(self.arrays) and all(
            np.allclose(array.sum(axis=-1), 1.0, atol=1e-9) for array in self.arrays
        )
