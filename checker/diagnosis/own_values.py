"""The student's own earlier values, which later answers are carried forward from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reference_solutions.graph import Array, Graph, Settled


@dataclass(frozen=True)
class OwnValues:
    """The student's own earlier values, and what follows from them.

    ``worlds`` are theirs by node, for each world of sampled symbols of the ``graph``;
    ``half_units`` are half a unit in their last written places, by node. ``values`` is what follows
    from them for every entry of the layout, ``depends`` are the answers that are computed from one
    of them. ``impossible`` are those that have values that no inputs give: they may explain what
    came after, but nothing is earned with it. ``between`` is what follows from them for all nodes
    between them and the answers that are open, in each world.
    """

    graph: Graph | None = None
    worlds: Sequence[Mapping[int, Array]] = ()
    half_units: Mapping[int, Array] = field(default_factory=dict)
    values: Array = field(default_factory=lambda: np.zeros(0))
    depends: frozenset[int] = frozenset()
    impossible: frozenset[int] = frozenset()
    between: Sequence[Mapping[int, Array | None]] = ()

    @property
    def puts(self) -> Mapping[int, Array]:
        """The values by node, in the first world."""
        return self.worlds[0] if self.worlds else {}

    @cached_property
    def settled(self) -> Sequence[Settled]:
        """All values where theirs are put, for each world."""
        if self.graph is None:
            return ()
        return [self.graph.settle(put, world) for world, put in enumerate(self.worlds)]
