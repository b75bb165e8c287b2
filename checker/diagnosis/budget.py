"""How much work one submission may cost: counted, so that it is the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

ItemT = TypeVar("ItemT")

EVALUATIONS = 5_000
"""How many times over all quantities of a sheet may be evaluated for one submission."""


class Budget:
    """What is left of the evaluations that a submission may cost, and what was not tried for it.

    ``untried`` is the number of hypotheses that were left out.
    """

    def __init__(self, nodes: int) -> None:
        self._left = EVALUATIONS * nodes
        self.untried = 0

    def afford(self, items: Sequence[ItemT], cost: int) -> Sequence[ItemT]:
        """Return the first of some items, as many as can be tried at ``cost`` evaluations each."""
        tried = items[: max(self._left, 0) // max(cost, 1)]
        self._left -= len(tried) * cost
        self.untried += len(items) - len(tried)
        return tried
