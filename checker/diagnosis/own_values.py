"""The student's own earlier values, which later answers are carried forward from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from reference_solutions.graph import Array, Settled


@dataclass(frozen=True, slots=True)
class OwnValues:
    """The student's own earlier values, and what follows from them.

    ``settled`` has all values where theirs are put, for each world of sampled symbols;
    ``half_units`` are half a unit in their last written places, by node. ``values`` is what follows
    from them for every entry of the layout, ``depends`` are the answers that are computed from one
    of them.
    """

    settled: Sequence[Settled] = ()
    half_units: Mapping[int, Array] = field(default_factory=dict)
    values: Array = field(default_factory=lambda: np.zeros(0))
    depends: frozenset[int] = frozenset()

    @property
    def puts(self) -> Mapping[int, Array]:
        """The values by node, in the first world."""
        return self.settled[0].puts if self.settled else {}
