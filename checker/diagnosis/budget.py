"""How much work one submission may cost: counted, so that it is the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CALLS = 3_000
"""How many operations may be called for one submission, whatever the sheet."""

CALLS_EACH = 1.5
"""How many more for each quantity of the sheet and each number asked for: reading costs as much."""

SAMPLED = 4
"""What it costs to call an operation for all samples of what rounding does."""

PAIRED = 4
"""What it costs to predict two mistakes together, of which each replaces many quantities."""

_SHARE = 0.5
"""The share of what is left that one part of the search may take."""


class Budget:
    """What is left of the calls that a submission may cost, and what was not tried for it.

    What the library keeps costs the same again, so that nothing depends on earlier submissions.
    ``untried`` is the number of hypotheses that were left out.
    """

    def __init__(self, nodes: int, numbers: int) -> None:
        self._left = int(CALLS + CALLS_EACH * nodes * numbers)
        self.untried = 0

    def afford(self, costs: Sequence[int] | NDArray[np.intp]) -> int:
        """Return how many hypotheses with these costs in calls can be tried, the first ones."""
        spent = np.cumsum(costs)
        tried = int(np.searchsorted(spent, int(self._left * _SHARE), side="right"))
        self._left -= int(spent[tried - 1]) if tried else 0
        self.untried += len(costs) - tried
        return tried

    def spend(self, cost: int) -> bool:
        """Whether one more hypothesis can be tried at a cost in calls."""
        return self.afford([cost]) == 1
